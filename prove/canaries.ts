import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Hosted, runHost } from './canaries/crew.ts'
import type { Task } from './canaries/host.ts'
import { plantLeaks } from './canaries/planted.ts'
import type { ProofOptions, ProofResult } from './proof.ts'
import { tell } from './proof.ts'

/** How many orders are posted, shared among as many processes as there are cores. */
const SIZE = { full: 103_000, quick: 220 }
/** How many of them a courier must be offered: some are cancelled before. */
const OFFERED = { full: 100_000, quick: 200 }

/** Orders of a run against a planted leak, and of one that breaks down. */
const FEW = 160

/**
 * Marked people in orders of every platform to every courier, through every flow, with faults: no mark
 * turns up outside the hop, in any form. Leaks are spliced into what every sink got, in every form, and
 * a full run plants some in the code as well; all must be found.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const start = performance.now()
  const task = taskOf(seed, quick)
  const hosted = await runAll(task, quick)
  const plantedIn = planted || !quick ? await plantLeaks({ ...task, ...small, splice: false }) : []
  const findings = hosted.flatMap(({ findings }) => findings ?? [])
  const hits = hosted.flatMap(one => [...one.hits, ...(one.findings?.hits ?? [])])
  for (const hit of hits.slice(0, 20)) tell(`found: ${JSON.stringify(hit)}`)
  for (const missed of findings.flatMap(one => one.missed)) tell(`spliced, NOT FOUND: ${missed}`)
  report(findings)
  const sum = (of: (one: (typeof findings)[number]) => number) =>
    findings.reduce((all, one) => all + of(one), 0)
  const found = plantedIn.filter(({ foundIn }) => foundIn.length > 0).length
  const figures = {
    orders: sum(({ counts }) => counts.orders),
    hits: hits.length,
    planted: sum(one => one.spliced) + plantedIn.length,
    plantedFound: sum(one => one.splicedFound) + found,
    ...{ inCode: plantedIn.length, opened: sum(({ counts }) => counts.opened) },
    faults: sum(({ injected }) => injected.before + injected.lost + injected.throttled),
    crashReports: hosted.reduce((all, one) => all + one.reports, 0),
    ...{ megabytes: sum(one => one.megabytes), seed },
    seconds: Math.round((performance.now() - start) / 1000),
  }
  const holds =
    figures.hits === 0 &&
    figures.planted === figures.plantedFound &&
    figures.opened > 0 &&
    figures.orders >= (quick ? OFFERED.quick : OFFERED.full)
  return { holds, figures }
}

const small = { orders: FEW, batch: 10, assignOneIn: 4, openOneIn: 2, lanes: 4 }

function taskOf(seed: number, quick: boolean): Omit<Task, 'folder'> {
  return {
    ...{ root: join(import.meta.dirname, '..'), seed, first: 0, orders: 0 },
    ...{ batch: 10, assignOneIn: quick ? 4 : 20, openOneIn: quick ? 2 : 4 },
    ...{ lanes: 8, faults: 0.01, splice: true },
  }
}

/** The orders, shared among processes; then processes that break down in the middle of it. */
async function runAll(task: Omit<Task, 'folder'>, quick: boolean): Promise<Hosted[]> {
  const processes = quick ? 1 : availableParallelism()
  const orders = Math.ceil((quick ? SIZE.quick : SIZE.full) / processes)
  const done: number[] = []
  const shares = Array.from({ length: processes }, (_, index) =>
    runHost({ ...task, orders, first: index * orders, splice: index === 0 }, count => {
      done[index] = count
      if (!quick) tell(`process ${index + 1}: ${count.toLocaleString('en')} orders`)
    }),
  )
  const hosted = await Promise.all(shares)
  for (const { findings, output } of hosted)
    if (findings === undefined) throw new Error(`a process broke down: ${output}`)
  const ways = quick ? (['uncaught'] as const) : (['uncaught', 'killed', 'out-of-memory'] as const)
  for (const crash of ways) {
    const broken = await runHost({ ...task, ...small, crash, splice: false })
    if (broken.reports === 0) throw new Error(`${crash}: no crash report`)
    hosted.push(broken)
  }
  return hosted
}

function report(findings: readonly { pieces: Readonly<Record<string, number>> }[]): void {
  const pieces: Record<string, number> = {}
  for (const one of findings)
    for (const [sink, count] of Object.entries(one.pieces))
      pieces[sink] = (pieces[sink] ?? 0) + count
  for (const [sink, count] of Object.entries(pieces)) tell(`${String(count).padStart(9)}  ${sink}`)
}
