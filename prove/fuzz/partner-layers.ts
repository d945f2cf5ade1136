import type { PlatformCredential, PostedOrder } from '../../lib/platforms/platform.ts'
import type { Chance } from '../seals/chance.ts'
import { checkNative } from './contract.ts'
import { echoIn } from './echo.ts'
import { type Fault, foreign } from './fault.ts'
import type { Layer } from './json-layer.ts'
import { markOf, mutateDocument, mutateValue } from './mutate.ts'
import type { Code, Sample } from './subject.ts'

type Raw = Parameters<Code['platforms'][number]['readOrders']>[0]

/** Reads of an adapter, past authentication: what they throw is ours, and what is answered is the partner's. */
export function partnerLayer(code: Code, samples: readonly Sample[]): Layer {
  const platformSamples = samples.filter(({ side }) => side === 'platforms')
  const courierSamples = samples.filter(({ side }) => side === 'couriers')
  return chance => {
    const sample = chance.pick(chance.happens(0.6) ? platformSamples : courierSamples)
    const mark = markOf(chance)
    const platform = code.platforms.find(({ name }) => name === sample.partner)
    const courier = code.couriers.find(({ name }) => name === sample.partner)
    return sample.side === 'platforms' && platform !== undefined
      ? asPlatform(code, platform, sample, chance, mark)
      : asCourier(code, courier ?? chance.pick(code.couriers), sample, chance, mark)
  }
}

const credential = (appKey: string): PlatformCredential => ({
  ...{ appKey, secrets: ['invented'], md5: true, ignoreServices: [], native: {} },
  couriers: { sf: { payer: 'sender', account: '7551234567' } },
})

function asPlatform(
  { GatewayError }: Code,
  platform: Code['platforms'][number],
  { document }: Sample,
  chance: Chance,
  mark: string,
): Fault | undefined {
  const bytes = mutateDocument(document, chance, mark)
  const raw = rawOf(platform.name, bytes, chance)
  const known = credential(platform.sandbox.appKey)
  const input = {
    platform: platform.name,
    query: [...raw.query],
    body: Buffer.from(raw.body).toString('latin1'),
  }
  const answered = (answer: { status: number; body: string; contentType: string }) =>
    checkNative(platform.name, answer, raw.body.length, input) ??
    echoIn(answer.body, mark, platform.name, input)
  const isChange = chance.happens(0.4)
  try {
    if (isChange) {
      const wishes = platform.readChanges(raw, known)
      const kinds = ['cancelled', 'done', 'asked', 'denied', 'unknown'] as const
      const results = wishes.map(wish => ({
        native: wish.native,
        outcome: 'error' in wish ? failed(wish.error) : { kind: chance.pick(kinds) },
      }))
      return answered(platform.answerChanges(results, raw))
    }
    const orders = platform.readOrders(raw, known)
    const results = orders.map(order => ({ native: order.native, outcome: outcomeOf(order) }))
    return answered(platform.answerOrders(results, raw))
  } catch (error) {
    if (!(error instanceof GatewayError)) return foreign(error, input)
    return answered(platform.fail(error, raw))
  }
}

const failed = <E>(error: E) => ({ kind: 'failed', error }) as const

const outcomeOf = (order: PostedOrder) =>
  'error' in order ? failed(order.error) : ({ kind: 'pending' } as const)

/** A request as the adapter gets it: its document as a body, or wherever else its calls have it. */
function rawOf(platform: string, bytes: Buffer, chance: Chance): Raw {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const base = {
    method: 'POST',
    path: `/v1/platforms/${platform}/orders`,
    headers: new Map([['content-type', 'application/json']]),
    query: new Map<string, string>(),
    body: bytes,
  }
  const method = chance.pick([
    ...['logistics.waybillApply', 'logistics.cancelOrder', 'logistics.updateOrder', 'x'],
    ...['open.logistics.ebill.get', 'open.logistics.ebill.cancel', 'open.logistics.ebill.update'],
  ])
  const fields = new URLSearchParams({
    param: bytes.toString(),
    param_json: bytes.toString(),
    method,
  })
  return chance.pick([
    () => base,
    () => ({ ...base, query: new Map([['method', method]]) }),
    () => ({ ...base, headers: new Map(Object.entries(form)), body: Buffer.from(String(fields)) }),
    () => ({ ...base, headers: new Map([...base.headers, ['event-sign', 'x']]) }),
    () => ({
      ...base,
      query: new Map([
        ['sign', 'x'],
        ['method', method],
      ]),
    }),
  ])()
}

function asCourier(
  { GatewayError, strict }: Code,
  courier: Code['couriers'][number],
  { document, kind }: Sample,
  chance: Chance,
  mark: string,
): Fault | undefined {
  const input = { courier: courier.name, document }
  try {
    if (kind === 'push' || chance.happens(0.3)) return pushed(courier, document, chance, mark)
    const value = strict.readJson(mutateDocument(document, chance, mark))
    const order = { order: `o_${'a'.repeat(26)}` }
    const read = chance.pick([courier.readAnswer, courier.readCancelResult])
    read(mutateValue(value, chance, mark), order)
    return undefined
  } catch (error) {
    return error instanceof GatewayError ? undefined : foreign(error, input)
  }
}

function pushed(
  courier: Code['couriers'][number],
  document: unknown,
  chance: Chance,
  mark: string,
): Fault | undefined {
  const body = mutateDocument(document, chance, mark)
  const raw: Raw = {
    method: 'POST',
    path: `/v1/couriers/${courier.name}/events`,
    headers: new Map([['content-type', 'application/json']]),
    ...{ query: new Map(), body },
  }
  const input = { courier: courier.name, body: body.toString('latin1') }
  const answered = (answer: { status: number; body: string; contentType: string }) =>
    checkNative(`${courier.name} push`, answer, body.length, input) ??
    echoIn(answer.body, mark, 'push', input)
  try {
    courier.readEvents(raw)
    return answered(courier.acknowledge())
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'GatewayError') return foreign(error, input)
    return answered(courier.fail(Object(error)))
  }
}
