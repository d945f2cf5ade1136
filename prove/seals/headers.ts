import type { Case, Doc, LazyCase } from './case.ts'
import { careless, foreign, near, strange } from './header-values.ts'
import { headOf, make, type Recipe } from './make.ts'
import * as w from './world.ts'

// Headers that are wrong, in seals that are encrypted and signed consistently with them: nothing but the
// reading of the header can refuse them.

/** Forms of a seal, by which places `alg` and `kid` stand in and whether the wrapped key is there. */
const forms: Readonly<Record<string, Recipe>> = {
  intake: {},
  platform: { by: 'platform' },
  nimbus: { by: 'platform', nimbus: true },
  intakeNimbus: { nimbus: true },
  pulled: { pulled: true },
  pulledNimbus: { nimbus: true, pulled: true },
}

/** One wrong header, read in both ways that readers could differ in: as it should be, or as JSON.parse does. */
function* refused(kind: string, form: Recipe): Generator<LazyCase> {
  const usual: Recipe = { ...form, states: {} }
  yield () => caseOf(kind, usual, {})
  yield () => {
    const reads = readingOf(form)
    return Object.keys(reads).length === 0 ? undefined : caseOf(kind, form, reads)
  }
}

/** An opener does not need to know which custody key it was: only the verifier refuses the id of another. */
const KID = 'header kid of another'

const isDigest = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)

const valueKind = (name: string, value: unknown): string =>
  name === 'kid' && isDigest(value) ? KID : 'header value'

/** `swif` names another courier, rightly: that is no fault of the header. */
const isOtherCourier = (name: string, value: unknown): boolean =>
  name === 'courier' && typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value)

function caseOf(kind: string, recipe: Recipe, reads: Doc): Case {
  const states = Object.fromEntries(
    Object.entries(reads).map(([name, value]) => [name, String(value)]),
  )
  const { sealed: doc, contentKey, asked } = make({ ...recipe, states })
  const must = { verify: 'refuse', open: kind === KID ? 'any' : 'refuse' } as const
  return { kind, doc, must, contentKey, asked: { ...asked, ...reads } }
}

/** What a careless reader takes from the header that is not what it should be. */
function readingOf({ head }: Recipe): Doc {
  if (head === undefined) return {}
  try {
    const said: Doc = JSON.parse(Buffer.from(head(headOf(w.binding))).toString())
    const names = ['order', 'courier', 'group', 'rev'] as const
    return Object.fromEntries(
      names.filter(name => said[name] !== w.binding[name]).map(name => [name, said[name]]),
    )
  } catch {
    return {}
  }
}

const withMember = (usual: Doc, name: string, value: unknown, first: boolean): string =>
  JSON.stringify(first ? { [name]: value, ...usual } : { ...usual, [name]: value })

/** Wrong values, missing and misnamed members, members too many, in the protected header. */
function* memberCases(form: Recipe): Generator<LazyCase> {
  const usual: Doc = JSON.parse(headText(form))
  for (const [name, right] of Object.entries(usual)) {
    const values = [...strange, ...(careless[name] ?? []), ...near(String(right))]
    for (const value of values.filter(one => one !== right && !isOtherCourier(name, one))) {
      yield* refused(valueKind(name, value), {
        ...form,
        head: head => JSON.stringify({ ...head, [name]: value }),
      })
    }
    yield* refused('header member missing', {
      ...form,
      head: head => JSON.stringify({ ...head, [name]: undefined }),
    })
    for (const other of [name.toUpperCase(), `${name} `, `_${name}`, `${name}\u0000`]) {
      yield* refused('header member misnamed', {
        ...form,
        head: head => JSON.stringify({ ...head, [name]: undefined, [other]: right }),
      })
    }
  }
  for (const [name, values] of Object.entries(foreign)) {
    for (const value of values) {
      for (const first of [true, false]) {
        yield* refused('header member unknown', {
          ...form,
          head: head => withMember(head, name, value, first),
        })
      }
    }
  }
  yield* refused('header member unknown', {
    ...form,
    head: head => `{"__proto__":{"order":"${w.otherOrder}"},${JSON.stringify(head).slice(1)}`,
  })
}

const headText = (form: Recipe): string =>
  Buffer.from(String(make({ ...form, pulled: false }).sealed.protected), 'base64url').toString()

/** Texts that two readers of JSON could take for different headers, or that are none. */
function textsOf(text: string, name: string, right: unknown): (string | Uint8Array)[] {
  const [member, value] = [JSON.stringify(name), JSON.stringify(right)]
  const pair = `${member}:${value}`
  const escaped = `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`
  const odd = typeof right === 'number' ? '2' : '"x"'
  return [
    `{${pair},${text.slice(1)}`,
    `{${member}:${odd},${text.slice(1)}`,
    `${text.slice(0, -1)},${pair}}`,
    `${text.slice(0, -1)},${member}:${odd}}`,
    `${text.slice(0, -1)},${escaped}:${value}}`,
    `${text.slice(0, -1)},${escaped}:${odd}}`,
    text.replace(member, escaped),
    text.replace(pair, `${member}:${value},`),
    text.replace(pair, `${member}::${value}`),
    text.replace(pair, `${member} ${value}`),
    text.replace(pair, `${member}:[${value}]`),
    text.replace(pair, `${member}/**/:${value}`),
    text.replace(pair, `${name}:${value}`),
    text.replace(pair, `'${name}':${value}`),
    ...(typeof right === 'string'
      ? [text.replace(value, `"\\u00${right.charCodeAt(0).toString(16)}${right.slice(1)}"`)]
      : [
          `${right}.0`,
          `${right}e0`,
          `0${right}`,
          `+${right}`,
          `-${right}`,
          `0x${right}`,
          `"${right}"`,
        ].map(number => text.replace(pair, `${member}:${number}`))),
  ]
}

const wholeTexts = (text: string): (string | Uint8Array)[] => [
  ...[
    '',
    '{}',
    '[]',
    'null',
    '1',
    '""',
    `[${text}]`,
    `"${text}"`,
    JSON.stringify(text),
    `${text}${text}`,
  ],
  ...[
    `${text},`,
    `${text};`,
    `${text}\u0000`,
    `${text}x`,
    `${text}{}`,
    `\ufeff${text}`,
    `//\n${text}`,
  ],
  ...[text.slice(0, -1), text.slice(1), `${text.slice(0, -1)},}`, `{,${text.slice(1)}`, `x${text}`],
  ...[`\u00a0${text}`, `\v${text}`, `\f${text}`, `${text}\u2028`, text.replaceAll('"', "'")],
  ...[`{"a":${text}}`, text.replaceAll(':', '='), `{"a":"${'x'.repeat(700)}",${text.slice(1)}`],
  Buffer.from(text, 'utf16le'),
  Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
  Buffer.from(text.replace('personal', 'pers\u00f6nal'), 'latin1'),
  Buffer.from(text.replace('personal', 'pers\u00f6nal')),
]

function* textCases(form: Recipe): Generator<LazyCase> {
  const text = headText(form)
  const members: Doc = JSON.parse(text)
  for (const [name, right] of Object.entries(members)) {
    for (const odd of textsOf(text, name, right)) {
      yield* refused('header text', { ...form, head: () => odd })
    }
  }
  for (const odd of wholeTexts(text)) yield* refused('header text', { ...form, head: () => odd })
}

/** `alg` and `kid` in both headers, in none, in one each; and what is wrong in the unprotected one. */
function* placeCases(form: Recipe): Generator<LazyCase> {
  const own = form.by === 'platform'
  const kid = own ? w.kids.platform : w.kids.custody
  const key = { alg: 'RSA-OAEP-256', kid }
  const places = [{}, { alg: key.alg }, { kid }, key]
  for (const [i, inside] of places.entries()) {
    for (const outside of [null, ...places]) {
      if ((i === 3 && outside === null) || (i === 0 && outside === key)) continue
      yield* refused('header place', {
        ...form,
        header: outside,
        head: head => JSON.stringify({ ...inside, ...head, ...without(inside) }),
      })
    }
  }
  if (form.nimbus) return
  for (const name of ['alg', 'kid'] as const) {
    const values = [...strange, ...(careless[name] ?? []), ...near(key[name])]
    for (const value of values) {
      if (value !== key[name])
        yield* refused(valueKind(name, value), { ...form, header: { ...key, [name]: value } })
    }
  }
  for (const [name, values] of Object.entries(foreign)) {
    for (const value of values) {
      yield* refused('header member unknown', { ...form, header: { ...key, [name]: value } })
    }
  }
  for (const name of ['enc', 'typ', 'order', 'courier', 'group', 'rev', 'v']) {
    yield* refused('header member unknown', { ...form, header: { ...key, [name]: 'x' } })
  }
  for (const header of strange)
    if (header !== null) yield* refused('header value', { ...form, header })
}

/** In Nimbus' form the usual header has both already: what is not inside must go. */
function without(inside: { alg?: string; kid?: string }): Doc {
  return {
    ...(inside.alg === undefined ? { alg: undefined } : {}),
    ...(inside.kid === undefined ? { kid: undefined } : {}),
  }
}

/** All headers that are wrong. */
export function* headerCases(): Generator<LazyCase> {
  for (const form of Object.values(forms)) {
    yield* memberCases(form)
    yield* textCases(form)
    yield* placeCases(form)
  }
}
