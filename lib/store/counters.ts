import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { type Budget, call, type StorePorts, startBudget } from './client.ts'
import { type Item, itemKey, number, numberOf, secondsOf } from './items.ts'

/** What is known of a counter before it is counted on. Times are milliseconds since 1970. */
export interface CounterState {
  /** Count of the window before the running one. */
  readonly last: number
  /** When the counter last ran full. */
  readonly stoppedAt?: number
  /** When a person last lifted it: until then up to that count. */
  readonly lift?: Lift
}

/** A person's leave to count on. */
export interface Lift {
  readonly at: number
  readonly limit: number
  readonly until: number
}

/** Counters in fixed windows, in the table, so for all instances of a function together. */
export interface Counters {
  /** Reads the window before this one, and whether the counter was stopped or lifted. */
  readCounter(counter: string, window: number): Promise<CounterState>
  /** Adds one when the window's count is below `limit`: the new count, or undefined. */
  countBelow(
    counter: string,
    window: { readonly window: number; readonly endsAt: number },
    limit: number,
  ): Promise<number | undefined>
  /** Notes that a counter ran full; false when that was noted already and nobody lifted it since. */
  stopCounter(counter: string, at: number): Promise<boolean>
  liftCounter(counter: string, lift: Lift): Promise<void>
}

const BRAKE_KEPT_MS = 366 * 86_400_000

/** The part of the store that counts. Its items lie in table `Keys`, which custody alone may write so. */
export function createCounters(ports: StorePorts): Counters {
  const TableName = ports.tables.keys
  const send = (input: ConstructorParameters<typeof UpdateItemCommand>[0]) =>
    call(startBudget(ports), options => ports.client.send(new UpdateItemCommand(input), options))
  return {
    async readCounter(counter, window) {
      const budget = startBudget(ports)
      const [last, brake] = await Promise.all([
        getItem(ports, budget, windowKey(counter, window - 1)),
        getItem(ports, budget, brakeKey(counter)),
      ])
      return stateOf(last, brake)
    },
    async countBelow(counter, { window, endsAt }, limit) {
      const update = {
        UpdateExpression: 'ADD n :one SET #ttl = :ttl',
        ConditionExpression: '(attribute_not_exists(n) AND :limit > :none) OR n < :limit',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':one': number(1),
          ':none': number(0),
          ':limit': number(limit),
          ':ttl': secondsOf(endsAt),
        },
        ReturnValues: 'UPDATED_NEW' as const,
      }
      const sent = send({ TableName, Key: windowKey(counter, window), ...update })
      const kept = await unlessFailed(sent)
      return kept === undefined ? undefined : numberOf(kept.Attributes, 'n')
    },
    async stopCounter(counter, at) {
      const update = {
        UpdateExpression: 'SET stoppedAt = :at, #ttl = :ttl',
        ConditionExpression: 'attribute_not_exists(stoppedAt) OR stoppedAt <= liftedAt',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':at': number(at), ':ttl': secondsOf(at + BRAKE_KEPT_MS) },
      }
      const sent = send({ TableName, Key: brakeKey(counter), ...update })
      return (await unlessFailed(sent)) !== undefined
    },
    async liftCounter(counter, { at, limit, until }) {
      await send({
        TableName,
        Key: brakeKey(counter),
        UpdateExpression: 'SET liftedAt = :at, #limit = :limit, #until = :until, #ttl = :ttl',
        ExpressionAttributeNames: { '#limit': 'limit', '#until': 'until', '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':at': number(at),
          ':limit': number(limit),
          ':until': number(until),
          ':ttl': secondsOf(Math.max(at, until) + BRAKE_KEPT_MS),
        },
      })
    },
  }
}

const windowKey = (counter: string, window: number): Item =>
  itemKey(`count#${counter}`, `window#${window}`)

const brakeKey = (counter: string): Item => itemKey(`count#${counter}`, 'brake')

async function getItem(ports: StorePorts, budget: Budget, Key: Item): Promise<Item | undefined> {
  const input = { TableName: ports.tables.keys, Key, ConsistentRead: true }
  const { Item } = await call(budget, options =>
    ports.client.send(new GetItemCommand(input), options),
  )
  return Item
}

function stateOf(last: Item | undefined, brake: Item | undefined): CounterState {
  const [stoppedAt, at] = [numberOf(brake, 'stoppedAt'), numberOf(brake, 'liftedAt')]
  const lift = { at, limit: numberOf(brake, 'limit'), until: numberOf(brake, 'until') }
  return {
    last: numberOf(last, 'n'),
    ...(stoppedAt === 0 ? {} : { stoppedAt }),
    ...(at === 0 ? {} : { lift }),
  }
}

async function unlessFailed<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}
