// What LastHop promises, as simply as it can be said: one order after the other, one thing at a time.

import type { Command, Group, Owed } from './commands.ts'

type State = 'posted' | 'accepted' | 'cancelling' | 'refused' | 'cancelled' | 'expired'

/** An order in one of its lives. */
interface Known {
  state: State
  life: number
  body: number
  request: string
  signedAt: number
  deadline: number
  closedAt: number
  wish: { readonly what: string; readonly at: number } | undefined
  wrong: number[]
  changes: number
  held: boolean
  denied: boolean
  collected: boolean
  shredded: Group[]
  due: Owed | undefined
}

interface Holder {
  epoch: number
  life: number
  hop: string | undefined
  /** The seal whose end the courier has signed, which the router releases no more. */
  ended: string | undefined
}

/** All that is known, by name: `1`, and `1~2` for the second life of a parcel. */
export interface Reference {
  readonly orders: Map<string, Known>
  readonly holders: Map<string, Holder>
  readonly owed: Set<Owed>
}

const OFFER_MS = 7_200_000
const [MOST_WRONG, MOST_LIVES] = [5, 20]

export const emptyReference = (): Reference => ({
  ...{ orders: new Map(), holders: new Map(), owed: new Set() },
})

/** A reference that may be tried upon without harm. */
export function copyOf({ orders, holders, owed }: Reference): Reference {
  return {
    orders: new Map(
      [...orders].map(([name, known]) => [
        name,
        { ...known, wrong: [...known.wrong], shredded: [...known.shredded] },
      ]),
    ),
    holders: new Map([...holders].map(([name, holder]) => [name, { ...holder }])),
    owed: new Set(owed),
  }
}

const isTaken = ({ state }: Known) => state === 'accepted' || state === 'cancelling'
const isOver = (known: Known) => known.state !== 'posted' && !isTaken(known)

/** Carries out a command; the word that its sender hears. */
export function obey(all: Reference, command: Command): string {
  switch (command.do) {
    case 'post':
      return post(all, command)
    case 'cancel':
    case 'change':
    case 'hold':
      return wish(all, command)
    case 'answer':
      return answer(all, command)
    case 'ack':
      for (const one of command.owed) all.owed.delete(one)
      return 'done'
    case 'push':
      return push(all, command.n)
    case 'assign':
      return assign(all, command)
    case 'release':
      return release(all, command)
    case 'expire':
      for (const [name, known] of all.orders) {
        if (known.state !== 'posted' || known.deadline >= command.at) continue
        close(all, known, 'expired', command.at)
        owe(all, 'courier', 'cancel', name)
        owe(all, 'platform', 'ebill', name)
      }
      return 'done'
    case 'shred':
      for (const known of all.orders.values()) {
        if (isOver(known)) known.shredded = ['receiver', 'sender']
      }
      return 'done'
  }
}

function owe(all: Reference, to: Owed['to'], kind: string, name: string, due = false): Owed {
  const one = { to, kind, name, due }
  all.owed.add(one)
  return one
}

function settle(all: Reference, known: Known): void {
  if (known.due !== undefined) all.owed.delete(known.due)
  known.due = undefined
}

function close(all: Reference, known: Known, state: State, at: number): void {
  settle(all, known)
  Object.assign(known, { state, closedAt: at })
}

function post(all: Reference, { n, body, at }: Extract<Command, { do: 'post' }>): string {
  const request = `${body} ${at}`
  for (let life = 1; life <= MOST_LIVES; life++) {
    const name = life === 1 ? `${n}` : `${n}~${life}`
    const known = all.orders.get(name)
    const isNew = known !== undefined && request !== known.request && at > known.closedAt
    const isAgain =
      known === undefined ||
      (known.state === 'expired' && at > known.closedAt) ||
      (known.state === 'refused' && isNew)
    if (isAgain) {
      const due = owe(all, 'courier', 'waybill', name, true)
      const fresh = { wish: undefined, wrong: [], changes: 0, held: false, denied: false }
      all.orders.set(name, {
        ...{ state: 'posted', life: (known?.life ?? 0) + 1, body, request, signedAt: at },
        ...{ deadline: at + OFFER_MS, closedAt: 0, collected: false, shredded: [], due, ...fresh },
      })
      return 'pending'
    }
    if (known.state === 'cancelled' && isNew) continue
    return repeat(known, body)
  }
  return 'failed'
}

/** Before the answer bodies are compared, and five others lock the order; after it the outcome is told. */
function repeat(known: Known, body: number): string {
  if (known.state === 'posted') {
    if (known.wrong.length >= MOST_WRONG) return 'failed order-locked'
    if (known.body === body) return 'pending'
    if (!known.wrong.includes(body)) known.wrong.push(body)
    return 'failed order-changed'
  }
  if (known.state === 'cancelled') return 'cancelled'
  if (isTaken(known)) return known.body === body ? 'accepted' : 'accepted changed'
  return known.state === 'refused' ? 'refused out-of-range' : 'refused expired'
}

/** Of the lives of a parcel the newest that was there when the wish was signed; else the first. */
function meant(all: Reference, n: number, at: number): [name: string, known: Known] | undefined {
  const lives = [...all.orders].filter(([name]) => name.split('~')[0] === `${n}`)
  const number = (name: string) => Number(name.split('~')[1] ?? 1)
  lives.sort(([a], [b]) => number(a) - number(b))
  return lives.findLast(([, { signedAt }]) => signedAt <= at) ?? lives[0]
}

function wish(
  all: Reference,
  command: Extract<Command, { do: 'cancel' | 'change' | 'hold' }>,
): string {
  const found = meant(all, command.n, command.at)
  if (found === undefined) return 'unknown'
  const [name, known] = found
  const { at } = command
  const isStale = at < known.signedAt || at < (known.wish?.at ?? 0)
  if (command.do === 'cancel') return cancel(all, name, known, at, isStale)
  if (isOver(known)) return `closed ${known.state}`
  const what = command.do === 'hold' ? (command.on ? 'held' : 'resumed') : `to ${command.to}`
  if (known.wish?.what === what && at >= known.signedAt) {
    known.wish = { what, at: Math.max(known.wish.at, at) }
    return 'done'
  }
  const isTie = at === known.wish?.at && !(command.do === 'hold' && command.on)
  if (isStale || isTie) return 'failed order-changed'
  if (command.do === 'change') return change(all, name, known, { what, at })
  known.wish = { what, at }
  if (command.on !== known.held) owe(all, 'courier', 'change', name)
  known.held = command.on
  return 'done'
}

function change(
  all: Reference,
  name: string,
  known: Known,
  wished: { what: string; at: number },
): string {
  if (known.state !== 'posted') return `too-late${known.collected ? ' collected' : ''}`
  settle(all, known)
  known.due = owe(all, 'courier', 'waybill', name, true)
  if (known.held) owe(all, 'courier', 'change', name)
  known.shredded = known.shredded.filter(group => group !== 'receiver')
  Object.assign(known, { wish: wished, held: false, changes: known.changes + 1 })
  return 'done'
}

function cancel(all: Reference, name: string, known: Known, at: number, isStale: boolean): string {
  const { state } = known
  if ((state === 'posted' || state === 'accepted') && isStale) return 'failed order-changed'
  if (state === 'posted') {
    close(all, known, 'cancelled', at)
    owe(all, 'courier', 'cancel', name)
    return 'cancelled'
  }
  if (state === 'cancelled') return 'cancelled'
  if (state === 'cancelling') return 'asked'
  if (isOver(known)) return `closed ${state}`
  if (known.denied) return 'denied'
  if (known.collected) return 'too-late collected'
  known.state = 'cancelling'
  known.due = owe(all, 'courier', 'cancel', name, true)
  return 'asked'
}

function answer(
  all: Reference,
  { name, due, yes, at }: Extract<Command, { do: 'answer' }>,
): string {
  const known = all.orders.get(name)
  if (known === undefined) return 'not-found'
  if (due.kind === 'cancel') return cancelAnswer(all, name, known, due, yes, at)
  if (known.state === 'posted' && known.due === due) {
    owe(all, 'platform', 'ebill', name)
    if (!yes) {
      close(all, known, 'refused', at)
      return 'refused'
    }
    settle(all, known)
    known.state = 'accepted'
    return 'accepted'
  }
  if (isTaken(known)) return yes ? 'same' : 'order-changed'
  return known.state === 'refused' && !yes ? 'same' : 'entry-gone'
}

function cancelAnswer(
  all: Reference,
  name: string,
  known: Known,
  due: Owed,
  yes: boolean,
  at: number,
): string {
  if (known.state === 'cancelling' && known.due === due) {
    owe(all, 'platform', 'cancel', name)
    if (yes) {
      close(all, known, 'cancelled', at)
      return 'cancelled'
    }
    settle(all, known)
    Object.assign(known, { state: 'accepted', denied: true })
    return 'cancel-denied'
  }
  const isSame = yes ? known.state === 'cancelled' : known.state === 'accepted' && known.denied
  return isSame ? 'same' : 'entry-gone'
}

/** An event of the first life's parcel, once it has a number: that it was collected. */
function push(all: Reference, n: number): string {
  const known = all.orders.get(`${n}`)
  if (known === undefined) return 'taken'
  known.collected = true
  owe(all, 'platform', 'tracking', `${n}`)
  return 'taken'
}

function assign(all: Reference, command: Extract<Command, { do: 'assign' }>): string {
  const { n, group, hop, epoch, done, rev } = command
  const known = all.orders.get(`${n}`)
  if (known === undefined) return 'not-found'
  if (!done) {
    if (known.shredded.includes(group)) return 'release-refused'
    if (!isTaken(known) || known.held) return 'state-conflict'
    if (rev !== (group === 'receiver' ? 1 + known.changes : 1)) return 'assignment-invalid'
  }
  const place = `${n} ${group}`
  if (epoch !== (all.holders.get(place)?.epoch ?? 0) + 1) return 'epoch-stale'
  const seal = `${known.life} ${rev}`
  const before = all.holders.get(place)?.ended
  const ended = done ? seal : before
  all.holders.set(place, { epoch, life: known.life, hop: done ? undefined : hop, ended })
  if (before === seal) return 'release-refused'
  if (done && !known.shredded.includes(group)) known.shredded.push(group)
  return done ? 'ended' : 'released'
}

function release(all: Reference, { n, group, hop }: Extract<Command, { do: 'release' }>): string {
  const known = all.orders.get(`${n}`)
  const holder = all.holders.get(`${n} ${group}`)
  const isOpen = known !== undefined && isTaken(known) && !known.held
  const isHolder = holder?.hop === hop && holder.life === known?.life
  return isOpen && isHolder && !known.shredded.includes(group) ? 'released' : 'release-refused'
}
