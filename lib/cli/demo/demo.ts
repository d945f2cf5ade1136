import { courierNamed, platformNamed, UsageError } from '../partners.ts'
import { list, textOf } from '../send.ts'
import { type Attempt, attemptAll, type Held } from './attempts.ts'
import { type Evidence, makeFolder, writeEvidence } from './evidence.ts'
import { openAndJudge } from './judge.ts'
import { answerAll, assignAll, drainEvents, type Pulled, pushAll } from './play.ts'
import { post, pull } from './posting.ts'
import { openScreen, type Screen } from './screen.ts'
import { checkReadable, readRequestText, type Stage, setStage } from './stage.ts'
import { tellSights } from './tell.ts'

/** What to show. */
export interface DemoOptions {
  readonly platform: string
  readonly courier: string
  /** A native order request of the platform; its built-in order by default. */
  readonly order?: string
  /** Folder for the six documents. */
  readonly out?: string
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
  const platform = platformNamed(options.platform)
  const request = readRequestText(platform, courierNamed(options.courier), options.order)
  checkReadable(platform, request, options.order)
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

/** Plays the way of the orders in a request, from the platform's post to its events. */
export async function play(stage: Stage, request: string, screen: Screen): Promise<Evidence> {
  const posting = await post(stage, request, screen)
  const { posted, own, answered } = posting
  const pulled = await pull(stage, posting, screen)
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
  const opened = await openAndJudge(stage, posting, held, screen)
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
