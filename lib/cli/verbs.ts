import { workingDay } from '../custody/day.ts'
import type { Group, Personal } from '../model/validate.ts'
import { checkSealed } from '../model/validate.ts'
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
  const results = list(reply.body, 'results')
  return [reply, ...results].every(one => member(one, 'status') === 200) ? 0 : 1
}

/** Posts a native order request; the platform's sample without a file. */
export async function post(options: VerbOptions, file?: string): Promise<number> {
  const sample = JSON.stringify(platformNamed(options.platform).sandbox.request)
  const document = file === undefined ? sample : readText(file)
  return show(await openSession(options.data).platform(options.platform).post(document))
}

/** Shows what is owed to a platform. */
export async function events(options: VerbOptions & { readonly ack?: boolean }): Promise<number> {
  const platform = openSession(options.data).platform(options.platform)
  const reply = await platform.events()
  if (options.ack) {
    await platform.ack(list(reply.body, 'entries').map(entry => textOf(entry, 'id')))
  }
  return show(reply)
}

/** Shows what is owed to a courier, every seal's signature checked. */
export async function pull(options: VerbOptions): Promise<number> {
  const courier = openSession(options.data).courier(options.courier)
  const reply = await courier.pull()
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
  const { sandbox } = courierNamed(options.courier)
  const owed = list((await courier.pull()).body, 'entries').filter(
    entry =>
      textOf(entry, 'kind') === 'waybill' && (id === undefined || textOf(entry, 'id') === id),
  )
  if (id !== undefined && owed.length === 0) throw new UsageError('no such entry is owed')
  const answers = owed.map(entry => ({
    id: textOf(entry, 'id'),
    document: sandbox.answer(member(entry, 'document')),
  }))
  return show(await courier.answer(answers))
}

/** Assigns a group of an order to a hop. The entry, as it was pulled, is read from a file. */
export async function assign(
  options: VerbOptions & { readonly group: string; readonly epoch: string; readonly day?: string },
  file: string,
  order: string,
  hop: string,
): Promise<number> {
  const group = groupOf(options.group)
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
  return show(await courier.assign([{ seal, leg, hop, epoch: Number(options.epoch), ...more }]))
}

/** Opens a group of an order at a hop, with the tokens that its identity provider signs for it. */
export async function open(
  options: VerbOptions & { readonly group: string; readonly rev: string; readonly day?: string },
  order: string,
  hop: string,
): Promise<number> {
  const { ports, issuer } = openSession(options.data).station(options.courier)
  const tokens = issuer.tokens(hop, options.day ?? workingDay(new Date()))
  const of = { order, group: groupOf(options.group), rev: Number(options.rev) }
  const personal: Personal = await openFor(ports, tokens, of)
  console.log(JSON.stringify(personal, null, 2))
  return 0
}

function groupOf(text: string): Group {
  if (text === 'sender' || text === 'receiver') return text
  throw new UsageError('--group is sender or receiver')
}
