import assert from 'node:assert/strict'
import { member, textOf } from '../../../lib/cli/send.ts'
import { type Capsule, checkCapsule } from '../../../lib/custody/capsule.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import type { Group } from '../../../lib/model/validate.ts'
import { type HeldKey, unpackKey } from '../../../lib/seal/index.ts'
import { type Assigning, type Bench, type Entry, orderOf } from './bench.ts'
import { fresh, info, type Json, RECEIVER, request } from './orders.ts'

/** A parcel as its courier holds it: the entry is as it was pulled, with the seals. */
export interface Parcel {
  readonly order: string
  readonly entry: Entry
}

/** What an assignment says, where it differs; the receiver's group unless another is named. */
export type Changes = Assigning & { readonly group?: Group }

/** Today's working day. */
export const today = (): string => workingDay(new Date())

/** Parcels on the way through one bench: taken by the courier, assigned, opened. */
export function parcelsOn(bench: Bench) {
  /** Sends one assignment: `200 released`, `403 release-refused`, `422 assignment-invalid at /day`. */
  const outcomeOf = async (statement: string): Promise<string> => {
    const [result] = await bench.assign([statement])
    const at = textOf(result, 'at')
    const what = textOf(result, 'outcome') || textOf(result, 'code')
    return `${member(result, 'status')} ${what}${at && ` at ${at}`}`
  }
  const statementOf = ({ entry }: Parcel, { group = 'receiver', ...changes }: Changes = {}) =>
    bench.statement(bench.sealOf(entry, group), changes)
  const assigned = (parcel: Parcel, changes?: Changes) => outcomeOf(statementOf(parcel, changes))
  const taken = async (change: Json = {}): Promise<Parcel> => {
    const id = fresh()
    const order = orderOf(id)
    return { order, entry: await bench.accepted(request([info(id, change)]), order) }
  }
  const handed = async ({ order }: Parcel, hop = 'station-1') => {
    const { releaseToken } = bench.issuer.tokens(hop, today())
    return (await bench.release(order, releaseToken, { hop })).body
  }
  return {
    ...{ taken, assigned, statementOf, outcomeOf, handed },
    /** A parcel whose receiver is assigned to station-1. */
    async released(): Promise<Parcel & { capsule: Capsule }> {
      const parcel = await taken()
      assert.equal(await assigned(parcel), '200 released')
      return { ...parcel, capsule: checkCapsule(member(await handed(parcel), 'capsule')) }
    },
    /** A wrapped key as custody hands it to the router. */
    async heldOf({ order }: Parcel, group: Group = 'receiver'): Promise<HeldKey> {
      const keys = await bench.world.custody.store.getKey(order)
      const part = keys?.[group]
      assert(part && keys?.certificate)
      return unpackKey({ ...part, certificate: keys.certificate })
    },
    async opens({ order }: Pick<Parcel, 'order'>, hop = 'station-1') {
      assert.equal((await bench.open(order, { hop })).name, RECEIVER.name)
    },
    /** The station's own check that it reads nothing. */
    async shutOut({ order }: Pick<Parcel, 'order'>, hop = 'station-1') {
      await assert.rejects(bench.open(order, { hop }), { code: 'RELEASE_REFUSED' })
    },
  }
}
