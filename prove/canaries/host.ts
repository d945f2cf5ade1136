import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOver } from 'node:timers/promises'
import { chanceOf } from '../seals/chance.ts'
import { type Faults, standBefore } from './faults.ts'
import { searchFiles } from './files.ts'
import { plantAll } from './matrix.ts'
import { createOutlets } from './outlets.ts'
import { type Counts, hear, marker, type Player, post, type Script, serve } from './play.ts'
import { createSearch, type Hit } from './search.ts'
import { type Stage, setStage } from './stage.ts'
import { searchTables } from './tables.ts'

/** What a host process is to do. */
export interface Task extends Script {
  /** Folder that holds the `lib/` and `functions/` which are put to the proof. */
  readonly root: string
  /** Where the embedded database keeps its file. */
  readonly folder: string
  /** How likely each kind of fault is, for any call. */
  readonly faults: number
  /** How many requests are under way at a time. */
  readonly lanes: number
  /** Whether leaks are spliced into what each sink got, in every encoding. */
  readonly splice: boolean
  /** Ends itself in the middle, in this way. */
  readonly crash?: 'uncaught' | 'out-of-memory' | 'killed'
}

/** What a host found. */
export interface Findings {
  readonly counts: Counts
  readonly injected: Faults['injected']
  readonly hits: readonly Hit[]
  /** Pieces by sink. */
  readonly pieces: Readonly<Record<string, number>>
  readonly megabytes: number
  readonly spliced: number
  readonly splicedFound: number
  readonly missed: readonly string[]
}

async function host(task: Task): Promise<Findings> {
  const search = createSearch()
  const outlets = createOutlets(search)
  const chance = chanceOf(task.seed + task.first)
  const faults = standBefore(outlets, chance)
  const stage = await setStage(task.root, task.folder, outlets)
  const counts = {
    ...{ orders: 0, cancelled: 0, changed: 0, refused: 0, spoilt: 0 },
    ...{ pushed: 0, assigned: 0, opened: 0, kept: 0 },
  }
  const mark = marker(task.seed, search.know)
  const player = {
    stage,
    script: task,
    chance,
    outlets,
    counts,
    mark,
    names: new Set<string>(),
    seen: new Set<string>(),
  }
  if (task.crash !== undefined) crash(task.crash, counts)
  faults.likelihood = task.faults
  await playAll(player, task.lanes)
  faults.likelihood = 0
  await settle(player)
  await searchTables(stage.world.dynamodb, stage.world.aws.region, outlets)
  searchFiles(task.folder, outlets)
  checkpoint(task.folder)
  searchFiles(task.folder, outlets)
  await stage.world.stop()
  const planted = task.splice ? plantAll(outlets.last, task.seed) : { all: 0, missed: [] }
  return {
    ...{ counts, injected: faults.injected, hits: search.hits, pieces: outlets.pieces },
    megabytes: Math.round(search.bytes / 1e6),
    spliced: planted.all,
    splicedFound: planted.all - planted.missed.length,
    missed: planted.missed,
  }
}

/** All requests in lanes beside each other, while couriers and platforms take what they are owed. */
async function playAll(player: Player, lanes: number): Promise<void> {
  const turns = Math.ceil(player.script.orders / player.script.batch)
  let [turn, posting] = [0, lanes]
  const lane = async () => {
    while (turn < turns) {
      const mine = turn++
      await post(player, mine)
      if (mine % 32 === 31) process.send?.({ orders: player.counts.orders })
    }
    posting -= 1
  }
  const until = async (work: () => Promise<number>) => {
    while ((await work()) > 0 || posting > 0) await turnOver()
  }
  const { stage } = player
  await Promise.all([
    ...Array.from({ length: lanes }, lane),
    ...stage.couriers.map(courier => until(() => serve(player, courier))),
    ...stage.platforms.map(platform => until(() => hear(player, platform))),
    until(() => tidy(stage)),
  ])
}

/** What runs every minute. */
async function tidy(stage: Stage): Promise<number> {
  await new Promise(done => setTimeout(done, 500))
  await stage.shred()
  await stage.sweep()
  return 0
}

async function settle(player: Player): Promise<void> {
  const { stage } = player
  for (const courier of stage.couriers) while ((await serve(player, courier)) > 0);
  for (const platform of stage.platforms) while ((await hear(player, platform)) > 0);
  await tidy(stage)
}

/** What lies in the log goes into the database's file, where it was written over others. */
function checkpoint(folder: string): void {
  const database = new DatabaseSync(join(folder, 'dynamodb', 'dynoxide.db'), { timeout: 5_000 })
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}

/** Ends the process once orders are under way. */
function crash(way: NonNullable<Task['crash']>, counts: Counts): void {
  const watch = setInterval(() => {
    if (counts.orders < 40) return
    clearInterval(watch)
    if (way === 'uncaught') throw new Error('planned')
    if (way === 'killed') process.kill(process.pid, 'SIGUSR2')
    const hoard: string[] = []
    while (way === 'out-of-memory') hoard.push('x'.repeat(1000) + hoard.length)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300)
  }, 5)
}

process.once('disconnect', () => process.exit(1))
process.once('message', (task: Task) => {
  void host(task).then(findings => process.send?.({ findings }, () => process.exit(0)))
})
