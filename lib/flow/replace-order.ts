import { createHmac } from 'node:crypto'
import type { ChangedParts } from '../platforms/platform.ts'
import { checkForCourier, contractOf } from './contract.ts'
import type { Found } from './find-parcels.ts'
import { tagOf } from './next/step.ts'
import type { ReplaceInput } from './next.ts'
import { groups, prepareChange } from './prepare.ts'
import type { IntakePorts } from './receive.ts'
import { openHashOf } from './same-body.ts'
import { changedKeysOf, openSeals, sealGroups } from './seal-order.ts'
import { readStored, writeStored } from './stored.ts'

/**
 * An order as a change makes it: one revision on. A party that changes is masked, checked and sealed
 * as one that is posted; the other keeps its seal, of the revision that it was sealed in.
 *
 * @throws {GatewayError} with the code and pointer of the first fault
 */
export async function replaceInput(
  ports: IntakePorts,
  { head, doc }: Found,
  parts: ChangedParts,
  at: number,
): Promise<ReplaceInput> {
  const { platform, order: id } = head
  const tags = tagsOf(id, parts, await ports.bodyKeys())
  const shared = { kind: 'replace', platform, at, tags } as const
  // Only an order that waits for its courier is changed: for another nothing is made.
  if (head.state !== 'posted') return { ...shared, rev: 0, replaced: '', sealed: [], doc: '' }
  const stored = readStored(doc)
  const courier = contractOf(ports, stored.order.courier)
  const prepared = prepareChange(stored.order, parts, courier.settings)
  checkForCourier(prepared.order, courier)
  const signer = await ports.signer.current()
  const made = sealGroups({ config: ports.config, signer, now: ports.now() }, prepared, courier)
  const kept = groups.filter(group => parts[group] === undefined)
  const sealed = {
    ...Object.fromEntries(kept.flatMap(group => entryOf(group, stored.sealed[group]))),
    ...openSeals(made),
  }
  const after = groups.filter(group => sealed[group] !== undefined)
  const touchesKeys = Object.keys(made).length > 0 || after.length < head.sealed.length
  return {
    ...shared,
    rev: prepared.order.rev,
    replaced: tagOf(openHashOf(stored.order)),
    sealed: after,
    doc: writeStored({ order: prepared.order, sealed }),
    ...(touchesKeys ? { keys: changedKeysOf(made) } : {}),
  }
}

function entryOf<T>(name: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[name, value]]
}

/** Tags of what a change says, keyed: a plain hash of a phone can be reversed. */
function tagsOf(
  order: string,
  parts: ChangedParts,
  [present, ...before]: readonly [Uint8Array, ...Uint8Array[]],
): ReplaceInput['tags'] {
  const text = JSON.stringify(parts)
  const tag = (key: Uint8Array) =>
    tagOf(createHmac('sha256', key).update(`${order}\n`).update(text).digest('base64url'))
  return [tag(present), ...before.map(tag)]
}
