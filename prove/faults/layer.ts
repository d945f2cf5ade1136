import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Double } from './double.ts'
import { cancelledFor, serviceError } from './service-errors.ts'

/** What may befall a call that leaves a function. */
export const kinds = [
  /** Never carried out; the connection broke. */
  'before',
  /** Carried out; the reply was lost. */
  'lost',
  /** Given up by the caller, and carried out only after the next call of anybody. */
  'late',
  'throttled',
  'conflict',
  /** Keys or items of a batch come back unprocessed; a page ends early. */
  'partial',
  /** What is read was true before the last write. */
  'stale',
  /** The process is killed: nothing further of it runs. */
  'killed-before',
  'killed-after',
] as const

export type Kind = (typeof kinds)[number]

/** A call that leaves a function: to the store, to KMS, or from custody to the courier's router. */
export interface Call {
  readonly port: 'store' | 'kms' | 'router'
  readonly name: string
  readonly input: object
}

/** Carries out a call, perhaps with another input. */
export type Run = (input: object) => Promise<object>

/** A process that runs flows. Once it is killed, none of its calls ever returns. */
export interface Life {
  isDead: boolean
  readonly died: Promise<void>
  kill(): void
}

/** Makes a process that is alive. */
export function begin(): Life {
  let end = () => {}
  const died = new Promise<void>(resolve => {
    end = resolve
  })
  const life: Life = {
    isDead: false,
    died,
    kill() {
      life.isDead = true
      end()
    },
  }
  return life
}

/** Through which all calls go. */
export interface Layer {
  /** Decides on the fault of each call; set by a script. */
  plan: (call: Call) => Kind | undefined
  /** Waits until a call may go on, so that a schedule can be permuted. */
  gate: () => Promise<void>
  /** Faults that took place. */
  readonly injected: Record<Kind, number>
  /** Calls so far. */
  calls: number
  pass(life: Life, call: Call, run: Run): Promise<object>
  /** Carries out what is still late. */
  settle(): Promise<void>
}

const never = () => new Promise<never>(() => {})

/** A layer that lets everything through until it is told otherwise. */
export function createLayer(double?: Double): Layer {
  let late: (() => Promise<unknown>)[] = []
  const layer: Layer = {
    plan: () => undefined,
    gate: async () => {},
    injected: Object.fromEntries(kinds.map(kind => [kind, 0])) as Record<Kind, number>,
    calls: 0,
    async pass(life, call, run) {
      await layer.gate()
      if (life.isDead) return never()
      layer.calls += 1
      const kind = layer.plan(call)
      const waiting = late
      late = []
      try {
        return await befall(kind, life, call, run)
      } finally {
        for (const one of waiting) await one()
      }
    },
    async settle() {
      for (const one of late.splice(0)) await one()
    },
  }

  const befall = async (kind: Kind | undefined, life: Life, call: Call, run: Run) => {
    if (kind === undefined || !befalls(kind, call)) return run(call.input)
    layer.injected[kind] += 1
    switch (kind) {
      case 'before':
        throw new Error('the connection broke')
      case 'lost':
        await run(call.input)
        throw new Error('the reply was lost')
      case 'late':
        late.push(() => run(call.input).catch(() => undefined))
        throw Object.assign(new Error('no reply in time'), { name: 'TimeoutError' })
      case 'throttled':
        throw throttled(call)
      case 'conflict':
        throw conflicted(call)
      case 'partial':
        return partly(call, run)
      case 'stale':
        return withStale(double, () => run(call.input))
      case 'killed-before':
        life.kill()
        return never()
      case 'killed-after':
        await run(call.input).catch(() => undefined)
        life.kill()
        return never()
    }
  }
  return layer
}

const BATCHES = ['BatchGetItemCommand', 'BatchWriteItemCommand']
const PAGES = ['QueryCommand', 'ScanCommand']
const WRITES = [
  ...['TransactWriteItemsCommand', 'PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand'],
  'BatchWriteItemCommand',
]

/** Whether such a thing happens to such a call. */
export function befalls(kind: Kind, { port, name, input }: Call): boolean {
  if (kind === 'conflict') return port === 'store' && WRITES.slice(0, 4).includes(name)
  if (kind === 'partial') return port === 'store' && [...BATCHES, ...PAGES].includes(name)
  if (kind === 'stale') return port === 'store' && !WRITES.includes(name) && !isConsistent(input)
  if (kind === 'late') return port !== 'store' || name !== 'DescribeTableCommand'
  return true
}

function isConsistent(input: object): boolean {
  if ('ConsistentRead' in input) return input.ConsistentRead === true
  if (!('RequestItems' in input)) return false
  return Object.values(Object(input.RequestItems)).every(one => Object(one).ConsistentRead === true)
}

function throttled({ port, name, input }: Call): Error {
  if (port === 'kms') return Object.assign(new Error('throttled'), { name: 'ThrottlingException' })
  if (port === 'router') return new Error('too many requests')
  if (name !== 'TransactWriteItemsCommand') return serviceError('ThrottlingException')
  return cancelledFor(reasonsOf(input, 'ThrottlingError'))
}

function conflicted({ name, input }: Call): Error {
  if (name !== 'TransactWriteItemsCommand') return serviceError('TransactionConflictException')
  return cancelledFor(reasonsOf(input, 'TransactionConflict'))
}

/** The first action met somebody, the others did not. */
function reasonsOf(input: object, Code: string): { Code: string }[] {
  const actions: unknown[] = 'TransactItems' in input ? Object(input.TransactItems) : []
  return actions.map((_, at) => ({ Code: at === 0 ? Code : 'None' }))
}

/** Only the first half of a batch, or a page of one item. */
async function partly({ name, input }: Call, run: Run): Promise<object> {
  if (PAGES.includes(name)) return run({ ...input, Limit: 1 })
  const [table = '', wanted] =
    Object.entries<unknown>('RequestItems' in input ? Object(input.RequestItems) : {})[0] ?? []
  if (name === 'BatchWriteItemCommand') {
    const all: unknown[] = Object(wanted)
    const left = all.slice(all.length >> 1)
    if (left.length < all.length) {
      await run({ RequestItems: { [table]: all.slice(0, all.length >> 1) } })
    }
    return { $metadata: {}, UnprocessedItems: { [table]: left } }
  }
  const keys: unknown[] = Object(wanted).Keys
  const part = (Keys: unknown[]) => ({ [table]: { ...Object(wanted), Keys } })
  const left = keys.slice(keys.length >> 1)
  if (left.length === keys.length) {
    return { $metadata: {}, Responses: { [table]: [] }, UnprocessedKeys: part(left) }
  }
  const some = await run({ RequestItems: part(keys.slice(0, keys.length >> 1)) })
  return { ...some, UnprocessedKeys: part(left) }
}

async function withStale(double: Double | undefined, run: () => Promise<object>): Promise<object> {
  if (double === undefined) return run()
  double.isStale = true
  try {
    return await run()
  } finally {
    double.isStale = false
  }
}

/** A client of the store whose every call goes through the layer, on its way to whatever runs it. */
export function clientThrough(
  base: DynamoDBClient,
  layer: Layer,
  life: Life,
  run: (name: string, input: object) => Promise<object>,
): DynamoDBClient {
  const send = (command: { readonly input: object }): Promise<object> => {
    const { name } = command.constructor
    const call: Call = { port: 'store', name, input: command.input }
    return layer.pass(life, call, input => run(name, input))
  }
  return Object.assign(Object.create(base), { send })
}
