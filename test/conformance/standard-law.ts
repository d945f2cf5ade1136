import type { CourierSettings } from '../../lib/couriers/courier.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import type { Draft } from '../../lib/model/draft.ts'
import { checkAcceptance, checkEvent, checkOrder } from '../../lib/model/validate.ts'
import type { NamedTable } from '../../lib/platforms/platform.ts'
import type { Law } from './laws.ts'
import { configOf } from './lists.ts'
import { type Subject, ways } from './subject.ts'

/** Shows the streets and takes everything: no courier's own limits are asked here. */
const settings: CourierSettings = {
  ...{ displayLevel: 'street', native: {} },
  defaultProducts: {},
}

/**
 * 1: our half of each pair is a document of the standard, as far as the table makes a whole one: an order,
 * an acceptance, an event; and so is what theirs becomes, where the gateway reads theirs. What a platform
 * posts is prepared as intake does it.
 */
export const oursIsStandard: Law = (subject, named) => {
  const faults: string[] = []
  for (const { name, wire, canonical } of subject.pairs(named.name)) {
    const halves: [string, () => unknown][] = [['our half', () => canonical]]
    if (named.way === 'read') halves.push(['what theirs becomes', () => ways(named).toOurs(wire)])
    for (const [what, make] of halves) {
      try {
        check(subject, named, Object(make()))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        faults.push(`${name}: ${what} is not of the standard: ${why}`)
      }
    }
  }
  return faults
}

type Json = Readonly<Record<string, unknown>>

function check({ name }: Subject, { carries }: NamedTable, document: Json): void {
  const [side, partner = ''] = name.split('/')
  if (carries === 'event') checkedEvent(document)
  else if (carries === 'acceptance') checkedAnswer(document)
  else if (carries === 'order' && side === 'couriers') checkOrder(document)
  else if (carries === 'order') prepared(partner, document)
  // A change is a wish: parts of an order, which only a whole order makes a document.
}

/** The acceptance itself, or beside whose parcel it is; where only the reason stands it is no document. */
function checkedAnswer(document: Json): void {
  const found = [document, Object(document.acceptance)].find(({ outcome }) => outcome !== undefined)
  if (found !== undefined) checkAcceptance(found)
}

/** A courier's table makes all of an event but what the gateway adds. */
function checkedEvent(document: Json): void {
  if (typeof document.event === 'object') {
    checkEvent(document.event)
    return
  }
  const { key: _, ...event } = document
  const added = { event: 'e_fck7qd6bckys2eiuxjf7u36sdw', order: 'o_fck7qd6bckys2eiuxjf7u36sdw' }
  checkEvent({ ...added, courier: 'swift', ...event })
}

function prepared(platform: string, document: Json): void {
  const draft = { product: '1', ...document } as unknown as Draft // checked here
  const account = draft.settlement === 'monthly' ? { account: '1' } : {}
  prepareOrder(
    { ...account, ...draft },
    { platform, terms: { payer: 'sender' }, courier: configOf(settings) },
  )
}
