import type { Platform } from '../../platforms/platform.ts'
import { courierNamed, platformNamed } from '../partners.ts'
import type { Posted } from './judge.ts'
import { type Pulled, postedPersonal, pullAll } from './play.ts'
import type { Screen } from './screen.ts'
import { leaks } from './sight.ts'
import { builtIn, draftsIn, ordersIn, type Stage } from './stage.ts'

/** What was posted: in clear, by order; which orders are the request's own; what was answered. */
export interface Posting {
  readonly posted: Posted
  readonly own: ReadonlySet<string>
  readonly answered: string
  /** The documents themselves. */
  readonly documents: string[]
}

/** Posts the request, and says which of its orders cannot be read. */
export async function post(stage: Stage, request: string, screen: Screen): Promise<Posting> {
  const { gateway, platformName } = stage
  const platform = platformNamed(platformName)
  const appKey = gateway.identities.platforms[platformName]?.appKey ?? ''
  const reply = await stage.platform.post(request)
  const posted = postedPersonal(platformName, draftsIn(platform, request, appKey))
  const form = platform.calls === 'native' ? 'natively signed' : 'with an HTTP message signature'
  screen.step(`${platform.title} posts ${posted.size} orders in its own format, ${form}`)
  for (const one of ordersIn(platform, request, appKey)) {
    if ('error' in one) screen.say(`one is refused: ${one.error.message}`)
  }
  screen.expect('the request is taken', reply.status === 200)
  return { posted, own: new Set(posted.keys()), answered: reply.text, documents: [request] }
}

/** Pulls what is owed; where that is one order alone, others post too. */
export async function pull(stage: Stage, posting: Posting, screen: Screen): Promise<Pulled[]> {
  const pulled = await pullWithOthers(stage, posting, screen)
  const courier = courierNamed(stage.courierName)
  screen.step(
    `${courier.title} pulls ${pulled.length} waybills in its own format and checks the seals`,
  )
  const { posted } = posting
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

/** Attacks need the same group of two orders, sealed: the built-in order posted too, then another like it. */
async function pullWithOthers(stage: Stage, posting: Posting, screen: Screen): Promise<Pulled[]> {
  const platform = platformNamed(stage.platformName)
  const builtInOrder = builtIn(platform, courierNamed(stage.courierName))
  let pulled = await pullAll(stage)
  for (const document of [builtInOrder, likeIt(platform, builtInOrder)]) {
    if (pulled.length === 0 || hasPair(pulled)) return pulled
    await postToo(stage, document, posting)
    screen.say('another shop posts too, so that there are others to attack with')
    pulled = await pullAll(stage)
  }
  return pulled
}

function hasPair(pulled: readonly Pulled[]): boolean {
  return (['receiver', 'sender'] as const).some(
    group => pulled.filter(({ seals }) => seals[group] !== undefined).length > 1,
  )
}

/** The same request under other order numbers, of the same form. */
function likeIt(platform: Platform, document: string): string {
  const drafts = draftsIn(platform, document, platform.sandbox.appKey)
  const numbers = new Set(drafts.flatMap(({ platformOrders }) => platformOrders))
  return [...numbers].reduce((text, number) => text.replaceAll(number, otherThan(number)), document)
}

function otherThan(number: string): string {
  return number.replace(/\d/, first => (first === '1' ? '2' : '1'))
}

async function postToo(stage: Stage, document: string, posting: Posting): Promise<void> {
  const { gateway, platformName } = stage
  const appKey = gateway.identities.platforms[platformName]?.appKey ?? ''
  await stage.platform.post(document)
  posting.documents.push(document)
  const drafts = draftsIn(platformNamed(platformName), document, appKey)
  for (const [order, parties] of postedPersonal(platformName, drafts)) {
    if (!posting.posted.has(order)) posting.posted.set(order, parties)
  }
}
