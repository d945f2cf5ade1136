import { createHash, createHmac } from 'node:crypto'
import type { Order } from '../model/generated/types.ts'
import { reveal } from '../model/personal-text.ts'
import { groups, type Prepared } from './prepare.ts'

/**
 * Keyed hash of what a platform posted, to tell a repeat from a changed order: 43 characters. Keyed
 * because a plain hash of a phone can be reversed. Ciphers, tokens and virtual numbers are left out:
 * platforms make them anew for the same order; so are times and all that is derived.
 *
 * @see design section 8
 */
export function bodyHmac(prepared: Prepared, key: Uint8Array): string {
  const text = JSON.stringify([openPart(prepared.order), ownParts(prepared)])
  return createHmac('sha256', key)
    .update(`${prepared.order.order}\n`)
    .update(text)
    .digest('base64url')
}

/** What is a person's own: a virtual number that was posted as the phone is made anew for a repeat. */
function ownParts({ order, personal }: Prepared): unknown {
  return groups.map(group => {
    const own = personal[group]
    const { number, extension } = order[group].virtualNumber ?? {}
    const virtual = extension === undefined ? number : `${number}-${extension}`
    if (own?.phone === undefined || reveal(own.phone) !== virtual) return own
    const { phone: _virtual, ...rest } = own
    return rest
  })
}

/** Hash of the open part alone, which is compared once the keyed hash is erased: 43 characters. */
export function openHash({ order }: Pick<Prepared, 'order'>): string {
  return openHashOf(order)
}

/** The same of an order that is kept. */
export function openHashOf(order: Order): string {
  return createHash('sha256')
    .update(JSON.stringify(openPart(order)))
    .digest('base64url')
}

function openPart(order: Order): unknown {
  const { lasthop: _l, rev: _r, createdAt: _c, requestId: _i, sender, receiver, ...rest } = order
  return [rest, sender.region, sender.protection.kind, receiver.region, receiver.protection.kind]
}
