import type { Courier } from '../../lib/couriers/courier.ts'
import { type Prepared, prepareOrder } from '../../lib/flow/prepare.ts'
import type { Draft } from '../../lib/model/draft.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { Platform } from '../../lib/platforms/platform.ts'
import { ordersOf, servedBy, settingsOf } from '../conformance/client.ts'
import { configOf } from '../conformance/lists.ts'
import { subjects, ways } from '../conformance/subject.ts'

/** A platform and a courier. */
export interface Pair {
  readonly name: string
  readonly platform: Platform
  readonly courier: Courier
}

/** Every platform with every courier that its code list has: nobody else's orders can be posted there. */
export const pairs: readonly Pair[] = platforms.flatMap(platform =>
  servedBy(platform).map(courier => ({
    name: `${platform.name} → ${courier.name}`,
    ...{ platform, courier },
  })),
)

/** An order of a platform's fixtures, ready to be offered to the courier of a pair, or why not. */
export interface Case {
  /** `order-basic` */
  readonly name: string
  readonly prepare: () => Prepared
}

/** All orders that a platform's fixtures hold, addressed to the courier: its product, its account. */
export function casesOf({ platform, courier }: Pair): Case[] {
  const subject = subjects.find(({ name }) => name === `platforms/${platform.name}`)
  const tables = subject?.tables.filter(({ carries, way }) => carries === 'order' && way === 'read')
  const fixtures = (tables ?? []).flatMap(named =>
    (subject?.pairs(named.name) ?? []).map(({ name, wire }) => ({
      name,
      prepare: () => addressed(platform, courier, readDraft(ways(named).toOurs(wire))),
    })),
  )
  const [own] = servedBy(platform)
  const posted = own === undefined ? [] : ordersOf(platform, own)
  const samples = posted.map(({ draft }, n) => ({
    name: `sample ${n + 1}`,
    prepare: () => addressed(platform, courier, draft),
  }))
  return [...fixtures, ...samples]
}

const readDraft = (ours: unknown): Draft => ours as Draft // what a table that carries orders reads

function addressed(platform: Platform, courier: Courier, draft: Draft): Prepared {
  const { product, account } = courier.sandbox
  const billed = draft.settlement === 'cash' ? {} : { account }
  return prepareOrder(
    { ...draft, courier: courier.name, product, ...billed },
    {
      ...{ platform: platform.name, terms: { payer: 'sender' } },
      courier: configOf(settingsOf(courier)),
    },
  )
}
