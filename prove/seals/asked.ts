import { randomBytes } from 'node:crypto'
import type { Case, Doc, LazyCase } from './case.ts'
import { type Base, canonical } from './corpus.ts'
import { payloadOf } from './make.ts'
import { twinOf } from './signature-values.ts'
import { heldOf } from './signatures.ts'
import * as w from './world.ts'

// True seals: shown where they must pass, and used for what they are not.

const keyOf = (base: Base): Buffer => Buffer.from(base.contentKey, 'base64url')

/** The controls: each seal of the corpus passes at every door that it is made for. */
export function* controlCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    const { sealed: doc, stated, asked } = base
    const fresh = { now: new Date(stated.sealedAt), maxAgeSeconds: 86_400 }
    const kind = `control ${base.name}`
    const must = { verify: 'pass', open: 'pass' } as const
    yield () => ({ kind, doc, must, contentKey: keyOf(base), asked: { ...asked }, fresh })
    yield () => ({ kind, doc: JSON.stringify(doc), must: { read: 'pass' } })
    if (doc.encrypted_key === undefined) continue
    yield () => ({ kind, doc: heldOf(doc, stated), must: { held: 'pass' } })
    const wrappedKey = String(doc.encrypted_key)
    yield () => ({ kind, doc: withoutKey(base), wrappedKey, must: { join: 'pass' } })
  }
}

function withoutKey({ sealed, stated }: Base): Doc {
  const { encrypted_key: _, ...rest } = sealed
  return { ...rest, keyHash: stated.keyHash }
}

/** Another order, courier, group or revision asked for; another content key; another's key joined. */
export function* askedCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    const { sealed: doc, asked } = base
    const opened = (other: Doc, contentKey: Uint8Array): Case => {
      const kind = 'asked for another'
      return { kind, doc, must: { open: 'refuse' }, contentKey, asked: { ...asked, ...other } }
    }
    const others: Doc[] = [
      ...[w.order, w.otherOrder, '', undefined, 'o_*'].map(order => ({ order })),
      ...['swift', 'slow', '', undefined, '*'].map(courier => ({ courier })),
      ...['receiver', 'sender', '', undefined].map(group => ({ group })),
      ...[1, 2, 0, 3, '1', '2', undefined, Number.NaN].map(rev => ({ rev })),
    ]
    for (const other of others) {
      if (canonical({ ...asked, ...other }) !== canonical({ ...asked })) {
        yield () => opened(other, keyOf(base))
      }
    }
    for (const length of [0, 16, 24, 31, 32, 33, 48, 64])
      yield () => opened({}, randomBytes(length))
    yield () => opened({}, Buffer.alloc(32))
    yield () => opened({}, Buffer.concat([keyOf(base), Buffer.alloc(1)]))
    yield () => opened({}, keyOf(base).subarray(0, 31))
    for (const other of corpus.filter(one => one.contentKey !== base.contentKey)) {
      yield () => opened({}, keyOf(other))
      yield () => opened({ ...other.asked }, keyOf(other))
      yield () => {
        const wrappedKey = String(other.sealed.encrypted_key ?? 'AAAA')
        return {
          kind: "another's key",
          doc: withoutKey(base),
          wrappedKey,
          must: { join: 'refuse' },
        }
      }
    }
  }
}

/** ECDSA's twins: they pass, say the same, and a seal's twin is not the one that an assignment names. */
export function* twinCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const { sealed, stated } of corpus) {
    const { rev, ...says } = { ...stated, rev: Number(stated.rev) }
    const signature = String(sealed.signature)
    const raw = Buffer.from(signature.slice(signature.lastIndexOf('.') + 1), 'base64url')
    const otherDigest = w.digest(payloadOf(stated), raw)
    const twin = { ...sealed, signature: twinOf(signature) }
    const must = { verify: 'same' } as const
    const kind = 'twin of the signature'
    yield () => ({ kind, doc: twin, must, says: { ...says, rev }, otherDigest })
    if (typeof sealed.certificate !== 'string') continue
    const certificate = twinOf(sealed.certificate)
    yield () => ({
      kind: 'twin of the certificate',
      doc: { ...sealed, certificate },
      must,
      says: { ...says, rev, digest: otherDigest },
      otherDigest: '',
    })
  }
}

/** JSON texts of seals in which a member stands twice: two readers could differ in what they verify. */
export function* readCases(corpus: readonly Base[]): Generator<LazyCase> {
  const refused = (doc: string): LazyCase => {
    return () => ({ kind: 'json', doc, must: { read: 'refuse' } })
  }
  for (const { sealed } of corpus) {
    const text = JSON.stringify(sealed)
    for (const [name, value] of Object.entries(sealed)) {
      const member = JSON.stringify(name)
      const right = JSON.stringify(value)
      const escaped = `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`
      for (const odd of ['""', 'null', right]) {
        yield refused(`{${member}:${odd},${text.slice(1)}`)
        yield refused(`{${escaped}:${odd},${text.slice(1)}`)
        yield refused(`${text.slice(0, -1)},${member}:${odd}}`)
      }
    }
    const whole = [
      `${text}x`,
      `${text}${text}`,
      `\ufeff${text}`,
      text.slice(0, -1),
      `[${text}]`,
      '',
    ]
    for (const odd of [...whole, `{"__proto__":{},${text.slice(1)}`, `{"a":1,${text.slice(1)}`]) {
      yield refused(odd)
    }
  }
}
