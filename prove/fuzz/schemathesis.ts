import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openApi } from '../../functions/exchange/openapi.ts'
import { startGateway } from '../../lib/local/server.ts'
import { tell } from '../proof.ts'
import { openSigningDoor, PLEASE_SIGN } from './signing-door.ts'

const VERSION = '4.32.5'
const EXAMPLES = 60
const run = promisify(execFile)

/** What Schemathesis found, or why it could not run. */
export interface Schemathesis {
  /** Undefined where it could not run. */
  readonly failures: number | undefined
  readonly figures: unknown
  readonly said: string
}

/**
 * Runs Schemathesis over the OpenAPI document that a gateway serves, with all its checks, twice: as a
 * stranger, and as every partner in turn, its calls signed on the way. Where there is no Python or no
 * registry it says so; the proof then holds without it, and its figures show that.
 */
export async function runSchemathesis(): Promise<Schemathesis> {
  try {
    const program = await install()
    const stranger = await callAll(program, false)
    const partner = await callAll(program, true)
    const failures = stranger.failures + partner.failures
    const cases = stranger.cases + partner.cases
    const said = failures === 0 ? `Schemathesis: ${cases} cases` : stranger.said + partner.said
    return { failures, figures: { cases, failures }, said }
  } catch (error) {
    const why = error instanceof Unable ? error.message : 'it broke down'
    if (!(error instanceof Unable)) throw error
    return {
      failures: undefined,
      figures: `not run: ${why}`,
      said: `Schemathesis did not run: ${why}`,
    }
  }
}

class Unable extends Error {}

async function callAll(program: string, signs: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-schemathesis-'))
  const bugs: string[] = []
  const gateway = await startGateway({ port: 0, report: name => void bugs.push(name) })
  const door = await openSigningDoor(gateway)
  try {
    const config = join(folder, 'schemathesis.toml')
    writeFileSync(config, configFor(signs))
    const header = signs ? ['--header', `Signature: ${PLEASE_SIGN}`] : []
    const words = [
      '--url',
      door.origin,
      '--max-examples',
      String(EXAMPLES),
      '--seed',
      '1',
      ...header,
    ]
    const command = ['--config-file', config, '--no-color', 'run', `${door.origin}/v1/openapi.json`]
    const said = await outputOf(program, [...command, ...words], folder)
    return { ...countsIn(said, bugs), said }
  } finally {
    door.stop()
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Calls whose errors come in the partner's own form with status 200, whatever was sent. */
const native = Object.values(openApi.paths)
  .flatMap(item => Object.values(item))
  .filter(({ responses }) => JSON.stringify(responses['200']).includes('*/*'))
  .map(({ operationId }) => operationId)

/**
 * All checks but those that ask for another contract than ours. `unsupported_method`: another method
 * answers 404, as a path that is not there. On native calls a request that violates the description is
 * answered with 200, as the partner's clients expect. Where every call is signed on the way, one
 * without a native signature is let in. Text with NUL and shards that are not there are refused, which
 * the description cannot say.
 */
function configFor(signs: boolean): string {
  const ignored = signs ? '\n[checks.ignored_auth]\nenabled = false\n' : ''
  return `
continue-on-failure = true
[generation]
allow-x00 = false
[parameters]
"query.shard" = 0
[checks.unsupported_method]
enabled = false
${ignored}
[[operations]]
include-operation-id = ${JSON.stringify(native)}
[operations.checks.negative_data_rejection]
enabled = false
[operations.checks.ignored_auth]
enabled = false
`
}

async function outputOf(program: string, words: string[], cwd: string): Promise<string> {
  const options = { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: '1' } }
  const { stdout } = await run(program, words, options).catch((error: unknown) => {
    const told: { stdout?: unknown; code?: unknown } = Object(error)
    // 1: it found something.
    if (told.code === 1 && typeof told.stdout === 'string') return { stdout: told.stdout }
    throw error
  })
  return stdout
}

/** Of its summary: what it says of the number of cases and of failures. Errors of our own count too. */
function countsIn(said: string, bugs: readonly string[]): { cases: number; failures: number } {
  const cases = Number(/(\d+) generated/.exec(said)?.[1])
  const failed = /(\d+) found (\d+) unique failures?/.exec(said)?.[2] ?? '0'
  const isOver = /=+ .*(?:No issues found|failures?|passed|warnings?).* =+/.test(said)
  if (!Number.isSafeInteger(cases) || !isOver) throw new Error(`no summary: ${said.slice(-2000)}`)
  const isFailed = /Failures:|Errors:/.test(said)
  return { cases, failures: Math.max(Number(failed), isFailed ? 1 : 0) + bugs.length }
}

/** Into a scratch folder that stays for the next time. */
async function install(): Promise<string> {
  const folder = join(tmpdir(), `lasthop-prove-schemathesis-${VERSION}`)
  const [program, done] = [join(folder, 'bin', 'schemathesis'), join(folder, 'installed')]
  if (existsSync(done)) return program
  tell(`installing Schemathesis ${VERSION} in ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  const python = await findPython()
  try {
    await run(python, ['-m', 'venv', folder])
    const packages = [`schemathesis==${VERSION}`]
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages])
  } catch {
    throw new Unable('it cannot be installed')
  }
  writeFileSync(done, '')
  return program
}

async function findPython(): Promise<string> {
  for (const name of ['python3.13', 'python3.12', 'python3.11', 'python3']) {
    const answer = await run(name, ['--version']).catch(() => undefined)
    const minor = Number(/^Python 3\.(\d+)\./.exec(answer?.stdout ?? '')?.[1])
    if (minor >= 11) return name
  }
  throw new Unable('there is no Python 3.11')
}
