import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import { type Budget, type StorePorts, storeAway } from './client.ts'
import { type Head, isExpired, phaseOf } from './head.ts'
import { type Doc, docOf, headOf, textOf } from './items.ts'
import { chunks, readHeads } from './read.ts'
import type { Decide } from './step.ts'
import { isBlocked, isFailed, randomName, transact } from './transact.ts'
import { checkSizes, MOST_ITEMS, type Plan, planStep, type Write } from './write.ts'

/** A margin below the 4 MB that the service lets one transaction hold. */
const MOST_BYTES = 3 * 1024 * 1024

/** How often a step is decided anew because another came in between. */
const MOST_TRIES = 5

/** How often a transaction of many orders is blocked before it is split. */
const MOST_BLOCKS = 3

/** An order on its way to its next step. */
export interface Job<Outcome> {
  readonly order: string
  readonly decide: Decide<Outcome>
  /** The head as last known; undefined where none is known of. */
  head: Head | undefined
  result?: JobResult<Outcome>
}

/** What became of a job. */
export type JobResult<Outcome> =
  | {
      readonly head: Head | undefined
      readonly outcome: Outcome
      /** Whether a step was written. */
      readonly wrote: boolean
      /** The documents, where they came along. */
      readonly doc?: Doc
    }
  | { readonly error: GatewayError }

/** A job with what its tries have taught. */
interface Attempt<Outcome> {
  readonly job: Job<Outcome>
  tries: number
  /** What was decided, by the name of the write: one may have been kept although no reply came. */
  readonly sent: Map<string, Kept<Outcome>>
  readonly takeOver: Map<string, string>
  readonly without: Set<string>
  anew: boolean
  doc: Doc | undefined
}

/** What is true once a step is kept. */
interface Kept<Outcome> {
  readonly head: Head
  readonly outcome: Outcome
}

/** An attempt that is ready to be sent. */
interface Ready<Outcome> extends Plan {
  readonly attempt: Attempt<Outcome>
  readonly kept: Kept<Outcome>
}

interface Run {
  readonly ports: StorePorts
  readonly budget: Budget
}

/**
 * Decides and writes until every job has its result. Jobs share transactions as far as these hold
 * them; what stops one job does not stop its neighbours.
 */
export async function commit<Outcome>(
  ports: StorePorts,
  budget: Budget,
  jobs: readonly Job<Outcome>[],
): Promise<void> {
  const attempts = jobs.map(job => {
    const sent = new Map<string, Kept<Outcome>>()
    const known = { takeOver: new Map<string, string>(), without: new Set<string>() }
    return { job, tries: 0, sent, ...known, anew: false, doc: undefined }
  })
  await run({ ports, budget }, attempts, 0)
}

/** Decides all, packs what wants to be written, and sends each pack. */
async function run<O>(on: Run, attempts: readonly Attempt<O>[], blocked: number): Promise<void> {
  const decided = attempts.map(attempt => decide(on, attempt)).filter(one => one !== undefined)
  await Promise.all(decided.map(one => sendEarly(on, one)))
  const ready = decided.filter(one => one.attempt.job.result === undefined)
  const packs = (blocked >= MOST_BLOCKS ? halves(ready) : [ready]).flatMap(pack)
  await Promise.all(packs.map(part => sendPack(on, part, packs.length > 1 ? 0 : blocked)))
}

/** Decides upon the newest known head; undefined when nothing is to be written. */
function decide<O>({ ports }: Run, attempt: Attempt<O>): Ready<O> | undefined {
  const { job, takeOver, without, anew } = attempt
  if (job.result !== undefined) return undefined
  try {
    const { outcome, step } = job.decide(job.head)
    if (step === undefined) {
      job.result = { head: job.head, outcome, wrote: false, ...docIn(attempt) }
      return undefined
    }
    checkSizes(step)
    const by = randomName(ports)
    const { tables } = ports
    const known = { before: job.head, takeOver, without, anew }
    const ground = { tables, by, ...known }
    const kept = { head: step.head, outcome }
    attempt.sent.set(by, kept)
    return { attempt, kept, ...planStep(step, ground) }
  } catch (error) {
    giveUp([attempt])(error)
    return undefined
  }
}

/** The documents that a failed try brought, unless they are of another life or were written anew since. */
function docIn<O>({ job: { head }, doc }: Attempt<O>): { doc?: Doc } {
  if (doc === undefined || head === undefined) return {}
  return doc.life === head.life && doc.version >= head.docVersion ? { doc } : {}
}

/** Packs jobs so that no transaction holds too much or touches an item twice. */
function pack<O>(all: readonly Ready<O>[]): Ready<O>[][] {
  const packs: { ready: Ready<O>[]; targets: Set<string>; bytes: number }[] = []
  for (const one of all) {
    const bytes = one.writes.reduce((sum, write) => sum + write.bytes, 0)
    const last = packs.at(-1)
    const fits =
      last !== undefined &&
      last.targets.size + one.writes.length <= MOST_ITEMS &&
      last.bytes + bytes <= MOST_BYTES &&
      !one.writes.some(write => last.targets.has(write.target))
    const into = fits ? last : { ready: [], targets: new Set<string>(), bytes: 0 }
    if (!fits) packs.push(into)
    into.ready.push(one)
    into.bytes += bytes
    for (const write of one.writes) into.targets.add(write.target)
  }
  return packs.map(one => one.ready)
}

function halves<T>(list: readonly T[]): T[][] {
  return chunks(list, Math.max(1, Math.ceil(list.length / 2)))
}

/** Sends one transaction. When it is not kept, what it said decides how the rest goes on. */
async function sendPack<O>(on: Run, part: readonly Ready<O>[], blocked: number): Promise<void> {
  const attempts = part.map(one => one.attempt)
  try {
    const writes = part.flatMap(one => one.writes)
    const reasons = await transact(on.ports, on.budget, writes)
    if (reasons.length === 0) {
      for (const { attempt, kept } of part) finish(attempt, kept)
      return
    }
    await learn(on, part, reasons)
    await run(on, attempts, blocked + 1)
  } catch (error) {
    giveUp(attempts)(error)
  }
}

/** Look-ups that are too many for the order's own transaction go first: the order's commits last. */
async function sendEarly<O>(on: Run, { attempt, early }: Ready<O>): Promise<void> {
  try {
    for (const part of chunks(early, MOST_ITEMS)) {
      const reasons = await transact(on.ports, on.budget, part)
      if (reasons.length === 0) continue
      await on.budget.pause(undefined)
      for (const [at, write] of part.entries()) await learnRef(on, attempt, write, reasons[at])
      const again = decide(on, attempt)
      if (again !== undefined) await sendEarly(on, again)
      return
    }
  } catch (error) {
    giveUp([attempt])(error)
  }
}

/** Takes from the reasons what each job must know for its next try; waits where others crowd. */
async function learn<O>(
  on: Run,
  part: readonly Ready<O>[],
  reasons: CancellationReason[],
): Promise<void> {
  let at = 0
  for (const { attempt, writes } of part) {
    const own = reasons.slice(at, at + writes.length)
    at += writes.length
    const reasonOf = (role: Write['role']) => own[writes.findIndex(write => write.role === role)]
    const head = reasonOf('head')
    const doc = reasonOf('doc')
    if (isFailed(head)) learnHead(attempt, head)
    if (isFailed(doc)) learnDoc(attempt, doc)
    if (isFailed(head)) continue
    for (const [i, write] of writes.entries()) await learnRef(on, attempt, write, own[i])
  }
  const blocked = reasons.some(isBlocked)
  const crowded = part.some(({ attempt }) => attempt.tries > 1)
  if (blocked || crowded) await on.budget.pause(reasons)
}

/** Another step came first, unless it is our own whose reply was lost. */
function learnHead<O>(attempt: Attempt<O>, reason: CancellationReason): void {
  attempt.job.head = headOf(reason.Item)
  const own = attempt.sent.get(textOf(reason.Item, 'by') ?? '')
  if (own !== undefined) finish(attempt, own)
  else countTry(attempt)
}

/** Documents are there: those of the order that came first, or some that were left without a head. */
function learnDoc<O>(attempt: Attempt<O>, reason: CancellationReason): void {
  attempt.doc = docOf(reason.Item)
  if (attempt.job.head !== undefined) return
  attempt.anew = true
  countTry(attempt)
}

/**
 * A number or a parcel is held by another order: it may be taken when that order is over; else the
 * step is refused, or goes on without a look-up that it can do without.
 */
async function learnRef<O>(
  on: Run,
  attempt: Attempt<O>,
  write: Write,
  reason: CancellationReason | undefined,
): Promise<void> {
  const holder = textOf(reason?.Item, 'order')
  if (holder === undefined || !['claim', 'ref', 'hint'].includes(write.role)) return
  if (attempt.job.result !== undefined) return
  const head = (await readHeads(on.ports, on.budget, [holder])).get(holder)
  const lives =
    head !== undefined && phaseOf(head) !== 'closed' && !isExpired(head, on.ports.clock())
  if (!lives) attempt.takeOver.set(write.target, holder)
  else if (write.role === 'hint') attempt.without.add(write.target)
  else attempt.job.result ??= { error: heldElsewhere(write) }
  countTry(attempt)
}

/** The same order alone and merged with others is two wishes of one: the platform cancels the first. */
function heldElsewhere({ role }: Write): GatewayError {
  return role === 'claim'
    ? new GatewayError('ORDER_CHANGED', '/platformOrders')
    : new GatewayError('STATE_CONFLICT', '/waybills')
}

function countTry<O>(attempt: Attempt<O>): void {
  attempt.tries += 1
  if (attempt.tries >= MOST_TRIES) attempt.job.result ??= { error: storeAway(undefined) }
}

function finish<O>({ job }: Attempt<O>, { head, outcome }: Kept<O>): void {
  job.result ??= { head, outcome, wrote: true }
}

/** The error is the result of all that have none yet. Anything but our own error is a bug. */
function giveUp<O>(attempts: readonly Attempt<O>[]): (error: unknown) => void {
  return error => {
    if (!(error instanceof GatewayError)) throw error
    for (const { job } of attempts) job.result ??= { error }
  }
}
