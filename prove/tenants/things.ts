import { randomBytes } from 'node:crypto'
import { list, member, textOf } from '../../lib/cli/send.ts'
import type { Courier } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { signAssignment } from '../../lib/custody/assignment.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import { orderId } from '../../lib/model/order-id.ts'
import { checkSealed } from '../../lib/model/validate.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { Platform } from '../../lib/platforms/platform.ts'
import { signingKey, verifySeal } from '../../lib/seal/index.ts'
import { postedBy, servedBy } from '../../test/conformance/client.ts'
import { callCourier, callPlatform, sendTo } from './send.ts'
import { type Keys, privateKey, type Stage } from './world.ts'

/** How far an order has come: owed to its courier, answered and assigned, or cancelled before the answer. */
export type Phase = 'owed' | 'assigned' | 'cancelled'

/** An order with every name that anybody could try. Of one that does not exist the names are of the same form. */
export interface Thing {
  readonly platform: string
  readonly courier: string
  readonly shop: string | undefined
  readonly document: string
  readonly platformOrder: string
  readonly parcel: string
  readonly order: string
  readonly waybill: string
  /** Of the courier's feed: the waybill, or the cancellation that wants an acknowledgement. */
  readonly entry: string
  /** Of the platform's feed. */
  readonly event: string
  /** The courier's yes, as its format says it. */
  readonly answer: string
  /** SHA-256 of the receiver's seal, as the courier's assignment names it. */
  readonly seal: string
}

/** Everybody whom somebody serves. */
export const pairs = platforms.flatMap(platform =>
  servedBy(platform).map(courier => ({ platform, courier })),
)

let numbered = 0

/** Makes a fresh order come so far, by its owners' own calls. */
export async function makeThing(
  stage: Stage,
  { platform, courier }: { platform: Platform; courier: Courier },
  phase: Phase,
  shop?: { name: string; keys: Keys },
): Promise<Thing> {
  const fresh = freshOrder(platform, courier, shop?.name)
  const keys = shop?.keys ?? stage.keys('platforms', platform.name, 'current')
  const app = shop === undefined ? stage.app : stage.shops
  const post = await callPlatform(platform, keys, { kind: 'post', document: fresh.document })
  await must(sendTo(app, post))
  const head = await headOf(stage, fresh.order)
  const { owed = '' } = head
  const thing: Thing = {
    ...fresh,
    waybill: 'SF0000000000000',
    entry: owed,
    event: '',
    answer: '',
    seal: '',
  }
  const pulled = await pull(stage, courier.name, owed)
  const answer = JSON.stringify(courier.sandbox.answer(member(pulled, 'document')))
  if (phase === 'owed') return { ...thing, answer, event: owed }
  if (phase === 'cancelled') return cancelled(stage, platform, keys, { ...thing, answer }, app)
  return assigned(stage, courier.name, { ...thing, answer }, pulled)
}

async function cancelled(
  stage: Stage,
  platform: Platform,
  keys: Keys,
  thing: Thing,
  app: Stage['app'],
): Promise<Thing> {
  const name = { ...thing, waybill: undefined }
  await must(
    sendTo(app, await callPlatform(platform, keys, { kind: 'cancel', parcel: parcelOf(name) })),
  )
  const entry = await findEntry(stage, 'courier', thing.courier, thing.order)
  return { ...thing, entry, event: entry }
}

/** How a platform names an order. */
export function parcelOf(of: {
  courier: string
  platformOrder: string
  parcel: string
  shop: string | undefined
}) {
  const { courier, platformOrder, parcel, shop } = of
  return { courier, platformOrder, parcel, ...(shop === undefined ? {} : { shop }) }
}

async function assigned(
  stage: Stage,
  courier: string,
  thing: Thing,
  pulled: unknown,
): Promise<Thing> {
  const keys = stage.keys('couriers', courier, 'current')
  const contract = stage.world.config.couriers[courier]
  if (contract === undefined) throw new Error(`${courier} is not served`)
  const document: unknown = JSON.parse(thing.answer)
  const answers = { answers: [{ id: thing.entry, document }] }
  await must(sendTo(stage.app, await callCourier(courier, keys, 'POST', '/answers', answers)))
  const sealed = member(pulled, 'sealed', 'receiver')
  const pins = sealPinsOf(stage.world.config, contract)
  const seal = sealed === undefined ? '' : verifySeal(checkSealed(sealed), pins).digest
  const assignments = [statementOf(stage, courier, { ...thing, seal }, 'station-1', 1)]
  await must(
    sendTo(stage.app, await callCourier(courier, keys, 'POST', '/assignments', { assignments })),
  )
  const event = await findEntry(stage, 'platform', thing.platform, thing.order)
  const doc = (await stage.world.exchange.store.getDocs([{ order: thing.order, life: 1 }])).get(
    thing.order,
  )
  const waybill = textOf(JSON.parse(doc?.answer ?? '{}'), 'waybills', 0)
  return { ...thing, seal, event, waybill }
}

/** A courier's signed statement that an order goes to a hop. */
export function statementOf(
  stage: Stage,
  courier: string,
  { order, seal }: Pick<Thing, 'order' | 'seal'>,
  hop: string,
  epoch: number,
): string {
  const identity = stage.world.identities.couriers[courier]
  const contract = stage.world.config.couriers[courier]
  if (identity === undefined || contract === undefined) throw new Error(`${courier} is not served`)
  const statement = {
    ...({
      aud: contract.router,
      courier,
      order,
      group: 'receiver',
      rev: 1,
      leg: 'delivery',
    } as const),
    ...{ hop, epoch, day: workingDay(new Date()), seal: seal || 'A'.repeat(43) },
    iat: Math.floor(Date.now() / 1000),
    jti: randomBytes(16).toString('base64url'),
  }
  return signAssignment(statement, signingKey(privateKey(identity.dispatch)))
}

/** Names of the same form as those of an order, and nobody's. */
export function strangeNames(thing: Thing): Thing {
  numbered += 1
  const letters = Array.from(
    randomBytes(26),
    byte => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32],
  ).join('')
  const order = `o_${letters}`
  const platformOrder = renumbered(thing.platformOrder, numbered)
  const rename = (text: string) =>
    text.replaceAll(thing.order, order).replaceAll(thing.platformOrder, platformOrder)
  return {
    ...thing,
    ...{ order, platformOrder, document: rename(thing.document), answer: rename(thing.answer) },
    ...{ entry: rename(thing.entry), event: rename(thing.event) },
    waybill: renumbered(thing.waybill, numbered),
    ...(thing.shop?.startsWith('shop-')
      ? { shop: 'shop-9', document: rename(thing.document).replaceAll(thing.shop, 'shop-9') }
      : {}),
  }
}

/** The platform's sample for this courier with one order, under a number that nobody used before. */
export function freshOrder(platform: Platform, courier: Courier, shop?: string) {
  numbered += 1
  const posted = postedBy(platform, courier)
  const drafts = posted.flatMap(one => ('draft' in one ? [one.draft] : []))
  const [draft] = drafts
  if (draft === undefined) throw new Error(`${platform.name} has no order for ${courier.name}`)
  const numbers = [...new Set(drafts.flatMap(one => one.platformOrders))]
  const renamed = numbers.map(number => [number, renumbered(number, numbered)] as const)
  const rename = (text: string) =>
    renamed.reduce((all, [old, fresh]) => all.replaceAll(old, fresh), text)
  const request = platform.sandbox.requestFor(courier.name, courier.sandbox)
  const plain = shop === undefined ? request : inShop(request, shop)
  const platformOrders = draft.platformOrders.map(rename)
  const ofShop = shop === undefined ? draft : { ...draft, shop }
  return {
    ...{ platform: platform.name, courier: courier.name, shop: shop ?? draft.shop },
    document: rename(JSON.stringify(plain)),
    platformOrder: platformOrders[0] ?? '',
    parcel: draft.parcel,
    order: orderId({ ...ofShop, platform: platform.name, platformOrders }),
  }
}

/** The standard's own document, each order for a shop. */
function inShop(request: unknown, shop: string): unknown {
  return { orders: list(request, 'orders').map(order => ({ ...Object(order), shop })) }
}

/** The same length, other digits in its middle. */
function renumbered(number: string, by: number): string {
  const at = Math.floor(number.length / 2) - 2
  return number.slice(0, at) + String(by % 10_000).padStart(4, '0') + number.slice(at + 4)
}

async function headOf({ world }: Stage, order: string) {
  const head = (await world.exchange.store.getHeads([order])).get(order)
  if (head === undefined) throw new Error(`${order} was not taken`)
  return head
}

async function pull(stage: Stage, courier: string, entry: string): Promise<unknown> {
  const keys = stage.keys('couriers', courier, 'current')
  const path = `/waybills?limit=5&after=${before(entry)}`
  const reply = await must(sendTo(stage.app, await callCourier(courier, keys, 'GET', path)))
  return list(JSON.parse(reply.text), 'entries').find(one => textOf(one, 'id') === entry)
}

/** A cursor just before an entry. */
export function before(entry: string): string {
  const [at = '', ...rest] = entry.split('.')
  return [String(Number(at) - 1), ...rest].join('.')
}

/** The newest entry that a feed owes of an order. */
async function findEntry(
  { world }: Stage,
  side: 'courier' | 'platform',
  partner: string,
  order: string,
): Promise<string> {
  for (let after: string | undefined; ; ) {
    const page = await world.exchange.store.readFeed(
      { side, partner, shard: 0 },
      { limit: 100, ...(after === undefined ? {} : { after }) },
    )
    const found = page.entries.find(entry => entry.order === order)
    if (found !== undefined) return found.id
    if (page.next === undefined) throw new Error(`nothing is owed of ${order}`)
    after = page.next
  }
}

/** An owner's own call, which must go well. */
async function must(reply: ReturnType<typeof sendTo>): ReturnType<typeof sendTo> {
  const told = await reply
  if (told.status !== 200) throw new Error(`${told.status} ${told.text}`)
  return told
}

/** Who serves as courier of the slug. */
export function courierNamed(name: string): Courier {
  const found = couriers.find(one => one.name === name)
  if (found === undefined) throw new Error(`no courier ${name}`)
  return found
}
