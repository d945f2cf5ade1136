import { LambdaClient } from '@aws-sdk/client-lambda'
import { handleRest } from '../lambda.ts'
import { openGateway } from '../settings.ts'
import { custodyApp } from './app.ts'
import { invokeRouter, ROUTER_PATIENCE, routersOf } from './router.ts'

const gateway = openGateway(process.env, 'custody')
const router = invokeRouter(new LambdaClient(ROUTER_PATIENCE), routersOf(process.env))

/** Who holds a parcel, behind API Gateway. */
export const handler = handleRest(
  custodyApp({ ...gateway, router }, gateway.report),
  gateway.report,
)
