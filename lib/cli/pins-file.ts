import type { FoundKey } from './public-key.ts'

/** A file of pins as JSON. */
export type Json = Record<string, unknown>

/** What came of it: the document to write, or why it is left as it is. */
export type Pinned = { readonly document: Json; readonly is: string } | { readonly refused: string }

/** How a key is pinned that is not the first one. */
export interface PinHow {
  /** Beside the one that is pinned. */
  readonly rotate?: boolean
  /** A key that is pinned as next becomes the current one. */
  readonly promote?: boolean
}

/** How many keys of a kind may be pinned at a time, while they rotate. */
const MOST = 2

/**
 * Pins a custody key: the first one as `current`, another one only to rotate, as `next`, of a higher
 * version. Promoted it is current, and the one before is retired from now on.
 */
export function pinCustodyKey(document: Json, key: FoundKey, how: PinHow, now: Date): Pinned {
  const keys = listIn(document, 'custodyKeys')
  const known = keys.find(({ kid }) => kid === key.kid)
  if (known !== undefined)
    return how.promote ? promote(document, keys, known, now) : again(document, keys, known, key)
  const own = keys.filter(({ platform }) => platform === undefined)
  const { kid, jwk, arn } = key
  if (own.length === 0) {
    const first = { kid, jwk, use: 'current', arn, version: 1 }
    return done({ ...document, custodyKeys: [...keys, first] }, 'current')
  }
  if (how.rotate !== true)
    return { refused: 'another key is pinned; --rotate pins this one as next' }
  if (own.some(({ use }) => use === 'next')) return { refused: 'a next key is pinned already' }
  const version = Math.max(...own.map(one => Number(one.version ?? 1))) + 1
  return done(
    { ...document, custodyKeys: [...keys, { kid, jwk, use: 'next', arn, version }] },
    'next',
  )
}

function promote(document: Json, keys: readonly Json[], known: Json, now: Date): Pinned {
  if (known.use === 'retired') return { refused: 'the key is retired' }
  const retiredAt = `${now.toISOString().slice(0, 19)}Z`
  const custodyKeys = keys.map(one => {
    if (one === known) return { ...one, use: 'current' }
    const gives = one.use === 'current' && one.platform === known.platform
    return gives ? { retiredAt, ...one, use: 'retired' } : one
  })
  return done({ ...document, custodyKeys }, 'current')
}

function again(document: Json, keys: readonly Json[], known: Json, { arn }: FoundKey): Pinned {
  if (arn !== undefined && known.arn !== undefined && known.arn !== arn) {
    return { refused: 'the key is pinned with another ARN' }
  }
  const custodyKeys = keys.map(one => (one === known && arn !== undefined ? { ...one, arn } : one))
  return done({ ...document, custodyKeys }, String(known.use))
}

/** Pins a key that signs, under the name of its list: two at a time. */
export function pinSigner(document: Json, list: string, entry: Json, how: PinHow): Pinned {
  const keys = listIn(document, list)
  if (keys.some(one => isSame(one, entry))) return done(document, 'pinned')
  if (keys.length > 0 && how.rotate !== true) {
    return { refused: 'another key is pinned; --rotate pins this one beside it' }
  }
  if (keys.length >= MOST) return { refused: `two keys are pinned in /${list}; take one out first` }
  return done({ ...document, [list]: [...keys, entry] }, 'pinned')
}

/** Pins the gateway's signing key; promoted, it is the one that intake signs with. */
export function pinGatewayKey(document: Json, { kid, jwk }: FoundKey, how: PinHow): Pinned {
  const pinned = pinSigner(document, 'gatewayKeys', { ...jwk, kid }, how)
  if ('refused' in pinned) return pinned
  const signingKey = how.promote ? kid : (document.signingKey ?? kid)
  const is = signingKey === kid ? 'intake signs with it' : 'pinned'
  return done({ ...pinned.document, signingKey }, is)
}

/** Pins the ARN of the hop key: capsules of another one stop opening. */
export function pinHopKey(document: Json, hopKey: string, how: PinHow): Pinned {
  const { hopKey: known } = document
  if (known !== undefined && known !== hopKey && how.rotate !== true) {
    return { refused: 'another hop key is pinned; --rotate puts this one in its place' }
  }
  return done({ ...document, hopKey }, 'hop key')
}

/** A list in a file of pins. */
export function listIn(document: Json, name: string): Json[] {
  const list = document[name] ?? []
  return Array.isArray(list) ? list.map(one => ({ ...one })) : []
}

function isSame(one: Json, other: Json): boolean {
  return one.kid === other.kid
}

function done(document: Json, is: string): Pinned {
  return { document, is }
}
