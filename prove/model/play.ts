import fc from 'fast-check'
import { permuted } from '../faults/random.ts'
import { type Bench, createWorld } from '../faults/world.ts'
import { chanceOf } from '../seals/chance.ts'
import type { Command, Owed } from './commands.ts'
import { copyOf, emptyReference, obey, type Reference } from './reference.ts'
import { look, newSystem, requestOf, type Seen, type System, send, wordsOf } from './system.ts'

/** A wish for a command, whatever the state: numbers choose among what there is. */
export interface Wished {
  readonly do: Command['do']
  readonly n: number
  readonly pick: number
  readonly yes: boolean
}

/** Wishes that are sent at once, and how much later the next are. */
export interface Round {
  readonly wishes: readonly Wished[]
  readonly later: 'minute' | 'hour' | 'no'
}

/** A sequence of rounds, and the seed of the schedule. */
export interface Sequence {
  readonly rounds: readonly Round[]
  readonly seed: number
}

const verbs: readonly Command['do'][] = [
  ...(['post', 'post', 'post', 'cancel', 'change', 'hold', 'answer', 'answer', 'answer'] as const),
  ...(['ack', 'push', 'assign', 'assign', 'release', 'expire', 'shred'] as const),
]

const wishes: fc.Arbitrary<Wished> = fc.record({
  do: fc.constantFrom(...verbs),
  n: fc.integer({ min: 1, max: 2 }),
  pick: fc.nat(11),
  yes: fc.boolean(),
})

/** Sequences of up to ten commands, some of them at once. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  rounds: fc.array(
    fc.record({
      wishes: fc.array(wishes, { minLength: 1, maxLength: 3 }),
      later: fc.constantFrom('minute', 'minute', 'minute', 'hour', 'no'),
    }),
    { minLength: 2, maxLength: 9 },
  ),
  seed: fc.nat(),
})

const MS = { no: 0, minute: 60_000, hour: 5_400_000 }

/** How a sequence went: commands sent, and where gateway and reference part, if they do. */
export interface Played {
  readonly commands: number
  readonly divergence: string | undefined
}

/** Plays a sequence on both. What is sent at once may have happened in any order, but in one of them. */
export async function playSequence(bench: Bench, { rounds, seed }: Sequence): Promise<Played> {
  const system = newSystem(createWorld(bench, seed))
  const { world } = system
  const chance = chanceOf(seed)
  let reference = emptyReference()
  let commands = 0
  let ids = new Map<Owed, string>()
  for (const round of rounds) {
    const sent = round.wishes.flatMap(wished => commandOf(wished, reference, system) ?? [])
    const requests: Awaited<ReturnType<typeof requestOf>>[] = []
    for (const one of sent) requests.push(await requestOf(system, one, ids))
    if (sent.length > 1) world.layer.gate = permuted(chance)
    const heard = await Promise.all(
      sent.map((one, at) => send(system, one, requests[at] ?? { name: '', send: async () => '' })),
    )
    world.layer.gate = async () => {}
    commands += sent.length
    const seen = look(system)
    const fitting = fits(reference, sent, heard, seen)
    if (fitting === undefined || system.facts.broken.length > 0) {
      const told = sent.map((one, at) => `${JSON.stringify(one)} → ${heard[at]}`)
      const now = [
        ...told,
        ...seen.orders,
        ...[...seen.owed.values()].map(one => JSON.stringify(one)),
      ]
      return { commands, divergence: [...system.facts.broken, ...now].join('\n') }
    }
    reference = fitting
    ids = matched(reference, seen, ids)
    world.now += MS[round.later]
  }
  return { commands, divergence: undefined }
}

/** The reference after some order of these commands in which all was heard and seen as it was. */
function fits(
  before: Reference,
  sent: readonly Command[],
  heard: readonly string[],
  seen: Seen,
): Reference | undefined {
  for (const order of permutations(sent.length)) {
    const after = copyOf(before)
    const isHeard = order.every(at => {
      const command = sent[at]
      return command !== undefined && isLike(obey(after, command), heard[at], sent.length > 1)
    })
    if (isHeard && isSeen(after, seen)) return after
  }
  return undefined
}

const REFUSALS = ['epoch-stale', 'release-refused', 'state-conflict']

/** Of an assignment that meets another step halfway, only that it is refused is promised, not for which reason. */
function isLike(word: string, heard: string | undefined, isCrowded: boolean): boolean {
  if (word === heard) return true
  return isCrowded && REFUSALS.includes(word) && REFUSALS.includes(heard ?? '')
}

function permutations(length: number): number[][] {
  if (length === 0) return [[]]
  return permutations(length - 1).flatMap(rest =>
    Array.from({ length }, (_, at) => [...rest.slice(0, at), length - 1, ...rest.slice(at)]),
  )
}

const sayOwed = ({ to, kind, name }: Omit<Owed, 'due'>) => `${to} ${kind} ${name}`

function isSeen(reference: Reference, seen: Seen): boolean {
  const owed = [...reference.owed].map(sayOwed).sort().join('\n')
  const found = [...seen.owed.values()].map(sayOwed).sort().join('\n')
  return owed === found && wordsOf(reference).join('\n') === seen.orders.join('\n')
}

/** Which entry is which: those known stay, new ones are matched by what they say, in their order. */
function matched(reference: Reference, seen: Seen, before: Map<Owed, string>): Map<Owed, string> {
  const after = new Map(before)
  const known = new Set(after.values())
  const fresh = [...seen.owed].filter(([id]) => !known.has(id)).sort()
  for (const one of reference.owed) {
    if (after.has(one)) continue
    const at = fresh.findIndex(
      ([id, entry]) =>
        sayOwed(entry) === sayOwed(one) && id.split(' ')[0]?.endsWith(one.due ? 'a' : 'k'),
    )
    const [found] = at < 0 ? [] : fresh.splice(at, 1)
    if (found !== undefined) after.set(one, found[0])
  }
  return after
}

/** The command that a wish comes to; none where there is nothing to do it with. */
function commandOf(
  { do: verb, n, pick, yes }: Wished,
  reference: Reference,
  { world, seals }: System,
): Command | undefined {
  const at = world.now
  const owed = [...reference.owed]
  switch (verb) {
    case 'post':
      return { do: verb, n, body: pick > 8 ? pick : 0, at }
    case 'cancel':
      return { do: verb, n, at }
    case 'change':
      return { do: verb, n, to: pick % 3, at }
    case 'hold':
      return { do: verb, n, on: yes, at }
    case 'answer': {
      const due = owed.filter(one => one.due)
      const one = due[pick % Math.max(1, due.length)]
      return one && { do: verb, name: one.name, due: one, yes: yes || pick < 6, at }
    }
    case 'ack':
      return { do: verb, owed: owed.filter(one => !one.due && one.to === 'courier') }
    case 'push':
      return reference.orders.get(`${n}`)?.state === 'accepted' ? { do: verb, n } : undefined
    case 'assign': {
      const group = pick % 3 === 0 ? 'sender' : 'receiver'
      const known = reference.orders.get(`${n}`)
      if (known === undefined || seals.size === 0) return undefined
      const epoch = (reference.holders.get(`${n} ${group}`)?.epoch ?? 0) + 1
      const hop = group === 'sender' ? 'pickup-1' : yes ? 'station-1' : 'station-2'
      const rev = group === 'receiver' ? 1 + known.changes : 1
      return { do: verb, n, group, hop, epoch, done: pick === 11, rev }
    }
    case 'release':
      return { do: verb, n, group: 'receiver', hop: yes ? 'station-1' : 'station-2' }
    case 'expire':
      return { do: verb, at }
    case 'shred':
      return { do: verb }
  }
}
