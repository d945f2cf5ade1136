import { type Item, type Substitutes, updateOf } from './expressions.ts'

/** A condition with all that belongs to it. */
export type Guard = Substitutes & {
  readonly ConditionExpression?: string | undefined
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined
}

/** One write, and under which condition. */
export interface Action {
  readonly table: string
  readonly key: Item
  readonly guard: Guard
  readonly apply: (before: Item | undefined) => Item | undefined
}

/** An item put. */
export function putOf(
  input: Guard & { TableName?: string | undefined; Item?: Item | undefined },
): Action {
  const { TableName: table = '', Item: item = {} } = input
  return { table, key: item, guard: input, apply: () => item }
}

/** An item deleted. */
export function deleteOf(
  input: Guard & { TableName?: string | undefined; Key?: Item | undefined },
): Action {
  const { TableName: table = '', Key: key = {} } = input
  return { table, key, guard: input, apply: () => undefined }
}

/** An item updated, or made by an update. */
export function updateActionOf(
  input: Guard & {
    TableName?: string | undefined
    Key?: Item | undefined
    UpdateExpression?: string | undefined
  },
): Action {
  const { TableName: table = '', Key: key = {}, UpdateExpression = '' } = input
  const update = updateOf(UpdateExpression)
  return { table, key, guard: input, apply: before => update(before ?? key, input) }
}
