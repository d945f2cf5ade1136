/** Which promise an input broke. */
export type Broken =
  /** An answer of 5xx while nothing is away, an error that is none of ours, a rejection nobody handles. */
  | 'serverErrors'
  /** An answer that the OpenAPI document or the partner's wire schema does not know. */
  | 'offContract'
  /** A value of the input in an answer that has no place for it. */
  | 'echoed'
  /** Taken though it can be read in two ways, or refused though it cannot. */
  | 'lax'
  /** An answer longer than its kind may be. */
  | 'tooLong'

/** What one input broke, and how it can be tried again. */
export interface Fault {
  readonly broken: Broken
  readonly what: string
  readonly input: unknown
}

/** A fault of an error that is not one of ours; nothing for one that is. */
export function foreign(error: unknown, input: unknown): Fault | undefined {
  if (error instanceof Error && error.name === 'GatewayError') return undefined
  const name = error instanceof Error ? error.constructor.name : typeof error
  const where = error instanceof Error ? (error.stack ?? '').split('\n')[1]?.trim() : ''
  return { broken: 'serverErrors', what: `${name} ${where?.replace(/\(.*\//, '(') ?? ''}`, input }
}
