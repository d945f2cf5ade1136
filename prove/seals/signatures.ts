import type { Doc, LazyCase } from './case.ts'
import {
  detached,
  jwsHeader,
  type Made,
  make,
  payloadOf,
  type Recipe,
  type Stated,
} from './make.ts'
import { type Forge, headers } from './signature-headers.ts'
import { macs, persons, shapes, values } from './signature-values.ts'
import * as w from './world.ts'

// Seals that are right in all but their signature. The opener does not look at it; the verifier must refuse.

/** Payloads that are not the ten lines, signed by the right key. */
const payloads: readonly ((text: string) => string)[] = [
  text => text.slice(0, -1),
  text => `${text}\n`,
  text => text.replaceAll('\n', '\r\n'),
  text => text.replaceAll('\n', ' '),
  text => text.replace('lasthop-seal-1', 'lasthop-seal-2'),
  text => text.replace('lasthop-seal-1\n', ''),
  text => `\ufeff${text}`,
  text => JSON.stringify(text),
  () => '',
  ...Array.from({ length: 10 }, (_, line) => [
    (text: string) => lines(text, all => all.toSpliced(line, 1)),
    (text: string) => lines(text, all => all.toSpliced(line, 0, all[line] ?? '')),
    (text: string) => lines(text, all => all.with(line, '')),
    (text: string) => lines(text, all => all.with(line, `${all[line]} `)),
    (text: string) => lines(text, all => all.with(line, `${all[line]}0`)),
    (text: string) =>
      lines(text, all => all.with(line, (all[line] ?? '').toUpperCase().concat('A'))),
    (text: string) => lines(text, all => all.with(line, all[(line + 1) % 10] ?? '')),
  ]).flat(),
]

const lines = (text: string, change: (all: string[]) => string[]): string =>
  change(text.split('\n').slice(0, -1))
    .map(line => `${line}\n`)
    .join('')

const forms: readonly Recipe[] = [
  {},
  { by: 'platform' },
  { by: 'platform', nimbus: true },
  { pulled: true },
]

/** One seal under another signature, whole and as the router holds it. */
function* forged(kind: string, form: Recipe, made: Made, forge: Forge): Generator<LazyCase> {
  const { sealed, stated } = made
  const by = form.by === 'platform' ? w.signers.platform : w.signers.intake
  const whole = form.pulled ? pulled(sealed, stated) : sealed
  yield () => {
    const doc = { ...whole, signature: forge(payloadOf(stated), by) }
    return { kind, doc, must: { verify: 'refuse' } }
  }
  yield () => {
    const doc = { ...heldOf(sealed, stated), signature: forge(payloadOf(stated), by) }
    return { kind, doc, must: { held: 'refuse' } }
  }
}

const pulled = ({ encrypted_key: _, ...rest }: Doc, { keyHash }: Stated): Doc => ({
  ...rest,
  keyHash,
})

/** What custody keeps of a seal. */
export function heldOf({ encrypted_key, signature, certificate }: Doc, stated: Stated): Doc {
  const { keyHash: _, rev, ...rest } = stated
  const held = { wrappedKey: encrypted_key, ...rest, rev: Number(rev), signature }
  return certificate === undefined ? held : { ...held, certificate }
}

/** All signatures that must not hold. */
export function* signatureCases(): Generator<LazyCase> {
  const otherPayload = (change: (text: string) => string): Forge => {
    return (text, by) => detached(jwsHeader(by), change(text), by)
  }
  const kinds: Readonly<Record<string, readonly Forge[]>> = {
    'signature header': headers,
    'signature payload': payloads.map(otherPayload),
    'signature value': values,
    'signature by public key': macs,
    'signature shape': shapes,
    'signature by another': persons,
  }
  for (const form of forms) {
    const made = make({ ...form, pulled: false })
    for (const [kind, forges] of Object.entries(kinds)) {
      for (const forge of forges) yield* forged(kind, form, made, forge)
    }
  }
}
