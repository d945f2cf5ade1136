import { checkDisplay } from '../../mask/check.ts'
import { GatewayError } from '../../model/errors.ts'
import { isAcceptance, isOrder, isSealed } from '../../model/generated/validators.js'
import type { Sealed } from '../../model/validate.ts'
import { parseSeal } from '../../seal/envelope.ts'
import { verifySeal } from '../../seal/index.ts'
import { list, member, textOf } from '../send.ts'
import { type Check, expect, Mismatch, same } from './check.ts'
import type { Json } from './invent.ts'
import type { Entry, Kit } from './kit.ts'

const groups = ['sender', 'receiver'] as const
const FRESH_SECONDS = 300

/** What a library of ours finds wrong, as a mismatch. */
function holds<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new Mismatch(`${what}: ${error.message}`)
  }
}

function sealOf(entry: Entry, group: string): Sealed {
  const sealed = member(entry, 'sealed', group)
  expect(isSealed(sealed), `a seal of the ${group} that satisfies sealed.json`)
  return sealed
}

const outcomeOf = (outcomes: readonly unknown[]) => textOf(outcomes[0], 'outcome')

/** Posting, and what the courier pulls. */
export const orderChecks: readonly Check<Kit>[] = [
  {
    name: 'an order that was posted is pending, with its names',
    async run({ post, order }) {
      const posted = order()
      const { primaryOrder, parcel } = posted
      same(await post(posted), [{ outcome: 'pending', primaryOrder, parcel }], 'outcomes')
    },
  },
  {
    name: 'the same order again changes nothing',
    async run({ post, order, idOf, entryOf }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      same(outcomeOf(await post(posted)), 'pending', 'outcome')
      same(
        outcomeOf(await post({ ...posted, createdAt: new Date().toISOString() })),
        'pending',
        'outcome',
      )
      same(await entryOf(idOf(posted)), entry, 'the entry')
    },
  },
  {
    name: 'the same order with another body is ORDER_CHANGED',
    async run({ post, order, idOf, entryOf }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      for (const changed of [
        { ...posted, weightGrams: 99 },
        { ...posted, receiver: order().receiver },
      ]) {
        const outcomes = await post(changed)
        same(outcomeOf(outcomes), 'failed', 'outcome')
        same(textOf(outcomes[0], 'problem', 'code'), 'ORDER_CHANGED', 'code')
      }
      same(await entryOf(idOf(posted)), entry, 'the entry')
    },
  },
  {
    name: 'numbers beyond 2^53 keep their digits',
    async run({ post, order, idOf, entryOf }) {
      const digits = `69${Date.now()}${Math.floor(Math.random() * 9000) + 1000}`
      const posted = order({ platformOrders: [digits], primaryOrder: digits })
      await post(posted)
      const { document } = await entryOf(idOf(posted))
      expect(member(document, 'primaryOrder') === digits, 'the number as it was posted')
    },
  },
  {
    name: 'the courier pulls order.json, with what was posted and the id computed',
    async run({ post, order, idOf, entryOf, target }) {
      const posted = order()
      await post(posted)
      const { document, parties } = await entryOf(idOf(posted))
      expect(isOrder(document), 'a document that satisfies order.json')
      const { sender, receiver, createdAt, ...rest }: Json = posted
      for (const [name, value] of Object.entries(rest)) same(member(document, name), value, name)
      same(document.platform, target.platform.slug, 'platform')
      same(document.rev, 1, 'rev')
      for (const [group, party] of [
        ['sender', sender],
        ['receiver', receiver],
      ] as const) {
        same(document[group].protection, { kind: 'sealed' }, `protection of the ${group}`)
        same(document[group].region.province, member(party, 'region', 'province'), 'province')
        same(member(parties, group), document[group], `the ${group} beside the document`)
      }
    },
  },
  {
    name: 'displays hide what GB/T 41833 says',
    async run({ post, order, idOf, entryOf }) {
      const posted = order()
      await post(posted)
      const { document } = await entryOf(idOf(posted))
      expect(isOrder(document), 'a document that satisfies order.json')
      for (const group of groups) {
        const { display } = document[group]
        expect(display !== undefined, `a display of the ${group}`)
        holds(`display of the ${group}`, () => checkDisplay(display))
      }
    },
  },
  {
    name: 'seals are bound to order, courier, group and rev, without their wrapped key',
    async run({ post, order, idOf, entryOf, target }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      for (const group of groups) {
        const seal = sealOf(entry, group)
        expect(seal.encrypted_key === undefined, 'no wrapped key in what is pulled')
        const facts = holds('seal', () => parseSeal(seal))
        const { order: id, courier, rev } = facts
        same(
          [id, courier, facts.group, rev],
          [entry.order, target.courier.slug, group, 1],
          'binding',
        )
        same(seal.platform, target.platform.slug, 'platform of the seal')
        const header = JSON.parse(Buffer.from(seal.protected, 'base64url').toString('utf8'))
        const bound = { order: id, courier, group, rev: 1, v: 1 }
        same(header, { enc: 'A256GCM', typ: 'lasthop-personal+json', ...bound }, 'protected header')
      }
    },
  },
  {
    name: 'seals are signed, to a custody key that is published',
    async run({ post, order, idOf, entryOf, call, paths, target }) {
      const { gatewayKeys } = target
      if (gatewayKeys === undefined)
        throw new Mismatch('name the server’s signing key: --gateway-key')
      const { body } = await call({ as: null, path: `${paths.courier}/keys` })
      const custodyKeys = list(body, 'keys').map(key => ({ kid: textOf(key, 'kid') }))
      const pins = { custodyKeys, gatewayKeys, revoked: [] }
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      const fresh = { now: new Date(), maxAgeSeconds: FRESH_SECONDS }
      for (const group of groups) {
        const seal = sealOf(entry, group)
        holds(`signature of the ${group}`, () => verifySeal(seal, pins, fresh))
        const moved = { ...seal, platform: 'another' }
        expect(!isSigned(moved), 'a signature over what the seal says')
      }
      function isSigned(seal: Sealed): boolean {
        try {
          verifySeal(seal, pins, fresh)
          return true
        } catch (error) {
          if (error instanceof GatewayError) return false
          throw error
        }
      }
    },
  },
  {
    name: 'reading moves nothing, page by page',
    async run({ post, order, pull, drain, paths }) {
      await post(order(), order(), order())
      const all = await pull()
      same(await pull(), all, 'what is pulled again')
      const byTwo = await drain('courier', `${paths.courier}/waybills`, 2)
      same(byTwo, all, 'what is pulled in pages of two')
    },
  },
  {
    name: 'pages have from 1 to 100 entries',
    async run({ call, paths }) {
      for (const limit of ['0', '101', '-1', 'ten', '']) {
        const path = `${paths.courier}/waybills?limit=${limit}`
        const { status, body } = await call({ as: 'courier', path })
        same(status, 422, `status for a limit of ${limit || 'nothing'}`)
        same(textOf(body, 'at'), '/limit', 'pointer')
      }
    },
  },
]

/** The courier's answers. */
export const answerChecks: readonly Check<Kit>[] = [
  {
    name: 'an answer to no entry, or to another order, is refused',
    async run({ post, order, idOf, entryOf, answer, acceptance }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      const id = idOf(order())
      same(member(await answer(entry.id, acceptance(id)), 'status'), 422, 'of another order')
      same(member(await answer('no-entry', acceptance(id)), 'status'), 404, 'to no entry')
      const more = { ...acceptance(entry.order), more: 1 }
      same(member(await answer(entry.id, more), 'status'), 422, 'of another form')
      same(await entryOf(entry.order), entry, 'the entry, still owed')
    },
  },
  {
    name: 'an accepted answer takes the entry away and reaches the platform',
    async run({ accepted, pull, post, eventsOf }) {
      const { order, id, acceptance } = await accepted()
      expect(!(await pull()).some(entry => entry.order === id), 'no entry that is still owed')
      const [outcome] = await post(order)
      same(textOf(outcome, 'outcome'), 'accepted', 'outcome of a repeat')
      same(member(outcome, 'acceptance'), acceptance, 'acceptance in the answer')
      const owed = await eventsOf(id)
      same(owed.length, 1, 'number of events')
      expect(isAcceptance(owed[0]?.document), 'an event that satisfies acceptance.json')
      same(owed[0]?.document, acceptance, 'acceptance in the event')
    },
  },
  {
    name: 'the same answer again is the same, another one is ORDER_CHANGED',
    async run({ accepted, answer, acceptance: another, post }) {
      const { order, id, entry, acceptance } = await accepted()
      same(member(await answer(entry.id, acceptance), 'status'), 200, 'status of the same')
      const result = await answer(entry.id, another(id))
      same(member(result, 'status'), 409, 'status of another')
      same(textOf(result, 'code'), 'order-changed', 'code of another')
      const [outcome] = await post(order)
      same(member(outcome, 'acceptance'), acceptance, 'the answer that stands')
    },
  },
  {
    name: 'a pending answer leaves the entry owed and tells the platform nothing',
    async run({ post, order, idOf, entryOf, answer, eventsOf, target }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      const pending = { outcome: 'pending', order: entry.order, courier: target.courier.slug }
      same(member(await answer(entry.id, pending), 'status'), 200, 'status')
      same(await entryOf(entry.order), entry, 'the entry')
      same(await eventsOf(entry.order), [], 'events')
    },
  },
  {
    name: 'a refusal reaches the platform with its reason',
    async run({ post, order, idOf, entryOf, answer, eventsOf, target }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      const reason = { code: 'out-of-range', raw: 'R2' }
      const refusal = {
        outcome: 'refused',
        order: entry.order,
        courier: target.courier.slug,
        reason,
      }
      same(member(await answer(entry.id, refusal), 'status'), 200, 'status')
      const [event] = await eventsOf(entry.order)
      same(event?.document, refusal, 'the event')
    },
  },
  {
    name: 'an entry that wants an answer is not acknowledged away',
    async run({ post, order, idOf, entryOf, call, paths }) {
      const posted = order()
      await post(posted)
      const entry = await entryOf(idOf(posted))
      const path = `${paths.courier}/waybills/acks`
      const { body } = await call({ as: 'courier', path, body: { ids: [entry.id] } })
      same(member(body, 'acknowledged'), 0, 'acknowledged')
      same(await entryOf(entry.order), entry, 'the entry')
    },
  },
]
