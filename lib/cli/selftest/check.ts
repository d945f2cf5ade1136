/** One thing that is tried, and what is to come of it. */
export interface Check {
  readonly about: string
  readonly wanted: 'allowed' | 'denied'
  readonly call: () => Promise<unknown>
}

/** What came of a call: DryRun says by an error that it would have succeeded. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
    return 'allowed'
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown'
    if (name === 'DryRunOperationException') return 'allowed'
    return name === 'AccessDeniedException' ? 'denied' : name
  }
}

/** Runs checks one after the other and tells each; a text says why they cannot run. */
export async function tellAll(
  who: string,
  checks: readonly Check[] | string,
): Promise<{ ran: number; failed: number }> {
  if (typeof checks === 'string') {
    console.log(`not run  ${who}: ${checks}`)
    return { ran: 0, failed: 0 }
  }
  let failed = 0
  for (const { about, wanted, call } of checks) {
    const outcome = await outcomeOf(call)
    if (outcome !== wanted) failed += 1
    console.log(
      outcome === wanted
        ? `ok       ${who}: ${about}: ${outcome}`
        : `FAILED   ${who}: ${about}: ${outcome}, not ${wanted}`,
    )
  }
  return { ran: checks.length, failed }
}
