import { workingDay } from '../custody/day.ts'
import type { Group, Personal } from '../model/validate.ts'
import { checkSealed } from '../model/validate.ts'
import { builtIn } from './demo/stage.ts'
import { readDocument, readText } from './files.ts'
import { courierNamed, platformNamed, UsageError } from './partners.ts'
import { list, member, type Reply, textOf } from './send.ts'
import { openSession } from './session.ts'
import { openFor } from './station-client.ts'

/** Where the gateway's data folder is, and who speaks. */
export interface VerbOptions {
  readonly data: string
  readonly platform: string
  readonly courier: string
}

/** Prints a reply as JSON. Exit code 1 for an HTTP error, and for one in the results. */
function show(reply: Reply): number {
  console.log(reply.body === undefined ? reply.text : JSON.stringify(reply.body, null, 2))
  return failed(reply) ? 1 : 0
}

function failed(reply: Reply): boolean {
  const results = list(reply.body, 'results')
  return ![reply, ...results].every(one => member(one, 'status') === 200)
}

/** Posts a native order request; the platform's sample without a file. */
export async function post(options: VerbOptions, file?: string): Promise<number> {
  const document = file === undefined ? sampleFor(options) : readText(file)
  return show(await openSession(options.data).platform(options.platform).post(document))
}

/** The platform's built-in order, for the courier that delivers. */
function sampleFor({ platform, courier }: VerbOptions): string {
  return builtIn(platformNamed(platform), courierNamed(courier))
}

/** Every page of a feed as one reply; the page that could not be read in its stead. */
async function wholeFeed(page: (after?: string) => Promise<Reply>): Promise<Reply> {
  let reply = await page()
  const entries = list(reply.body, 'entries')
  for (let after = textOf(reply.body, 'next'); after !== ''; after = textOf(reply.body, 'next')) {
    reply = await page(after)
    if (reply.status !== 200) return reply
    entries.push(...list(reply.body, 'entries'))
  }
  return reply.status === 200 ? { ...reply, body: { entries } } : reply
}

/** Shows what is owed to a platform, and takes it off only once it was shown. */
export async function events(options: VerbOptions & { readonly ack?: boolean }): Promise<number> {
  const platform = openSession(options.data).platform(options.platform)
  const reply = await wholeFeed(platform.events)
  const code = show(reply)
  const ids = list(reply.body, 'entries').map(entry => textOf(entry, 'id'))
  if (code !== 0 || !options.ack || ids.length === 0) return code
  for (const some of inParts(ids)) {
    if (!failed(await platform.ack(some))) continue
    console.error('lasthop: not all could be taken off; they will be shown again')
    return 1
  }
  return 0
}

/** Shows what is owed to a courier, every seal's signature checked. */
export async function pull(options: VerbOptions): Promise<number> {
  const courier = openSession(options.data).courier(options.courier)
  const reply = await wholeFeed(courier.pull)
  for (const entry of list(reply.body, 'entries')) {
    for (const group of ['sender', 'receiver']) {
      const seal: unknown = member(entry, 'sealed', group)
      if (seal !== undefined) courier.check(checkSealed(seal))
    }
  }
  return show(reply)
}

/** Answers entries: with a native document from a file, or as the courier's sandbox does. */
export async function answer(options: VerbOptions, id?: string, file?: string): Promise<number> {
  const courier = openSession(options.data).courier(options.courier)
  if (id !== undefined && file !== undefined) {
    return show(await courier.answer([{ id, document: readDocument(file) }]))
  }
  const feed = await wholeFeed(courier.pull)
  if (feed.status !== 200) return show(feed)
  const answers = sandboxAnswers(options.courier, list(feed.body, 'entries'), id)
  if (id !== undefined && answers.length === 0) throw new UsageError('no such entry is owed')
  const results: unknown[] = []
  for (const some of inParts(answers)) {
    const reply = await courier.answer(some)
    if (reply.status !== 200) return show(reply)
    results.push(...list(reply.body, 'results'))
  }
  return show({ ...feed, body: { results } })
}

function sandboxAnswers(courier: string, entries: readonly unknown[], id?: string) {
  const { sandbox } = courierNamed(courier)
  return entries
    .filter(entry => textOf(entry, 'kind') === 'waybill')
    .filter(entry => id === undefined || textOf(entry, 'id') === id)
    .map(entry => ({
      id: textOf(entry, 'id'),
      document: sandbox.answer(member(entry, 'document')),
    }))
}

/** As many as a page has: a call's body is limited. */
function inParts<T>(all: readonly T[], most = 50): T[][] {
  const parts = Math.ceil(all.length / most)
  return Array.from({ length: parts }, (_, i) => all.slice(i * most, (i + 1) * most))
}

/** Assigns a group of an order to a hop. The entry, as it was pulled, is read from a file. */
export async function assign(
  options: VerbOptions & { readonly group: string; readonly epoch: string; readonly day?: string },
  file: string,
  order: string,
  hop: string,
): Promise<number> {
  const group = groupOf(options.group)
  const epoch = wholeNumber(options.epoch, '--epoch')
  const courier = openSession(options.data).courier(options.courier)
  const document = readDocument(file)
  const entries = list(document, 'entries')
  const entry = (entries.length > 0 ? entries : [document]).find(
    one => textOf(one, 'order') === order,
  )
  const sealed: unknown = member(entry, 'sealed', group)
  if (sealed === undefined) throw new UsageError(`no seal of the ${group} of this order in ${file}`)
  const seal = courier.check(checkSealed(sealed))
  const leg = group === 'receiver' ? 'delivery' : 'pickup'
  const { day } = options
  const more = day === undefined ? {} : { day }
  return show(await courier.assign([{ seal, leg, hop, epoch, ...more }]))
}

/** Opens a group of an order at a hop, with the tokens that its identity provider signs for it. */
export async function open(
  options: VerbOptions & { readonly group: string; readonly rev: string; readonly day?: string },
  order: string,
  hop: string,
): Promise<number> {
  const rev = wholeNumber(options.rev, '--rev')
  const { ports, issuer } = openSession(options.data).station(options.courier)
  const tokens = issuer.tokens(hop, options.day ?? workingDay(new Date()))
  const of = { order, group: groupOf(options.group), rev }
  const personal: Personal = await openFor(ports, tokens, of)
  console.log(JSON.stringify(personal, null, 2))
  return 0
}

function groupOf(text: string): Group {
  if (text === 'sender' || text === 'receiver') return text
  throw new UsageError('--group is sender or receiver')
}

function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`${name} wants a whole number from 1`)
}
