import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scanTables } from '../../local/scan.ts'
import type { Personal } from '../../model/validate.ts'
import { courierNamed, platformNamed, UsageError } from '../partners.ts'
import { list, textOf } from '../send.ts'
import { type Attempt, attemptAll, type Held } from './attempts.ts'
import {
  answerAll,
  assignAll,
  drainEvents,
  type Opened,
  openAll,
  type Pulled,
  postedPersonal,
  pullAll,
  pushAll,
} from './play.ts'
import { openScreen, type Screen } from './screen.ts'
import { leaks, longValues, type Parties, shownIn, sightOf, textsIn } from './sight.ts'
import {
  checkReadable,
  draftsIn,
  ordersIn,
  readRequestText,
  type Stage,
  setStage,
} from './stage.ts'

/** What to show. */
export interface DemoOptions {
  readonly platform: string
  readonly courier: string
  /** A native order request of the platform; its own sample by default. */
  readonly order?: string
  /** Folder for the six documents. */
  readonly out?: string
}

/** What the six files hold. */
interface Evidence {
  request: string
  waybill: unknown
  answer: unknown
  platformEvents: unknown
  refused: readonly Attempt[]
  opened: readonly Opened[]
}

/**
 * Plays an order's whole way on this machine, in memory, and says who could see what.
 *
 * @returns 0 when everything that had to hold did, else 1
 */
export async function runDemo(
  options: DemoOptions,
  write: (text: string) => void = text => void process.stdout.write(text),
): Promise<number> {
  const screen = openScreen(write)
  const request = readRequestText(platformNamed(options.platform), options.order)
  checkReadable(platformNamed(options.platform), request, options.order)
  if (options.out !== undefined) makeFolder(options.out)
  const stage = await setStage(options.platform, options.courier)
  try {
    screen.step(`Embedded DynamoDB, KMS and STS run; the gateway is at ${stage.gateway.origin}`)
    const evidence = await play(stage, request, screen)
    if (options.out !== undefined) writeEvidence(options.out, evidence, screen)
  } finally {
    await stage.gateway.stop()
  }
  const { failed } = screen
  write(failed.length === 0 ? '\nEverything held.\n' : `\n${failed.length} expectations failed.\n`)
  return failed.length === 0 ? 0 : 1
}

async function play(stage: Stage, request: string, screen: Screen): Promise<Evidence> {
  const { posted, own, answered } = await post(stage, request, screen)
  const pulled = await pull(stage, posted, screen)
  if ([...own].some(order => !posted.has(order)))
    screen.say(`the platform was answered: ${answered}`)
  if (!pulled.some(({ order }) => own.has(order))) {
    throw new UsageError(`no order was taken; the platform was answered: ${answered}`)
  }
  const { answers, waybills } = await answer(stage, request, pulled, screen)
  const { held, replies } = await assignAll(stage, pulled)
  const released = replies.filter(one => textOf(one, 'outcome') === 'released')
  screen.step(
    `${stage.courierName} assigns each parcel to its last hop: ${released.length} keys wrapped`,
  )
  screen.expect('every assignment is released', released.length === held.length)
  const refused = await attempts(stage, held, screen)
  const opened = await open(stage, posted, held, screen)
  screen.expect('every push is acknowledged', await pushAll(stage, waybills))
  const platformEvents = await drainEvents(stage, screen)
  const last = platformEvents.at(-1)
  screen.step(
    `${stage.courierName} pushes each parcel's way; ${stage.platformName} gets ${platformEvents.length} events`,
  )
  screen.expect('the platform gets tracking', textOf(last, 'kind') === 'tracking')
  const isOwn = (one: Pulled | undefined) => one !== undefined && own.has(one.order)
  const ownOpened = opened.filter(({ order }) => own.has(order))
  await tellSights(stage, { request, posted, pulled, opened: ownOpened, platformEvents }, screen)
  return {
    request,
    waybill: pulled.filter(({ order }) => own.has(order)).map(({ entry }) => entry),
    answer: answers.filter((_, i) => isOwn(pulled[i])),
    platformEvents: platformEvents.filter(event => own.has(textOf(event, 'order'))),
    refused,
    opened: ownOpened,
  }
}

type Posted = Map<string, Parties>

async function post(stage: Stage, request: string, screen: Screen) {
  const { gateway, platformName } = stage
  const platform = platformNamed(platformName)
  const appKey = gateway.identities.platforms[platformName]?.appKey ?? ''
  const reply = await stage.platform.post(request)
  const drafts = draftsIn(platform, request, appKey)
  const posted = postedPersonal(platformName, drafts)
  screen.step(`${platform.title} posts ${posted.size} orders in its own format, natively signed`)
  const all = ordersIn(platform, request, appKey)
  const broken = all.filter(one => 'error' in one)
  for (const one of broken) if ('error' in one) screen.say(`one is refused: ${one.error.message}`)
  screen.expect('the request is taken', reply.status === 200)
  return { posted, own: new Set(posted.keys()), answered: reply.text }
}

/** Another shop's orders, where there is no second order to attack. */
async function postSample(stage: Stage, posted: Posted): Promise<void> {
  const { platformName } = stage
  const platform = platformNamed(platformName)
  const sample = JSON.stringify(platform.sandbox.request)
  await stage.platform.post(sample)
  const drafts = draftsIn(platform, sample, platform.sandbox.appKey)
  for (const [order, parties] of postedPersonal(platformName, drafts)) {
    if (!posted.has(order)) posted.set(order, parties)
  }
}

async function pull(stage: Stage, posted: Posted, screen: Screen): Promise<Pulled[]> {
  let pulled = await pullAll(stage)
  if (pulled.length === 1) {
    await postSample(stage, posted)
    screen.say('another shop posts orders too, so that there are others to attack with')
    pulled = await pullAll(stage)
  }
  const courier = courierNamed(stage.courierName)
  screen.step(
    `${courier.title} pulls ${pulled.length} waybills in its own format and checks the seals`,
  )
  const offered = new Set(pulled.map(({ order }) => order))
  for (const order of posted.keys()) {
    if (offered.delete(order)) continue
    screen.say(`${order} was refused at the door`)
    posted.delete(order)
  }
  screen.expect('nothing is offered that was not posted', offered.size === 0)
  const leaking = pulled.filter(({ order, entry }) => leaks(entry, posted.get(order) ?? {}))
  screen.expect('no waybill holds clear data', leaking.length === 0)
  const text = JSON.stringify(pulled.map(({ entry }) => entry))
  screen.expect('no waybill holds a wrapped key', !text.includes('encrypted_key'))
  return pulled
}

/** Phones and addresses of all parties, but virtual numbers, which stand for them in the open. */
function secretsOf(posted: Posted, pulled: readonly Pulled[]): string[] {
  return pulled.flatMap(({ order, entry }) =>
    (['sender', 'receiver'] as const).flatMap(group => {
      const personal = posted.get(order)?.[group]
      return personal === undefined ? [] : longValues(personal, shownIn(entry, group).virtual)
    }),
  )
}

async function answer(stage: Stage, request: string, pulled: readonly Pulled[], screen: Screen) {
  const { answers, reply } = await answerAll(stage, pulled)
  const results = list(reply.body, 'results')
  const accepted = results.filter(one => textOf(one, 'outcome') === 'accepted')
  screen.expect('every answer is taken', accepted.length === pulled.length)
  const waybills = answers.flatMap(({ document }, i) => {
    const order = pulled[i]?.order ?? ''
    const acceptance = courierNamed(stage.courierName).readAnswer(document, { order })
    return acceptance.outcome === 'accepted'
      ? acceptance.waybills.map(waybill => ({ order, waybill }))
      : []
  })
  const repeat = await stage.platform.post(request)
  const known = waybills.filter(({ waybill }) => repeat.text.includes(waybill))
  screen.step(
    `It answers with ${waybills.length} numbers; the same request again brings ${known.length} of them`,
  )
  screen.expect('the repeat brings a number', known.length > 0)
  return { answers, waybills }
}

/** The same group of two orders, the receivers' if there are two. */
function pairToAttack(held: readonly Held[]): readonly Held[] {
  const pairs = (['receiver', 'sender'] as const).map(group =>
    held.filter(one => one.group === group),
  )
  return pairs.find(pair => pair.length > 1) ?? []
}

async function attempts(stage: Stage, held: readonly Held[], screen: Screen): Promise<Attempt[]> {
  const [target, other] = pairToAttack(held)
  if (target === undefined || other === undefined) {
    screen.expect('there is something sealed to attack', false)
    return []
  }
  const tried = await attemptAll(stage, target, other)
  screen.step('Everybody else tries to open it, with their own true credentials:')
  screen.table(
    ['who', 'tries', 'at', 'gets'],
    tried.map(({ who, attempt, at, error }) => [who, attempt, at, error]),
  )
  for (const { who, attempt, refused } of tried)
    screen.expect(`${who} ${attempt}: refused`, refused)
  return tried
}

async function open(
  stage: Stage,
  posted: Posted,
  held: readonly Held[],
  screen: Screen,
): Promise<Opened[]> {
  const opened = await openAll(stage, held)
  screen.step(`Each parcel's own hop opens it: ${opened.length} seals, each with one KMS Decrypt`)
  const same = opened.filter(({ order, group, personal }) => {
    const wanted = posted.get(order)?.[group]
    return wanted !== undefined && isSamePersonal(personal, wanted)
  })
  screen.expect('the hop reads exactly what was posted', same.length === opened.length)
  const sealed = [...posted.values()].flatMap(parties => Object.values(parties))
  screen.expect('all that was sealed is opened', sealed.length === opened.length)
  return opened
}

function isSamePersonal(a: Personal, b: Personal): boolean {
  const sorted = (one: Personal) => JSON.stringify(Object.entries(one).sort())
  return sorted(a) === sorted(b)
}

async function tellSights(
  stage: Stage,
  seen: {
    request: string
    posted: Posted
    pulled: readonly Pulled[]
    opened: readonly Opened[]
    platformEvents: readonly unknown[]
  },
  screen: Screen,
): Promise<void> {
  const shown = seen.opened.find(({ group }) => group === 'receiver') ?? seen.opened[0]
  if (shown === undefined) return
  const { order, group, personal } = shown
  const entry = seen.pulled.find(one => one.order === order)?.entry
  const shownOf = shownIn(entry, group)
  const tables = await scanTables(stage.gateway.dynamodb, stage.gateway.aws.region)
  const see = (who: string, seenBy: unknown) => sightOf(who, textsIn(seenBy), personal, shownOf)
  const sights = [
    see('the platform, which has it', JSON.parse(seen.request)),
    see('the gateway’s tables and audit', tables),
    see('courier, warehouse, hub, label', entry),
    see('the platform’s events', seen.platformEvents),
    see(`the last hop, ${shown.hop}`, personal),
  ]
  screen.step(`Who could see what of one ${group}:`)
  screen.table(
    ['who', 'name', 'phone', 'address'],
    sights.map(({ who, name, phone, address }) => [who, name, phone, address]),
  )
  const secrets = secretsOf(seen.posted, seen.pulled)
  screen.expect('no table holds clear data', !secrets.some(value => tables.includes(value)))
  screen.expect('the last hop sees it in clear', sights.at(-1)?.name === 'in clear')
}

/** Before anything is played: a folder that cannot be written is said at once. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    throw new UsageError(`cannot write into ${folder}`)
  }
}

function writeEvidence(folder: string, evidence: Evidence, screen: Screen): void {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  const files = {
    '1-request.json': evidence.request,
    '2-waybill.json': json(evidence.waybill),
    '3-answer.json': json(evidence.answer),
    '4-platform-event.json': json(evidence.platformEvents),
    '5-refused.json': json(evidence.refused),
    '6-opened.json': json(evidence.opened),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  screen.say(`${Object.keys(files).join(' ')} are in ${folder}`)
}
