import { type CapsuleContext, checkCapsule } from '../../lib/custody/capsule.ts'
import type { EpochRecord, RegisteredHop, StoredCapsule } from '../../lib/custody/router-ports.ts'
import { type Item, numberOf, textOf } from './item.ts'

/** The last assignment of a group, from its item. */
export function readEpoch(item: Item): EpochRecord {
  return {
    epoch: numberOf(item, 'epoch'),
    hash: textOf(item, 'hash'),
    rev: numberOf(item, 'rev'),
    seal: textOf(item, 'seal'),
    hop: textOf(item, 'hop'),
    day: textOf(item, 'day'),
    ended: item.ended?.BOOL === true,
  }
}

/** A capsule, from its item; one that was dropped left its epoch only. */
export function readCapsule(item: Item): StoredCapsule {
  if (item.ciphertext === undefined) return { epoch: numberOf(item, 'epoch') }
  const context: CapsuleContext = JSON.parse(textOf(item, 'context'))
  const ciphertext = textOf(item, 'ciphertext')
  const key = textOf(item, 'key')
  return { epoch: numberOf(item, 'epoch'), capsule: checkCapsule({ ciphertext, context, key }) }
}

/** A registered hop, from its item. A kind that nobody knows is no kind to release to. */
export function readHop(item: Item): RegisteredHop {
  const kind = textOf(item, 'kind')
  return {
    kind: kind === 'pickup' || kind === 'delivery' ? kind : 'closed',
    limit: numberOf(item, 'limit'),
  }
}
