import {
  type BatchGetItemCommandInput,
  type BatchWriteItemCommandInput,
  type CancellationReason,
  ConditionalCheckFailedException,
  type DeleteItemCommandInput,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
  type ScanCommandInput,
  type TransactWriteItemsCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { type Action, deleteOf, putOf, updateActionOf } from './actions.ts'
import { conditionOf, type Item, projected, type Substitutes } from './expressions.ts'
import { cancelledFor, serviceError } from './service-errors.ts'

/** A write that took place. Without `after` the item was deleted. */
export interface Written {
  readonly table: string
  readonly pk: string
  readonly sk: string
  readonly before: Item | undefined
  readonly after: Item | undefined
}

/** The requests that the store makes of DynamoDB, in memory: synchronous, one after the other. */
export interface Double {
  /** Carries out one request, by the name of its command; throws what the service would. */
  run(command: string, input: object): object
  /** All items of a table by partition and sort key. */
  items(table: string): Item[]
  /** Told of every write, in the order in which they took place. */
  onWrite: (written: Written) => void
  /** Set for one request: reads that ask for no consistency see each item as it was before its last write. */
  isStale: boolean
}

interface Slot {
  item: Item | undefined
  before: Item | undefined
}

type Partition = { slots: Map<string, Slot>; sorted: string[] | undefined }

type Table = Map<string, Partition>

const NOTHING: Item = {}
const MOST_ACTIONS = 100
const metadata = { $metadata: {} }

/** An empty database with any tables. */
export function createDouble(): Double {
  const tables = new Map<string, Table>()
  const tokens = new Map<string, Actions>()
  const double: Double = {
    onWrite: () => {},
    isStale: false,
    run(command, input) {
      const carryOut = commands[command]
      if (carryOut === undefined) throw new Error(`no such command here: ${command}`)
      return carryOut(input)
    },
    items(table) {
      const found: Item[] = []
      for (const pk of [...(tables.get(table)?.keys() ?? [])].sort()) {
        const { slots, names } = partitionOf(table, pk)
        for (const sk of names) found.push(...present(slots.get(sk)?.item))
      }
      return found
    },
  }

  const partitionOf = (table: string, pk: string) => {
    const partitions = tables.get(table) ?? new Map<string, Partition>()
    if (!tables.has(table)) tables.set(table, partitions)
    const known = partitions.get(pk) ?? { slots: new Map<string, Slot>(), sorted: [] }
    if (!partitions.has(pk)) partitions.set(pk, known)
    known.sorted ??= [...known.slots.keys()].sort()
    return { slots: known.slots, names: known.sorted, partition: known }
  }

  const slotOf = (table: string, key: Item): Slot | undefined =>
    tables
      .get(table)
      ?.get(key.pk?.S ?? '')
      ?.slots.get(key.sk?.S ?? '')

  const read = (slot: Slot | undefined, consistent: boolean | undefined): Item | undefined =>
    double.isStale && !consistent ? slot?.before : slot?.item

  const write = ({ table, key }: Action, after: Item | undefined): void => {
    const [pk, sk] = [key.pk?.S ?? '', key.sk?.S ?? '']
    const { slots, partition } = partitionOf(table, pk)
    const slot = slots.get(sk)
    const before = slot?.item
    if (slot === undefined) {
      if (after === undefined) return
      slots.set(sk, { item: after, before: undefined })
      partition.sorted = undefined
    } else {
      slot.before = before
      slot.item = after
    }
    double.onWrite({ table, pk, sk, before, after })
  }

  /** Undefined when the condition holds; else the reason why not. */
  const failure = ({ table, key, guard }: Action): CancellationReason | undefined => {
    const { ConditionExpression, ReturnValuesOnConditionCheckFailure } = guard
    const item = slotOf(table, key)?.item
    if (ConditionExpression === undefined) return undefined
    if (conditionOf(ConditionExpression)(item ?? NOTHING, guard)) return undefined
    const shown = ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item !== undefined
    return { Code: 'ConditionalCheckFailed', ...(shown ? { Item: { ...item } } : {}) }
  }

  const single = (action: Action): Item | undefined => {
    const reason = failure(action)
    if (reason !== undefined) {
      const told = reason.Item === undefined ? {} : { Item: reason.Item }
      throw new ConditionalCheckFailedException({ message: '', ...metadata, ...told })
    }
    const after = action.apply(slotOf(action.table, action.key)?.item)
    write(action, after)
    return after
  }

  const transact = (input: TransactWriteItemsCommandInput): object => {
    const { TransactItems = [], ClientRequestToken = '' } = input
    const known = tokens.get(ClientRequestToken)
    if (known !== undefined) {
      if (known === TransactItems || textOf(known) === textOf(TransactItems)) return metadata
      throw serviceError('IdempotentParameterMismatchException')
    }
    const actions = TransactItems.map(({ Put, Update, Delete }) => {
      const action = Put ? putOf(Put) : Update ? updateActionOf(Update) : Delete && deleteOf(Delete)
      if (!action) throw new Error('no such action here')
      return action
    })
    const targets = new Set(actions.map(({ table, key }) => `${table} ${key.pk?.S} ${key.sk?.S}`))
    if (targets.size < actions.length || actions.length > MOST_ACTIONS || actions.length === 0) {
      throw serviceError('ValidationException')
    }
    const failures = actions.map(failure)
    if (failures.some(reason => reason !== undefined)) {
      throw cancelledFor(failures.map(reason => reason ?? { Code: 'None' }))
    }
    for (const action of actions)
      write(action, action.apply(slotOf(action.table, action.key)?.item))
    if (ClientRequestToken !== '') tokens.set(ClientRequestToken, TransactItems)
    return metadata
  }

  const query = (input: QueryCommandInput): object => {
    const { ExpressionAttributeValues: values = {}, Limit = Number.POSITIVE_INFINITY } = input
    const after = /^pk = :pk( AND sk > :after)?$/.exec(input.KeyConditionExpression ?? '')
    if (after === null) throw new Error(`no such query here: ${input.KeyConditionExpression}`)
    const start = input.ExclusiveStartKey?.sk?.S ?? (after[1] ? values[':after']?.S : undefined)
    const { slots, names } = partitionOf(input.TableName ?? '', values[':pk']?.S ?? '')
    const rest = start === undefined ? names : names.slice(firstAfter(names, start))
    return page(
      rest.flatMap(sk => present(read(slots.get(sk), input.ConsistentRead))),
      Limit,
      input,
    )
  }

  const scan = (input: ScanCommandInput): object => {
    const start = input.ExclusiveStartKey
    const startText = start === undefined ? '' : `${start.pk?.S} ${start.sk?.S}`
    const all = double.items(input.TableName ?? '')
    const rest = all.filter(({ pk, sk }) => `${pk?.S} ${sk?.S}` > startText)
    return page(rest, input.Limit ?? Number.POSITIVE_INFINITY, input)
  }

  const batchGet = ({ RequestItems = {} }: BatchGetItemCommandInput): object => {
    const Responses = Object.entries(RequestItems).map(([table, { Keys = [], ConsistentRead }]) => {
      const names = new Set(Keys.map(key => `${key.pk?.S} ${key.sk?.S}`))
      if (names.size < Keys.length || Keys.length > 100 || Keys.length === 0) {
        throw serviceError('ValidationException')
      }
      const found = Keys.flatMap(key => present(read(slotOf(table, key), ConsistentRead)))
      return [table, found]
    })
    return { ...metadata, Responses: Object.fromEntries(Responses), UnprocessedKeys: {} }
  }

  const batchWrite = ({ RequestItems = {} }: BatchWriteItemCommandInput): object => {
    for (const [table, requests] of Object.entries(RequestItems)) {
      if (requests.length > 25 || requests.length === 0) throw serviceError('ValidationException')
      for (const { DeleteRequest } of requests) {
        if (DeleteRequest?.Key === undefined) throw new Error('only deletions here')
        single(deleteOf({ TableName: table, Key: DeleteRequest.Key }))
      }
    }
    return { ...metadata, UnprocessedItems: {} }
  }

  const commands: Readonly<Record<string, (input: object) => object>> = {
    TransactWriteItemsCommand: input => transact(input as TransactWriteItemsCommandInput),
    QueryCommand: input => query(input as QueryCommandInput),
    ScanCommand: input => scan(input as ScanCommandInput),
    BatchGetItemCommand: input => batchGet(input as BatchGetItemCommandInput),
    BatchWriteItemCommand: input => batchWrite(input as BatchWriteItemCommandInput),
    GetItemCommand(input) {
      const { TableName = '', Key = {}, ConsistentRead } = input as GetItemCommandInput
      const item = read(slotOf(TableName, Key), ConsistentRead)
      return item === undefined ? metadata : { ...metadata, Item: { ...item } }
    },
    PutItemCommand(input) {
      single(putOf(input as PutItemCommandInput))
      return metadata
    },
    UpdateItemCommand(input) {
      const update = input as UpdateItemCommandInput
      const after = single(updateActionOf(update))
      return update.ReturnValues === undefined ? metadata : { ...metadata, Attributes: after }
    },
    DeleteItemCommand(input) {
      single(deleteOf(input as DeleteItemCommandInput))
      return metadata
    },
    DescribeTableCommand: () => ({ ...metadata, Table: { TableId: 'double' } }),
  }
  return double
}

const present = (item: Item | undefined): Item[] => (item === undefined ? [] : [item])

function page(
  all: readonly Item[],
  limit: number,
  by: Substitutes & {
    FilterExpression?: string | undefined
    ProjectionExpression?: string | undefined
  },
): object {
  const { FilterExpression, ProjectionExpression } = by
  const looked = all.slice(0, limit)
  const last = looked.at(-1)
  const filter = FilterExpression === undefined ? () => true : conditionOf(FilterExpression)
  const found = looked.filter(item => filter(item, by))
  return {
    ...metadata,
    Items:
      ProjectionExpression === undefined
        ? found
        : found.map(item => projected(item, ProjectionExpression, by)),
    ...(looked.length === limit && last !== undefined
      ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }
      : {}),
  }
}

function firstAfter(names: readonly string[], start: string): number {
  let [low, high] = [0, names.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((names[middle] ?? '') <= start) low = middle + 1
    else high = middle
  }
  return low
}

type Actions = NonNullable<TransactWriteItemsCommandInput['TransactItems']>

/** Enough to tell two requests of one token apart. */
function textOf(actions: Actions): string {
  return JSON.stringify(actions, (_name, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  )
}
