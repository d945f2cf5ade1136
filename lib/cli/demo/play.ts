import { workingDay } from '../../custody/day.ts'
import type { Draft } from '../../model/draft.ts'
import { orderId } from '../../model/order-id.ts'
import { checkSealed, type Group, type Personal, type Sealed } from '../../model/validate.ts'
import type { VerifiedSeal } from '../../seal/index.ts'
import { courierNamed } from '../partners.ts'
import { list, member, type Reply, textOf } from '../send.ts'
import { openFor } from '../station-client.ts'
import type { Held } from './attempts.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'

/** An entry as the courier pulled it, with its seals checked. */
export interface Pulled {
  readonly id: string
  readonly order: string
  readonly entry: unknown
  readonly seals: Partial<Record<Group, VerifiedSeal>>
}

/** Pulls all that is owed and checks every seal's signature while it is fresh. */
export async function pullAll(stage: Stage): Promise<Pulled[]> {
  const pulled: Pulled[] = []
  let after: string | undefined
  do {
    const { body } = await stage.courier.pull(after)
    for (const entry of list(body, 'entries')) {
      if (textOf(entry, 'kind') !== 'waybill') continue
      pulled.push({
        id: textOf(entry, 'id'),
        order: textOf(entry, 'order'),
        entry,
        seals: checkSeals(stage, member(entry, 'sealed')),
      })
    }
    after = textOf(body, 'next') || undefined
  } while (after !== undefined)
  return pulled
}

function checkSeals(stage: Stage, sealed: unknown): Pulled['seals'] {
  const seals: Partial<Record<Group, VerifiedSeal>> = {}
  for (const group of ['sender', 'receiver'] as const) {
    const seal: unknown = member(sealed, group)
    if (seal !== undefined) seals[group] = stage.courier.check(checkSealed(seal) as Sealed)
  }
  return seals
}

/** Answers every entry as the courier's sandbox does; the replies, and what was answered. */
export async function answerAll(
  stage: Stage,
  pulled: readonly Pulled[],
): Promise<{ answers: { id: string; document: unknown }[]; reply: Reply }> {
  const { sandbox } = courierNamed(stage.courierName)
  const answers = pulled.map(({ id, entry }) => ({
    id,
    document: sandbox.answer(member(entry, 'document')),
  }))
  return { answers, reply: await stage.courier.answer(answers) }
}

/** Assigns every receiver to a station, in turn, and every sender to the pickup hop. */
export async function assignAll(
  stage: Stage,
  pulled: readonly Pulled[],
): Promise<{ held: Held[]; replies: unknown[] }> {
  const held: Held[] = []
  const replies: unknown[] = []
  let turn = 0
  for (const { order, seals } of pulled) {
    for (const group of ['receiver', 'sender'] as const) {
      const seal = seals[group]
      if (seal === undefined) continue
      const isReceiver = group === 'receiver'
      const hop = isReceiver ? `station-${(turn++ % 2) + 1}` : 'pickup-1'
      const leg = isReceiver ? 'delivery' : 'pickup'
      const { body } = await stage.courier.assign([{ seal, leg, hop, epoch: 1 }])
      replies.push(...list(body, 'results'))
      held.push({ order, group, rev: seal.rev, hop })
    }
  }
  return { held, replies }
}

/** What a hop read of an order. */
export interface Opened extends Held {
  readonly personal: Personal
}

/** Opens every group at the hop that it was assigned to. */
export async function openAll(stage: Stage, held: readonly Held[]): Promise<Opened[]> {
  const opened: Opened[] = []
  for (const one of held) {
    const tokens = stage.issuer.tokens(one.hop, workingDay(new Date()))
    opened.push({ ...one, personal: await openFor(stage.station, tokens, one) })
  }
  return opened
}

/** What was posted in clear, by order: of the same order twice the first counts. */
export function postedPersonal(
  platform: string,
  drafts: readonly Draft[],
): Map<string, Partial<Record<Group, Personal>>> {
  return new Map(
    drafts.toReversed().map(draft => {
      const { sender, receiver } = draft
      return [
        orderId({ platform, ...draft }),
        {
          ...(sender.personal === undefined ? {} : { sender: sender.personal }),
          ...(receiver.personal === undefined ? {} : { receiver: receiver.personal }),
        },
      ]
    }),
  )
}

/** Pushes every parcel's whole way; true when each push was acknowledged. */
export async function pushAll(
  stage: Stage,
  waybills: readonly { order: string; waybill: string }[],
): Promise<boolean> {
  const { acknowledge } = courierNamed(stage.courierName)
  const start = new Date(Date.now() - 2 * 86_400_000)
  const expected = acknowledge().body
  let all = true
  for (const parcel of waybills) {
    for (const push of stage.courier.pushes({ ...parcel, start })) {
      const reply = await stage.courier.push(push)
      all &&= reply.text === expected
    }
  }
  return all
}

/** Everything owed to the platform, acknowledged as it is read. */
export async function drainEvents(stage: Stage, screen: Screen): Promise<unknown[]> {
  const entries: unknown[] = []
  for (;;) {
    const page = await stage.platform.events()
    screen.expect('the platform reads its events', page.status === 200)
    const owed = list(page.body, 'entries')
    if (owed.length === 0) return entries
    entries.push(...owed)
    await stage.platform.ack(owed.map(entry => textOf(entry, 'id')))
  }
}
