import { list, member, type Reply, textOf } from '../../lib/cli/send.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { checkSealed, type Sealed } from '../../lib/model/validate.ts'
import type { Chance } from '../seals/chance.ts'
import { type Posting, postingOf, spoilt } from './documents.ts'
import { calm, type Marked, markedOf, type Whose } from './marks.ts'
import { type Outlets, toldOfError } from './outlets.ts'
import { markedChange, markedPush } from './resign.ts'
import type { CourierPlayer, PlatformPlayer, Stage } from './stage.ts'

/** What was done. */
export interface Counts {
  /** Orders that a courier was offered. */
  orders: number
  cancelled: number
  changed: number
  refused: number
  spoilt: number
  pushed: number
  assigned: number
  /** Groups that a hop opened, with what was posted in them. */
  opened: number
  /** Groups that a hop which holds nothing asked for, and did not get. */
  kept: number
}

/** How much is done with what share of the orders. */
export interface Script {
  readonly seed: number
  readonly first: number
  readonly orders: number
  /** Orders in one request. */
  readonly batch: number
  /** One order in so many is assigned; one assigned in so many is opened. */
  readonly assignOneIn: number
  readonly openOneIn: number
}

/** Somebody who plays all partners. */
export interface Player {
  readonly stage: Stage
  readonly script: Script
  readonly chance: Chance
  readonly outlets: Outlets
  readonly counts: Counts
  /** Makes the numbers of a party known to the search, and gives its marks. */
  readonly mark: (n: number, whose: Whose) => Marked
  /** Who was posted, by the name in the seal: what the hop must read. */
  readonly names: Set<string>
  /** Orders that a courier was offered. */
  readonly seen: Set<string>
}

const TRIES = 30

/** Sends until the gateway is not away; what a client of ours throws is searched as well. */
async function insist(player: Player, send: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 1; ; tries++) {
    try {
      const reply = await send()
      if (reply.status !== 503 || tries === TRIES) return reply
    } catch (error) {
      player.outlets.put('errors', toldOfError(error))
      if (tries === TRIES) throw error
    }
  }
}

/** Posts one request of one platform for one courier, and what may befall it. */
export async function post(player: Player, turn: number): Promise<void> {
  const { stage, script, chance } = player
  const from = script.first + turn * script.batch
  const platform = at(stage.platforms, turn)
  const courier = at(stage.couriers, Math.floor(turn / stage.platforms.length))
  for (let n = from; n < from + script.batch; n++)
    for (const whose of ['sender', 'receiver'] as const)
      player.names.add(player.mark(n, whose).name)
  const of = { seed: script.seed, from, count: script.batch }
  const posting = postingOf(platform.platform, courier.courier, of)
  const text = JSON.stringify(posting.document)
  await insist(player, () => platform.client.post(text))
  if (chance.happens(0.2)) await insist(player, () => platform.client.post(text))
  if (chance.happens(0.5)) await spoil(player, platform, posting, turn)
  if (chance.happens(0.4)) await wish(player, platform, courier, posting)
}

const at = <T>(all: readonly T[], turn: number): T => {
  const one = all[turn % all.length]
  if (one === undefined) throw new Error('nobody is there')
  return one
}

/** Requests that are refused: spoilt documents, changed bodies, marks in the address, in headers, unsigned. */
async function spoil(
  player: Player,
  { platform, client }: PlatformPlayer,
  posting: Posting,
  turn: number,
): Promise<void> {
  const { stage, counts, mark, script } = player
  const marked = mark(script.first + turn * script.batch, 'told')
  counts.spoilt += 4
  await insist(player, () => client.post(spoilt(platform, posting, turn, marked)))
  const other = JSON.stringify(posting.document).replaceAll('样例小区2栋', '样例小区7栋')
  await insist(player, () => client.post(other))
  const name = encodeURIComponent(marked.name)
  const path = `http://gateway.invalid/v1/platforms/${platform.name}/orders`
  await stage.fetch(`${path}/${name}?phone=${marked.phone}`)
  await stage.fetch(`${path}?name=${name}`, {
    method: 'POST',
    body: `{"name":"${marked.name}","phone":"${marked.phone}"`,
    headers: { 'content-type': 'application/json', 'x-name': name, 'user-agent': marked.phone },
  })
}

/** Changes the receiver of an order, or cancels it, before its courier has answered, or after. */
async function wish(
  player: Player,
  { platform, client, appKey, secret }: PlatformPlayer,
  { courier }: CourierPlayer,
  posting: Posting,
): Promise<void> {
  const { chance, counts, mark, names } = player
  const { n, number, parcel, shop } = chance.pick(posting.orders)
  const named = {
    ...{ courier: courier.name, platformOrder: number, parcel },
    ...(shop === undefined ? {} : { shop }),
  }
  if (chance.happens(0.4)) {
    counts.cancelled += 1
    await insist(player, () => client.cancel(named))
    return
  }
  const marked = mark(n, 'changed')
  names.add(marked.name)
  counts.changed += 1
  const plain = platform.sandbox.changeReceiver(named, { appKey, secret }, new Date())
  const request = markedChange(platform.name, plain, secret, marked)
  await insist(player, () =>
    platform.calls === 'native' ? player.stage.send(request) : client.change(request.body),
  )
}

/** Takes all that a courier is owed: answers, assigns, pushes, opens; returns how many entries there were. */
export async function serve(player: Player, courier: CourierPlayer): Promise<number> {
  const { body } = await insist(player, () => courier.client.pull())
  const entries = list(body, 'entries')
  const offers = entries.filter(isOffer)
  await answer(player, courier, offers, entry => answerOf(player, courier, entry))
  const others = entries.filter(entry => !isOffer(entry)).map(entry => textOf(entry, 'id'))
  if (others.length > 0) {
    const acked = await insist(player, () => courier.client.ack(others))
    const due = list(acked.body, 'unanswered')
    const cancels = entries.filter(entry => due.includes(textOf(entry, 'id')))
    const { sandbox } = courier.courier
    await answer(player, courier, cancels, entry =>
      sandbox.answerCancel(member(entry, 'document'), player.chance.happens(0.7)),
    )
  }
  for (const entry of entries) if (isOffer(entry)) await move(player, courier, entry)
  return entries.length
}

const isOffer = (entry: unknown): boolean => textOf(entry, 'kind') === 'waybill'

async function answer(
  player: Player,
  { client }: CourierPlayer,
  entries: readonly unknown[],
  documentOf: (entry: unknown) => unknown,
): Promise<void> {
  const answers = entries.map(entry => ({ id: textOf(entry, 'id'), document: documentOf(entry) }))
  if (answers.length > 0) await insist(player, () => client.answer(answers))
}

function answerOf(
  { chance, counts, seen }: Player,
  { courier }: CourierPlayer,
  entry: unknown,
): unknown {
  const document = member(entry, 'document')
  seen.add(textOf(entry, 'order'))
  counts.orders = seen.size
  if (!chance.happens(0.03)) return calmed(courier.sandbox.answer(document))
  counts.refused += 1
  return courier.sandbox.refuse(document)
}

const calmed = (document: unknown): unknown => JSON.parse(calm(JSON.stringify(document)))

/** Where an order goes after it was answered: pushed about, assigned, opened. */
async function move(player: Player, courier: CourierPlayer, entry: unknown): Promise<void> {
  const { script, counts, chance, mark } = player
  const order = textOf(entry, 'order')
  const read = courier.courier.readAnswer(
    calmed(courier.courier.sandbox.answer(member(entry, 'document'))),
    { order },
  )
  const waybill = read.outcome === 'accepted' ? read.waybills[0] : undefined
  if (waybill === undefined) return
  const n = script.first + chance.below(script.orders)
  const start = new Date(Date.now() - 2 * 86_400_000)
  const push = chance.pick(courier.client.pushes({ order, waybill, start }))
  const marked = markedPush(push, courier.secret, mark(n, 'told'))
  counts.pushed += 1
  await insist(player, () => courier.client.push(marked))
  if (counts.pushed % script.assignOneIn === 0) await assign(player, courier, entry)
}

async function assign(player: Player, courier: CourierPlayer, entry: unknown): Promise<void> {
  const { counts, script } = player
  for (const group of ['receiver', 'sender'] as const) {
    const found = member(entry, 'sealed', group)
    if (found === undefined) continue
    const seal = courier.client.check(checkSealed(found) as Sealed) // the check says so
    const [leg, hop] =
      group === 'receiver'
        ? (['delivery', 'station-1'] as const)
        : (['pickup', 'pickup-1'] as const)
    await insist(player, () => courier.client.assign([{ seal, leg, hop, epoch: 1 }]))
    counts.assigned += 1
    if (counts.assigned % script.openOneIn === 0) await open(player, courier, seal, hop)
  }
}

/** The hop that holds the order opens it, and must read a mark; another must not, and is answered without one. */
async function open(
  player: Player,
  { station, issuer }: CourierPlayer,
  { order, group, rev }: { order: string; group: string; rev: number },
  hop: string,
): Promise<void> {
  const ask = (at: string) =>
    station.request('/v1/open', {
      method: 'POST',
      body: JSON.stringify({ order, group, rev, ...issuer.tokens(at, workingDay(new Date())) }),
    })
  const refused = await ask('station-2')
  player.outlets.put('errors', await refused.text())
  if (refused.status !== 200) player.counts.kept += 1
  for (let tries = 0; tries < TRIES; tries++) {
    const reply = await ask(hop)
    const text = await reply.text()
    if (reply.status !== 200) {
      player.outlets.put('errors', text)
      if (reply.status === 503) continue
      return
    }
    if (!player.names.has(textOf(JSON.parse(text), 'name'))) throw new Error('a hop reads no mark')
    player.counts.opened += 1
    return
  }
}

/** Takes all that a platform is told; returns how many entries there were. */
export async function hear(player: Player, { client }: PlatformPlayer): Promise<number> {
  const { body } = await insist(player, () => client.events())
  const ids = list(body, 'entries').map(entry => textOf(entry, 'id'))
  if (ids.length > 0) await insist(player, () => client.ack(ids))
  return ids.length
}

/** The marks of a party, its numbers made known to a search first. */
export const marker =
  (seed: number, know: (number: string) => void) =>
  (n: number, whose: Whose): Marked => {
    const marked = markedOf(seed, n, whose)
    know(marked.phone)
    know(marked.telephone)
    return marked
  }
