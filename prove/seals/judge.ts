import { pathToFileURL } from 'node:url'
import type { GatewayError as GatewayErrorClass } from '../../lib/model/errors.ts'
import type { SealPins } from '../../lib/seal/pins.ts'
import type { Case, Door, Must } from './case.ts'

/** The code that is put to the proof, from the repository or from a copy with a planted bug. */
export interface Subject {
  readonly errors: typeof import('../../lib/model/errors.ts')
  readonly strict: typeof import('../../lib/access/strict.ts')
  readonly heldKey: typeof import('../../lib/seal/held-key.ts')
  readonly open: typeof import('../../lib/seal/open.ts')
  readonly signature: typeof import('../../lib/seal/signature.ts')
}

/** Loads the subject from a folder that holds `lib/`. */
export async function loadSubject(root: string): Promise<Subject> {
  const load = (path: string) => import(pathToFileURL(`${root}/lib/${path}`).href)
  const [errors, strict, heldKey, open, signature] = await Promise.all(
    ['model/errors', 'access/strict', 'seal/held-key', 'seal/open', 'seal/signature'].map(path =>
      load(`${path}.ts`),
    ),
  )
  return { errors, strict, heldKey, open, signature }
}

/** What went wrong at a door. */
export interface Fault {
  readonly kind: string
  readonly door: Door
  /** `opened` passed what it must refuse; `refused` a control; `crashed`; `leaked` a value in the error. */
  readonly what: 'opened' | 'refused' | 'crashed' | 'leaked'
}

/** What became of a case: its faults, and whether it passed as the twin of a true seal. */
export interface Verdict {
  readonly faults: readonly Fault[]
  readonly twin: boolean
}

type Outcome = { passed: true; result: unknown } | { passed: false; error: unknown }

/** Judges cases by one subject. */
export function judgeOf(subject: Subject, pins: SealPins): (one: Case) => Verdict {
  const doors = doorsOf(subject, pins)
  return one => {
    const faults: Fault[] = []
    let twin = false
    for (const [door, must] of entriesOf(one.must)) {
      const outcome = attempt(() => doors[door](one))
      const what = faultOf(outcome, must, one, subject.errors.GatewayError)
      if (what !== undefined) faults.push({ kind: one.kind, door, what })
      else if (must === 'same' && outcome.passed) twin = true
    }
    return { faults, twin }
  }
}

function entriesOf(must: Case['must']): [Door, Must][] {
  const doors: readonly Door[] = ['verify', 'open', 'held', 'join', 'read']
  return doors.flatMap(door => {
    const one = must[door]
    return one === undefined ? [] : [[door, one]]
  })
}

function doorsOf(subject: Subject, pins: SealPins): Record<Door, (one: Case) => unknown> {
  const { verifySeal, verifyHeldKey } = subject.signature
  return {
    verify: ({ doc, fresh }) => verifySeal(doc, pins, fresh),
    open: ({ doc, contentKey, asked }) =>
      Reflect.apply(subject.open.openSealed, undefined, [doc, contentKey, asked]),
    held: ({ doc }) => verifyHeldKey(believed(subject.heldKey.checkHeldKey(doc), doc), pins),
    join: ({ doc, wrappedKey }) =>
      Reflect.apply(subject.heldKey.withKey, undefined, [doc, wrappedKey]),
    read: ({ doc }) => verifySeal(subject.strict.readJson(Buffer.from(String(doc))), pins),
  }
}

/** A claimed hash of the key goes along: a router that believed it would be caught. */
function believed<T extends object>(held: T, doc: unknown): T {
  return typeof doc === 'object' && doc !== null && 'keyHash' in doc
    ? { ...held, keyHash: doc.keyHash }
    : held
}

function attempt(call: () => unknown): Outcome {
  try {
    return { passed: true, result: call() }
  } catch (error) {
    return { passed: false, error }
  }
}

function faultOf(
  outcome: Outcome,
  must: Must,
  one: Case,
  GatewayError: typeof GatewayErrorClass,
): Fault['what'] | undefined {
  if (!outcome.passed) {
    if (!(outcome.error instanceof GatewayError)) return 'crashed'
    if (leaks(outcome.error, one)) return 'leaked'
    return must === 'pass' ? 'refused' : undefined
  }
  if (must === 'refuse') return 'opened'
  if (must === 'same' && !saysSame(outcome.result, one)) return 'opened'
  return undefined
}

const NAMES = new Set(
  `protected header alg kid enc typ order courier group rev v encrypted_key keyHash wrappedKey bodyHash iv
  ciphertext tag platform sealedAt signature certificate name phone telephone address company remark`.split(
    /\s+/,
  ),
)

/** An error says its code and a place that the standard names: nothing of what was handed in. */
function leaks({ code, at, message }: GatewayErrorClass, { must }: Case): boolean {
  if (message !== (at === '' ? code : `${code} at ${at}`)) return true
  const names = at.split('/').slice(1)
  return must.read === undefined && names.some(name => !NAMES.has(name))
}

function saysSame(result: unknown, { says, otherDigest }: Case): boolean {
  const said: Readonly<Record<string, unknown>> =
    typeof result === 'object' && result !== null ? { ...result } : {}
  if (says === undefined || said.digest === otherDigest) return false
  return Object.entries(says).every(([name, value]) => said[name] === value)
}
