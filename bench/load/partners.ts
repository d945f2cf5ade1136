import { setTimeout as wait } from 'node:timers/promises'
import type { CourierClient } from '../../lib/cli/courier-client.ts'
import type { PlatformClient } from '../../lib/cli/platform-client.ts'
import { list, member, type Reply, textOf } from '../../lib/cli/send.ts'
import type { Session } from '../../lib/cli/session.ts'
import { openFor } from '../../lib/cli/station-client.ts'
import { sandbox } from '../../lib/couriers/sf/sandbox.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Group } from '../../lib/model/validate.ts'

/** What courier, station and platform have done, and how often they were told anything else than yes. */
export interface Counts {
  assigned: number
  opened: number
  events: number
  platformEvents: number
  /** Answers of 429 or 503: tried again. */
  turnedAway: number
  /** Anything else that is not 200. */
  errors: number
  requests: number
}

/** The same, by order where that matters. */
export interface Done extends Counts {
  /** Orders that the courier was shown, and answered. */
  readonly answered: Set<string>
}

/** Of every so many orders one is assigned and opened: the embedded KMS takes RSA's private half for each. */
export const ASSIGN_ONE_IN = 20
const PAUSE_MS = 20
const AGAIN_MS = 200

/** Partners at work until they are told to stop, and then until nothing is left. */
export interface Partners {
  readonly done: Done
  stop(): Promise<void>
}

/** Starts the courier, its station, and the platform that reads its events. */
export function startPartners(session: Session): Partners {
  const done: Done = {
    answered: new Set<string>(),
    ...{ assigned: 0, opened: 0, events: 0, platformEvents: 0 },
    ...{ turnedAway: 0, errors: 0, requests: 0 },
  }
  const state = { stopping: false, busy: false }
  const courier = courierLoop(session, done, state)
  const platform = platformLoop(session, done, state)
  return {
    done,
    async stop() {
      state.stopping = true
      await Promise.all([courier, platform])
    },
  }
}

interface State {
  stopping: boolean
  busy: boolean
}

/** Whether a reply is a yes; what is turned away is waited for. */
async function isYes(done: Done, { status }: Reply): Promise<boolean> {
  done.requests += 1
  if (status === 200) return true
  if (status === 429 || status === 503) done.turnedAway += 1
  else done.errors += 1
  await wait(AGAIN_MS)
  return false
}

async function courierLoop(session: Session, done: Done, state: State): Promise<void> {
  const courier = session.courier('sf')
  for (;;) {
    const { stopping } = state
    const page = await courier.pull()
    if (!(await isYes(done, page))) continue
    const entries = list(page.body, 'entries').filter(one => textOf(one, 'kind') === 'waybill')
    state.busy = entries.length > 0
    if (entries.length > 0) await serve(session, courier, entries, done)
    else if (stopping) return
    else await wait(PAUSE_MS)
  }
}

/** Answers a page, assigns and opens some of it, and pushes that every parcel was collected. */
async function serve(
  session: Session,
  courier: CourierClient,
  entries: readonly unknown[],
  done: Done,
): Promise<void> {
  const answers = entries.map(entry => ({
    id: textOf(entry, 'id'),
    document: sandbox.answer(member(entry, 'document')),
  }))
  const reply = await courier.answer(answers)
  if (!(await isYes(done, reply))) return
  const accepted = new Set(
    list(reply.body, 'results')
      .filter(one => textOf(one, 'outcome') === 'accepted')
      .map(one => textOf(one, 'id')),
  )
  const parcels: { order: string; waybill: string }[] = []
  for (const [n, entry] of entries.entries()) {
    if (!accepted.has(textOf(entry, 'id'))) continue
    const order = textOf(entry, 'order')
    done.answered.add(order)
    const numbers = list(answers[n]?.document, 'msgData', 'waybillNoInfoList')
    parcels.push({ order, waybill: textOf(numbers[0], 'waybillNo') })
    if (done.answered.size % ASSIGN_ONE_IN === 0) await assign(session, courier, entry, done)
  }
  await pushAll(courier, parcels, done)
}

async function assign(session: Session, courier: CourierClient, entry: unknown, done: Done) {
  const group: Group = 'receiver'
  const seal = courier.check(member(entry, 'sealed', group) as Parameters<typeof courier.check>[0])
  const hop = 'station-1'
  const reply = await courier.assign([{ seal, leg: 'delivery', hop, epoch: 1 }])
  if (!(await isYes(done, reply))) return
  done.assigned += 1
  await open(session, { order: seal.order, group, rev: seal.rev }, hop, done)
}

/** The station comes again while the gateway has no time for it. */
async function open(
  session: Session,
  of: Parameters<typeof openFor>[2],
  hop: string,
  done: Done,
): Promise<void> {
  const { ports, issuer } = session.station('sf')
  for (;;) {
    try {
      const tokens = issuer.tokens(hop, workingDay(new Date()))
      const personal = await openFor(ports, tokens, of)
      if (textOf(personal, 'name') !== '') done.opened += 1
      return
    } catch (error) {
      if (!(error instanceof GatewayError) || error.retry !== 'later') throw error
      done.turnedAway += 1
      await wait(AGAIN_MS)
    }
  }
}

/** All parcels of a page in one push, as the courier's own form allows: they are collected. */
async function pushAll(
  courier: CourierClient,
  parcels: readonly { order: string; waybill: string }[],
  done: Done,
): Promise<void> {
  const start = new Date(Date.now() - 3_600_000)
  const pushes = parcels.map(parcel => courier.pushes({ ...parcel, start })[0])
  const [first] = pushes
  if (first === undefined) return
  const routes = pushes.flatMap(push => JSON.parse(push?.body ?? '').Body.WaybillRoute)
  const body = JSON.stringify({ Body: { WaybillRoute: routes } })
  while (!(await isYes(done, await courier.push({ ...first, body }))));
  done.events += routes.length
}

async function platformLoop(session: Session, done: Done, state: State): Promise<void> {
  const platform: PlatformClient = session.platform('douyin')
  for (;;) {
    const { stopping, busy } = state
    const page = await platform.events()
    if (!(await isYes(done, page))) continue
    const ids = list(page.body, 'entries').map(one => textOf(one, 'id'))
    if (ids.length === 0 && stopping && !busy) return
    if (ids.length === 0) await wait(PAUSE_MS)
    else if (await isYes(done, await platform.ack(ids))) done.platformEvents += ids.length
  }
}
