import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { readJson } from '../../lib/access/strict.ts'
import type { ShredPorts } from '../../lib/flow/shred.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { type Environment, parseSetting, required } from '../settings.ts'
import { readRouterAnswer } from './router-answer.ts'

/** Two tries of seven seconds: the router may start cold, and carries out a repeat only once. */
export const ROUTER_PATIENCE = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 7_000,
    throwOnRequestTimeout: true,
  },
} as const

const MAX_BYTES = 32_768

/** ARNs of the couriers' router functions, by courier. */
export type Routers = Readonly<Record<string, string>>

/**
 * Reads `ROUTERS`: `{"sf":"arn:aws:lambda:…:function:lasthop-sf-router"}`. The functions lie in the
 * couriers' own accounts, which let this account invoke them.
 *
 * @throws {GatewayError} `VALUE_INVALID` at a courier whose function is no ARN.
 */
export function routersOf(env: Environment): Routers {
  const routers = parseSetting(required(env, 'ROUTERS'), '/ROUTERS')
  if (!isRouters(routers)) throw new GatewayError('VALUE_INVALID', '/ROUTERS')
  return routers
}

function isRouters(value: unknown): value is Routers {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(
    arn => typeof arn === 'string' && /^arn:[\w-]+:lambda:/.test(arn),
  )
}

/**
 * The line to couriers' routers: Lambda Invoke, request and answer. Nothing is believed of the
 * answer's form.
 *
 * @throws {GatewayError} `STORE_AWAY` with retry `later` where there is no router, it fails, takes too
 *   long, or answers something else.
 */
export function invokeRouter(
  client: Pick<LambdaClient, 'send'>,
  routers: Routers,
): ShredPorts['router'] {
  return async (courier, request) => {
    const FunctionName = Object.hasOwn(routers, courier) ? routers[courier] : undefined
    if (FunctionName === undefined) throw away()
    const Payload = Buffer.from(JSON.stringify(request))
    const command = new InvokeCommand({
      FunctionName,
      InvocationType: 'RequestResponse',
      Payload,
    })
    try {
      const reply = await client.send(command)
      if (reply.FunctionError !== undefined || reply.Payload === undefined) throw away()
      return readRouterAnswer(readJson(reply.Payload, { maxBytes: MAX_BYTES }))
    } catch (cause) {
      throw away(cause)
    }
  }
}

function away(cause?: unknown): GatewayError {
  return new GatewayError('STORE_AWAY', '/router', { retry: 'later', cause })
}
