import { type Cell, cellsOf } from './matrix.ts'
import { startStage } from './world.ts'

/** What one worker is to do: every `of`th of the chosen cells, from its own `index` on. */
export interface Order {
  /** Folder that holds the `lib/` and `functions/` which are put to the proof. */
  readonly root: string
  /** One cell in so many: of callers who are let in, and of those who are not. */
  readonly stride: { readonly letIn: number; readonly refused: number }
  readonly seed: number
  readonly index: number
  readonly of: number
  /** Ends at the first wrong cell, as for a planted bug. */
  readonly untilWrong: boolean
}

/** What a worker counted. */
export interface Tally {
  cells: number
  letIn: number
  wrong: number
  /** Errors that are none of ours. */
  bugs: number
  readonly found: string[]
}

async function work(order: Order): Promise<Tally> {
  const tally: Tally = { cells: 0, letIn: 0, wrong: 0, bugs: 0, found: [] }
  const stage = await startStage(order.root)
  try {
    for (const cell of chosen(cellsOf(stage), order)) {
      const wrong = await cell.try().catch((error: unknown) => broken(error))
      tally.cells += 1
      if (cell.isLetIn) tally.letIn += 1
      if (tally.cells % 50 === 0) process.send?.({ cells: 50 })
      if (wrong === undefined) continue
      tally.wrong += 1
      tally.found.push(`${cell.about}: ${wrong}`)
      if (order.untilWrong) break
    }
  } finally {
    await stage.world.stop()
  }
  tally.bugs = stage.bugs.length
  return tally
}

/** A cell that cannot be tried is wrong: an owner's own call did not go well. */
function broken(error: unknown): string {
  return `cannot be tried: ${error instanceof Error ? error.message : typeof error}`
}

/** Callers who are let in come first: what is wrong shows there soonest. */
function chosen(cells: readonly Cell[], { stride, seed, index, of }: Order): Cell[] {
  const every = (some: readonly Cell[], step: number) =>
    some.filter((_cell, n) => n % step === seed % step)
  const letIn = every(
    cells.filter(cell => cell.isLetIn),
    stride.letIn,
  )
  const refused = every(
    cells.filter(cell => !cell.isLetIn),
    stride.refused,
  )
  return [...letIn, ...refused].filter((_cell, n) => n % of === index)
}

const [order] = process.argv.slice(2)
if (order !== undefined) {
  const tally = await work(JSON.parse(order))
  process.send?.({ tally }, () => process.disconnect())
}
