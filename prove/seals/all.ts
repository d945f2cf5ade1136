import { askedCases, controlCases, readCases, twinCases } from './asked.ts'
import type { LazyCase } from './case.ts'
import { certificateCases } from './certificates.ts'
import { chanceOf } from './chance.ts'
import {
  bitCases,
  chanceCases,
  characterCases,
  editCases,
  endCases,
  heldSwapCases,
  swapCases,
} from './changes.ts'
import type { Base } from './corpus.ts'
import { formCases } from './forms.ts'
import { headerCases } from './headers.ts'
import { signatureCases } from './signatures.ts'

/** How much of the bulk is tried: shares from 0 to 1. What is made by hand is always tried in full. */
interface Shares {
  readonly ends: number
  readonly bits: number
  readonly characters: number
  readonly edits: number
  readonly swaps: number
  readonly heldSwaps: number
}

const full: Shares = {
  ends: 1,
  bits: 1,
  characters: 0.6,
  edits: 0.6,
  swaps: 0.3,
  heldSwaps: 0.06,
}
const quick: Shares = {
  ...{ ends: 0.05, bits: 0.003, characters: 0.0015, edits: 0.006 },
  ...{ swaps: 0.003, heldSwaps: 0.001 },
}

/** One seal of each form: in these every place is edited. A platform's own take half as long to verify. */
const THOROUGH = ['intake', 'pulled', 'platform', 'nimbus', 'pulledNimbus', 'bazaar']

/**
 * All cases, the telling ones first, then by chance without end. The same corpus, seed and size give the
 * same cases in the same order.
 */
export function* allCases(
  corpus: readonly Base[],
  options: { seed: number; quick: boolean },
): Generator<LazyCase> {
  const { seed } = options
  const share = options.quick ? quick : full
  const few = corpus.filter(({ name }) => THOROUGH.includes(name))
  yield* controlCases(corpus)
  yield* askedCases(corpus)
  yield* twinCases(corpus)
  yield* readCases(corpus)
  yield* certificateCases()
  yield* signatureCases()
  yield* formCases()
  yield* headerCases()
  yield* some(endCases(corpus), share.ends, seed)
  yield* some(heldSwapCases(corpus), share.heldSwaps, seed + 1)
  yield* some(bitCases(corpus), share.bits, seed + 2)
  yield* some(editCases(few), share.edits, seed + 3)
  yield* some(swapCases(corpus), share.swaps, seed + 4)
  yield* some(characterCases(few), share.characters, seed + 5)
  yield* chanceCases(corpus, seed)
}

function* some(cases: Iterable<LazyCase>, share: number, seed: number): Generator<LazyCase> {
  const chance = chanceOf(seed)
  for (const one of cases) if (chance.happens(share)) yield one
}
