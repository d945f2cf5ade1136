import assert from 'node:assert/strict'
import { courierClient } from '../../../lib/cli/courier-client.ts'
import { platformClient } from '../../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { tokenIssuer } from '../../../lib/cli/station-client.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { sealPinsOf } from '../../../lib/flow/keyring.ts'
import type { World } from '../../../lib/local/world.ts'
import { checkSealed, type Sealed } from '../../../lib/model/validate.ts'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import { checkResult, type Deployed } from './deployed.ts'
import { type FunctionName, isResult, match } from './rest-api.ts'
import { type Incoming, type Matched, restEvent } from './rest-event.ts'

/** A native request of two orders, numbered by the test that posts it. */
export function requestOf(test: number): string {
  return JSON.stringify(douyin.sandbox.request).replaceAll('690000000000000000', baseOf(test))
}

/** What the order numbers of a test begin with. */
export function baseOf(test: number): string {
  return `6900000000000000${String(test).padStart(2, '0')}`
}

/** What the people of the sample wrote: none of it may be seen but at the hop. */
export const PRIVATE = ['张三', '13800000000', '2栋301室', '王五', '5栋1单元602']

/** Everybody's own clients. */
export interface Callers {
  readonly platform: ReturnType<typeof platformClient>
  readonly courier: ReturnType<typeof courierClient>
  readonly issuer: ReturnType<typeof tokenIssuer>
  /** What no function may write down. */
  readonly secrets: readonly string[]
}

/** The clients of the callers of a gateway. */
export function callersOf({ world, api }: Deployed): Callers {
  const { config, identities } = world
  const [contract, courier] = [config.couriers.sf, identities.couriers.sf]
  const platform = identities.platforms.douyin
  assert.ok(contract && courier && platform)
  const pins = sealPinsOf(config, contract)
  return {
    platform: platformClient(api.origin, 'douyin', platform),
    courier: courierClient(api.origin, 'sf', courier, { pins, router: contract.router }),
    issuer: tokenIssuer(contract.issuer.url, courier),
    secrets: [platform.secret, courier.pushToken, identities.bodyKey],
  }
}

/** Posts the request of a test and returns the entries that its courier is owed for it. */
export async function post({ platform, courier }: Callers, test: number): Promise<unknown[]> {
  const posted = await platform.post(requestOf(test))
  assert.equal(posted.status, 200, posted.text)
  const page = await courier.pull()
  assert.equal(page.status, 200, page.text)
  return list(page.body, 'entries').filter(entry => JSON.stringify(entry).includes(baseOf(test)))
}

/** Accepts entries as the courier's sandbox does, and returns what became of each answer. */
export async function accept({ courier }: Callers, entries: readonly unknown[]) {
  const answers = entries.map(entry => ({
    id: textOf(entry, 'id'),
    document: sf.sandbox.answer(member(entry, 'document')),
  }))
  const reply = await courier.answer(answers)
  assert.equal(reply.status, 200, reply.text)
  return list(reply.body, 'results')
}

/** The seal of a group, as it was pulled. */
export function sealOf(entry: unknown, group: string): Sealed {
  return checkSealed(member(entry, 'sealed', group))
}

/** A native order request, signed now. */
export function signed(world: World, document: string): Incoming {
  const identity = world.identities.platforms.douyin
  assert.ok(identity)
  const { method, path, headers, body } = douyin.sandbox.sign(document, identity, new Date())
  const [place = '', query = ''] = path.split('?')
  return {
    ...{ method, path: place, query },
    headers: Object.entries(headers),
    body: Buffer.from(body),
  }
}

/** Hands an event straight to a function. */
export async function drive(
  gateway: Deployed,
  name: FunctionName | 'station',
  from: Incoming,
  matched: Matched,
): Promise<{ status: unknown; type: string; text: string }> {
  const result = await gateway.function(name).invoke(restEvent(from, matched))
  assert.ok(isResult(result))
  if (name !== 'station') checkResult(match(from).resource, from.method, result)
  const body = textOf(result, 'body')
  const isBase64 = member(result, 'isBase64Encoded') === true
  return {
    status: member(result, 'statusCode'),
    type: textOf(result, 'headers', 'content-type'),
    text: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body,
  }
}

/** Opens at the bundled station helper, as a handheld does. */
export function openAt(gateway: Deployed, document: object) {
  const from = {
    method: 'POST',
    path: '/v1/open',
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify(document)),
  } as const
  return drive(gateway, 'station', from, { resource: '/v1/open', parameters: null })
}
