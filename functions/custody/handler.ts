import { LambdaClient } from '@aws-sdk/client-lambda'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Shredded } from '../../lib/flow/shred.ts'
import { handleRest } from '../lambda.ts'
import { openGateway } from '../settings.ts'
import { custodyApp } from './app.ts'
import { invokeRouter, ROUTER_PATIENCE, routersOf } from './router.ts'
import { isShredEvent, type ShredEvent, shredOn } from './shred.ts'

const gateway = openGateway(process.env, 'custody')
const router = invokeRouter(new LambdaClient(ROUTER_PATIENCE), routersOf(process.env))
const ports = { ...gateway, router }
const rest = handleRest(custodyApp(ports, gateway.report), gateway.report)

/** Who holds a parcel, behind API Gateway; and the deletion of keys, upon a schedule or the sweep. */
export const handler = (
  event: APIGatewayProxyEvent | ShredEvent,
): Promise<APIGatewayProxyResult | Shredded> =>
  isShredEvent(event) ? shredOn(ports, event) : rest(event)
