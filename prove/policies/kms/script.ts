import type { KMSClient } from '@aws-sdk/client-kms'

/** A KMS to send the calls to. `disable` and `doom` do what is no part of the comparison. */
export interface Backend {
  readonly kms: KMSClient
  disable(keyArn: string): Promise<void>
  /** Schedules the key's deletion. */
  doom(keyArn: string): Promise<void>
  stop(): Promise<void>
}

/** One run of the list of calls: the keys made so far by name, and what came of each call. */
export interface Script {
  readonly backend: Backend
  readonly keys: Record<string, string>
  readonly outcomes: Map<string, string>
}

/**
 * Sends one call and writes down what came of it: `ok`, `ok, and what show says`, or the error's code.
 */
export async function call<T>(
  { outcomes }: Script,
  name: string,
  answer: Promise<T>,
  show: (answer: T) => unknown = () => '',
): Promise<T | undefined> {
  if (outcomes.has(name)) throw new Error(`two calls named ${name}`)
  try {
    const given = await answer
    const shown = String(show(given))
    outcomes.set(name, shown === '' ? 'ok' : `ok, ${shown}`)
    return given
  } catch (error) {
    outcomes.set(name, error instanceof Error ? error.name : 'no error')
    return undefined
  }
}
