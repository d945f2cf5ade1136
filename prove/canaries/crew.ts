import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { searchFiles } from './files.ts'
import type { Findings, Task } from './host.ts'
import { createOutlets } from './outlets.ts'
import { marker } from './play.ts'
import { createSearch, type Hit } from './search.ts'

/** What came of a host: its findings unless it was to crash, and what its process left behind. */
export interface Hosted {
  readonly findings: Findings | undefined
  /** In its output and its crash reports. */
  readonly hits: readonly Hit[]
  readonly reports: number
  /** What it wrote, where it broke down without being asked to. */
  readonly output: string
}

const FLAGS = {
  uncaught: [],
  'out-of-memory': ['--report-on-fatalerror', '--max-old-space-size=160'],
  killed: ['--report-on-signal', '--report-signal=SIGUSR2'],
}

/** Runs a host in a process of its own to its end; all that the process writes is searched. */
export async function runHost(
  task: Omit<Task, 'folder'>,
  onOrders: (orders: number) => void = () => {},
): Promise<Hosted> {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-canaries-'))
  const files = ['stdout', 'stderr'].map(name => join(folder, name))
  const [out = 0, err = 0] = files.map(file => openSync(file, 'w'))
  try {
    const flags = task.crash === undefined ? [] : FLAGS[task.crash]
    const host = join(import.meta.dirname, 'host.ts')
    const child = spawn(
      process.execPath,
      [...flags, '--report-uncaught-exception', `--report-directory=${folder}`, host],
      {
        stdio: ['ignore', out, err, 'ipc'],
        env: { PATH: process.env.PATH },
      },
    )
    const findings = await findingsOf(child, { ...task, folder: join(folder, 'data') }, onOrders)
    return { findings, ...left(folder, task) }
  } finally {
    for (const file of [out, err]) closeSync(file)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function findingsOf(
  child: ChildProcess,
  task: Task,
  onOrders: (orders: number) => void,
): Promise<Findings | undefined> {
  let findings: Findings | undefined
  child.on('message', (message: { orders: number } | { findings: Findings }) => {
    if ('findings' in message) findings = message.findings
    else onOrders(message.orders)
  })
  child.send(task)
  await once(child, 'exit')
  return findings
}

/** Output and crash reports of a host, searched for the marks that it used. */
function left(folder: string, { seed, first, orders, crash }: Omit<Task, 'folder'>) {
  const search = createSearch()
  const mark = marker(seed, search.know)
  for (let n = first; n < first + orders; n++)
    for (const whose of ['sender', 'receiver', 'changed', 'told'] as const) mark(n, whose)
  const outlets = createOutlets(search)
  const reports = readdirSync(folder).filter(name => name.startsWith('report.'))
  const read = (name: string) => readFileSync(join(folder, name))
  for (const name of ['stdout', 'stderr']) outlets.put(`process ${name}`, read(name))
  for (const name of reports) outlets.put('crash reports', read(name))
  if (crash !== undefined) searchFiles(join(folder, 'data'), outlets)
  const output = read('stderr').toString().slice(-2000)
  return { hits: search.hits, reports: reports.length, output }
}
