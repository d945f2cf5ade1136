/** How a proof is asked for on the command line. */
export interface ProofOptions {
  /** Small enough for every test run. */
  readonly quick: boolean
  /** Fixes every choice that the proof makes. */
  readonly seed: number
  /** Whether bugs are planted too; a full run always does. */
  readonly planted: boolean
}

/** What a proof found: whether its claim holds, and the figures of the last line. */
export interface ProofResult {
  readonly holds: boolean
  readonly figures: Readonly<Record<string, unknown>>
}

/** A proof, as each file of `prove/` exports it under the name `run`. */
export type Proof = (options: ProofOptions) => Promise<ProofResult>

/** Progress, for people: standard output is kept for the last line. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
