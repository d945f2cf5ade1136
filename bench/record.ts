import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/** What one run of a benchmark found, and where: `bench/results/ingest.json`. */
export interface Result {
  readonly bench: string
  readonly options: readonly string[]
  /** `2026-01-01` */
  readonly measured: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly figures: Readonly<Record<string, number | string>>
}

/** The machine, and how busy it was: one minute's load average, before and after. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly loadBefore: number
  readonly loadAfter: number
}

const ROOT = join(import.meta.dirname, '..')

/** Where results lie. */
export const RESULTS = join(ROOT, 'bench/results')

/** Packages that are measured, or measured against. */
const PACKAGES = [
  '@aws-crypto/client-node',
  '@aws-lambda-powertools/idempotency',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  '@dynoxide/linux-x64',
  'ajv',
  'esbuild',
  'hono',
  'jose',
  'jsonata',
]

const rounded = (figure: number): number => Math.round(figure * 100) / 100

/** One minute's load average. */
export const loadNow = (): number => rounded(loadavg()[0] ?? Number.NaN)

/** Keeps what a run found. */
export function writeResult(
  bench: string,
  options: readonly string[],
  figures: Result['figures'],
  loadBefore: number,
): void {
  const [cpu] = cpus()
  const result: Result = {
    ...{ bench, options, measured: new Date().toISOString().slice(0, 10) },
    machine: {
      ...{ cpu: cpu?.model ?? 'unknown', cores: cpus().length },
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      system: `${process.platform} ${process.arch}`,
      ...{ loadBefore, loadAfter: loadNow() },
    },
    versions: versions(),
    figures,
  }
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, `${bench}.json`), `${JSON.stringify(result, null, 2)}\n`)
}

/** Exact versions, as they are pinned. */
function versions(): Record<string, string> {
  const { version, dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  )
  const pinned: Record<string, string> = {
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  }
  const own = { lasthop: version, node: process.versions.node }
  const others = PACKAGES.flatMap(name => (pinned[name] ? [[name, pinned[name]]] : []))
  return { ...own, ...Object.fromEntries(others) }
}

/** The kept results of these benchmarks, by name; those that nobody has run yet are missing. */
export function readResults(names: readonly string[]): ReadonlyMap<string, Result> {
  const there = new Set(readdirSync(RESULTS))
  return new Map(
    names
      .filter(name => there.has(`${name}.json`))
      .map(name => [name, JSON.parse(readFileSync(join(RESULTS, `${name}.json`), 'utf8'))]),
  )
}
