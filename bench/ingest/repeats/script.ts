import { setTimeout as wait } from 'node:timers/promises'
import { orderId } from '../../../lib/model/order-id.ts'
import type { Fault } from './line.ts'
import { INVOCATION_MS, type Kept, type Posted, type Side } from './side.ts'

/** How one case went wrong; `turnedAway` counts honest repeats that met an error although all was well kept. */
export interface Tally {
  cases: number
  /** Acknowledged, and not there or not owed. */
  lost: number
  /** Owed twice. */
  doubled: number
  /** Never acknowledged, however often it was repeated. */
  stuck: number
  /** Another body was acknowledged under the same name, or has replaced the first. */
  replaced: number
  turnedAway: number
}

/** How often a caller repeats, and how long it waits: longer than an invocation. */
const REPEATS = 3
const PAUSE_MS = INVOCATION_MS + 50

/** Requests of an invocation that a fault is tried at; beyond its last one nothing happens. */
const DEEPEST = 5

const AT_ONCE = 5

let count = 0

/** An order whose name nobody has. */
export function newOrder(): Posted {
  const platformOrders = [String(++count)]
  const order = orderId({ platform: 'lark', platformOrders, parcel: '-' })
  return { order, body: JSON.stringify({ count }) }
}

/** Runs the fault script against one side. */
export async function runScript(side: Side): Promise<Tally> {
  const tally = { cases: 0, lost: 0, doubled: 0, stuck: 0, replaced: 0, turnedAway: 0 }
  const kinds = ['lost', 'gone-before', 'gone-after'] as const
  for (let at = 0; at < DEEPEST; at++) {
    for (const kind of kinds) await faulty(side, { at, kind }, tally)
  }
  for (let n = 0; n < DEEPEST; n++) {
    await changed(side, tally)
    await atOnce(side, tally)
  }
  return tally
}

/** One invocation, as its caller sees it. */
async function invoke({ line, take }: Side, posted: Posted, fault?: Fault): Promise<boolean> {
  const gone = line.begin(fault)
  const taken = await Promise.race([take(posted), gone]).then(
    () => true,
    () => false,
  )
  line.end()
  return taken
}

async function faulty(side: Side, fault: Fault, tally: Tally): Promise<void> {
  const posted = newOrder()
  let taken = await invoke(side, posted, fault)
  for (let n = 0; n < REPEATS && !taken; n++) {
    await wait(PAUSE_MS)
    taken = await invoke(side, posted)
  }
  judge(await side.kept(posted.order), posted, taken, tally)
}

/** The same name with another body: refused, and the first one stays. */
async function changed(side: Side, tally: Tally): Promise<void> {
  const posted = newOrder()
  const taken = await invoke(side, posted)
  const other = await invoke(side, { ...posted, body: '{"count":"another"}' })
  const kept = await side.kept(posted.order)
  if (other || kept.bodies[0] !== posted.body) tally.replaced += 1
  judge({ ...kept, bodies: [posted.body] }, posted, taken, tally)
}

/** The same request several times at once: one order, and everybody is told so. */
async function atOnce(side: Side, tally: Tally): Promise<void> {
  const posted = newOrder()
  const told = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => side.take(posted)))
  const away = told.filter(({ status }) => status === 'rejected').length
  tally.turnedAway += away
  judge(await side.kept(posted.order), posted, away < AT_ONCE, tally)
}

function judge({ bodies, owed }: Kept, posted: Posted, taken: boolean, tally: Tally): void {
  tally.cases += 1
  const whole = bodies.length === 1 && bodies[0] === posted.body && owed > 0
  if (!taken) tally.stuck += 1
  else if (!whole) tally.lost += 1
  if (owed > 1) tally.doubled += 1
}
