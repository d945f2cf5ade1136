import type { Cell } from './policies/cell.ts'
import { ourDecisions, theirDecisions } from './policies/decide.ts'
import { makeDocuments } from './policies/documents.ts'
import { compareKms } from './policies/kms/compare.ts'
import { makeCells } from './policies/matrix.ts'
import { type Planted, plantMistakes } from './policies/planted.ts'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'

/** The independent evaluator takes most of the time: a quick run asks it of one cell in so many. */
const STRIDE = { full: 1, quick: 41 }

/**
 * The policies of the keys and of the station role say what the design says, cell by cell, to two
 * evaluators that know nothing of each other. Planted mistakes show that the matrix would tell. A full
 * run then holds the embedded KMS to another emulator's, call by call.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const start = performance.now()
  const cells = [...makeCells()]
  const { unexpected, allowed } = checkRule(cells)
  if (!quick) listOpenings(allowed)
  const second = await askAgain(cells, quick ? STRIDE.quick : STRIDE.full, seed)
  const mistakes = planted || !quick ? await plantMistakes(cells, quick) : undefined
  const kms = quick ? undefined : await compareKms()
  report(mistakes?.filter(({ changed }) => !quick || changed === 0) ?? [])
  const caught = mistakes?.filter(({ changed }) => changed > 0).length
  const count = (action: string, on: Cell['on']) =>
    allowed.filter(cell => cell.action === action && cell.on === on).length
  return {
    holds:
      unexpected + second.disagreements + (kms?.undeclared ?? 0) === 0 &&
      caught === mistakes?.length,
    figures: {
      ...{ cells: cells.length, askedTwice: second.asked, disagreements: second.disagreements },
      unexpected,
      decryptAllowed: count('kms:Decrypt', 'hop') + count('kms:Decrypt', 'custody'),
      reEncryptFromAllowed: count('kms:ReEncryptFrom', 'custody'),
      reEncryptToAllowed: count('kms:ReEncryptTo', 'hop'),
      sessionsAllowed: count('sts:AssumeRoleWithWebIdentity', 'trust'),
      ...(mistakes === undefined ? {} : { planted: mistakes.length, plantedCaught: caught }),
      ...kms?.figures,
      seconds: Math.round((performance.now() - start) / 100) / 10,
    },
  }
}

/** Our evaluator against the rule, cell by cell. */
function checkRule(cells: readonly Cell[]): { unexpected: number; allowed: readonly Cell[] } {
  const decide = ourDecisions(makeDocuments())
  const decided = cells.map(cell => ({ cell, outcome: decide(cell) }))
  const wrong = decided.filter(({ cell, outcome }) => outcome !== cell.expected)
  for (const { cell, outcome } of wrong.slice(0, 20))
    tell(`unexpected: ${outcome}, not ${cell.expected}: ${cell.about}`)
  const allowed = decided.flatMap(({ cell, outcome }) => (outcome === 'allowed' ? [cell] : []))
  return { unexpected: wrong.length, allowed }
}

/** The cells of which the proof is about: who may decrypt with one of the two keys, and under what. */
function listOpenings(allowed: readonly Cell[]): void {
  for (const { action, on, about } of allowed)
    if (action === 'kms:Decrypt' && (on === 'hop' || on === 'custody')) tell(`opens: ${about}`)
}

/** The independent evaluator against ours, which the rule has confirmed. */
async function askAgain(cells: readonly Cell[], stride: number, seed: number) {
  const documents = makeDocuments()
  const [ours, theirs] = [ourDecisions(documents), theirDecisions(documents)]
  let [asked, disagreements] = [0, 0]
  for (const [at, cell] of cells.entries()) {
    if (at % stride !== seed % stride) continue
    const outcome = await theirs(cell)
    asked++
    if (asked % 10_000 === 0) tell(`${asked.toLocaleString('en')} cells asked twice`)
    if (outcome === ours(cell)) continue
    disagreements++
    tell(`disagreement: ours ${ours(cell)}, theirs ${outcome}: ${cell.about}`)
  }
  return { asked, disagreements }
}

function report(mistakes: readonly Planted[]): void {
  for (const { mistake, changed, first } of mistakes) {
    const shown = first && `: ${first.about}: ${first.to}, not ${first.from}`
    tell(`${changed > 0 ? 'caught' : 'MISSED'}  ${mistake}, cells ${changed}${shown ?? ''}`)
  }
}
