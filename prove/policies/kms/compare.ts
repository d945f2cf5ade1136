import { tell } from '../../proof.ts'
import { startOurs, startTheirs } from './backends.ts'
import { sendCalls } from './calls.ts'
import { DIFFERENCES } from './differences.ts'
import type { Backend } from './script.ts'

/** What came of the comparison; `notRun` says why where there was none. */
export interface Comparison {
  /** Calls that the two answered differently without a declared reason, or alike against it. */
  readonly undeclared: number
  readonly figures: Readonly<Record<string, unknown>>
}

/** Sends the same calls to the embedded KMS and to LocalEmu, and compares what comes of each. */
export async function compareKms(): Promise<Comparison> {
  let theirs: Backend
  try {
    theirs = await startTheirs()
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it fails'
    return { undeclared: 0, figures: { notRun: [`localemu: ${why}`] } }
  }
  const ours = await startOurs()
  try {
    return judge(await sendCalls(ours), await sendCalls(theirs))
  } finally {
    await Promise.all([ours.stop(), theirs.stop()])
  }
}

/** Each call's outcomes are the same, or exactly the declared ones. */
export function judge(
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): Comparison {
  const declared = new Map(
    DIFFERENCES.flatMap(({ calls, right, because }) =>
      Object.entries(calls).map(([name, pair]) => [name, { pair, right, because }] as const),
    ),
  )
  const count = { same: 0, ours: 0, theirs: 0, open: 0 }
  let undeclared = [...declared.keys()].filter(name => !ours.has(name)).length
  for (const [name, outcome] of ours) {
    const other = theirs.get(name) ?? 'not sent'
    const difference = declared.get(name)
    const [expected, expectedOther] = difference?.pair ?? [outcome, outcome]
    const line = `${name}: ours ${outcome}, theirs ${other}`
    if (outcome !== expected || other !== expectedOther) {
      undeclared++
      tell(`undeclared: ${line}`)
    } else {
      count[difference?.right ?? 'same']++
      if (difference !== undefined)
        tell(`differs: ${line}; right: ${difference.right}: ${difference.because}`)
    }
  }
  const { same, open } = count
  const differ = { oursRight: count.ours, theirsRight: count.theirs, open, undeclared }
  return { undeclared, figures: { kms: { calls: ours.size, same, ...differ }, notRun: [] } }
}
