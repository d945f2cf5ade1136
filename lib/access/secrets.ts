import { readFile } from 'node:fs/promises'
import { GatewayError } from '../model/errors.ts'
import { type Credential, type Generations, readGenerations, type Side } from './credentials.ts'
import { readJson } from './strict.ts'

/** Where secrets are kept: the stored bytes of one partner's secret, `undefined` where there is none. */
export type SecretSource = (side: Side, partner: string) => Promise<Uint8Array | undefined>

/** What the gateway knows of the partners of one side. */
export type PartnerSecrets = {
  /**
   * The partner's credentials, at most five minutes old.
   *
   * @throws {GatewayError} `UNAUTHENTICATED` for a partner without a secret, `STORE_AWAY` when it cannot be read.
   */
  load(partner: string): Promise<Generations>
  /**
   * The partner's credentials read again, at most once a minute: a rotation must not wait for the cache, and a flood of
   * bad signatures must not become a flood of reads. `undefined` when it is too early.
   *
   * @throws {GatewayError} as `load`
   */
  reload(partner: string): Promise<Generations | undefined>
}

const cacheMs = 5 * 60_000
const reloadMs = 60_000

type Entry = { readonly loadedAt: number; readonly generations: Promise<Generations> }

/**
 * The secrets of one side, read at first use and kept in memory for five minutes; what several calls want at once is
 * read once. That a partner has none is remembered too. A failure is not, and a failed reload leaves what was known.
 *
 * @see design-storage.md, "Start-up order"
 */
export function openSecrets(
  source: SecretSource,
  side: Side,
  clock: () => Date = () => new Date(),
): PartnerSecrets {
  const entries = new Map<string, Entry>()
  const reloadedAt = new Map<string, number>()
  const read = (partner: string): Entry => ({
    loadedAt: clock().getTime(),
    generations: fetchGenerations(source, side, partner),
  })
  return {
    async load(partner) {
      const known = entries.get(partner)
      if (known !== undefined && clock().getTime() - known.loadedAt < cacheMs) {
        return known.generations
      }
      const entry = read(partner)
      entries.set(partner, entry)
      if (!(await isAnswer(entry)) && entries.get(partner) === entry) entries.delete(partner)
      return entry.generations
    },
    async reload(partner) {
      const now = clock().getTime()
      if (now - (reloadedAt.get(partner) ?? Number.NEGATIVE_INFINITY) < reloadMs) return undefined
      reloadedAt.set(partner, now)
      const entry = read(partner)
      if (await isAnswer(entry)) entries.set(partner, entry)
      return entry.generations
    },
  }
}

/** Whether the source answered, be it that the partner has no secret. */
function isAnswer(entry: Entry): Promise<boolean> {
  return entry.generations.then(
    () => true,
    (error: unknown) => isUnauthenticated(error),
  )
}

async function fetchGenerations(
  source: SecretSource,
  side: Side,
  partner: string,
): Promise<Generations> {
  try {
    const bytes = await source(side, partner)
    if (bytes === undefined) throw new GatewayError('UNAUTHENTICATED')
    return readGenerations(readJson(bytes))
  } catch (cause) {
    if (isUnauthenticated(cause)) throw cause
    // Also for a secret written wrongly: it is the operator's to mend, and its place must not show in an answer.
    throw new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
  }
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'UNAUTHENTICATED'
}

/**
 * Runs a partner's check with its current credential, then the next one, then both as read anew: so a rotation on either
 * side is never felt. The path names the partner, so only that partner's credentials are ever tried.
 *
 * @returns what `check` returned, for the first credential that passed.
 * @throws {GatewayError} `UNAUTHENTICATED` when none passed, else what `check` threw.
 */
export async function authenticate<Caller>(
  secrets: PartnerSecrets,
  partner: string,
  check: (credential: Credential) => Caller | Promise<Caller>,
): Promise<Caller> {
  const passed = await firstPass(await secrets.load(partner), check)
  if (passed !== undefined) return passed.caller
  const anew = await secrets.reload(partner)
  const passedAnew = anew === undefined ? undefined : await firstPass(anew, check)
  if (passedAnew === undefined) throw new GatewayError('UNAUTHENTICATED')
  return passedAnew.caller
}

async function firstPass<Caller>(
  { current, next }: Generations,
  check: (credential: Credential) => Caller | Promise<Caller>,
): Promise<{ caller: Caller } | undefined> {
  for (const credential of next === undefined ? [current] : [current, next]) {
    try {
      return { caller: await check(credential) }
    } catch (error) {
      if (!isUnauthenticated(error)) throw error
    }
  }
  return undefined
}

/**
 * Secrets in one JSON file, for the local server: `{"platforms": {"douyin": {"current": {…}}}, "couriers": {…}}`. The file
 * is read each time, so an edit counts as a rotation.
 */
export function fileSource(path: string): SecretSource {
  return async (side, partner) => {
    const partners = member(readJson(await readFile(path)), side)
    const secret = member(partners, partner)
    return secret === undefined ? undefined : Buffer.from(JSON.stringify(secret))
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
