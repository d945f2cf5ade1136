import { type StorePorts, startBudget } from './client.ts'
import { type Feed, parseEntryId } from './entry.ts'
import { entryKey, type Item, number } from './items.ts'
import { chunks } from './read.ts'
import { isBlocked, isFailed, transact } from './transact.ts'

/** Entries that one transaction marks. */
const MOST = 50

/** Moving entries aside, and back. */
export interface Parking {
  /**
   * Marks entries of a partner as moved aside, or takes the mark off. They stay where they are: they
   * can be answered and acknowledged, and end at their deadline; only a page does not show them. What
   * is gone already, never was, or is another's is passed over.
   *
   * @returns the ids of those that are there
   * @throws {GatewayError} `STORE_AWAY`
   */
  parkEntries(owner: Omit<Feed, 'shard'>, ids: readonly string[], aside: boolean): Promise<string[]>
}

interface Marked {
  readonly id: string
  readonly key: Item
}

/** The part of the store that parks entries. */
export function createParking(ports: StorePorts): Parking {
  return {
    async parkEntries(owner, ids, aside) {
      const named = [...new Set(ids)].flatMap((id): Marked[] => {
        const name = parseEntryId(id)
        return name === undefined
          ? []
          : [{ id, key: entryKey({ ...owner, shard: name.shard }, id) }]
      })
      const done: string[] = []
      for (const part of chunks(named, MOST)) done.push(...(await mark(ports, part, aside)))
      return done
    },
  }
}

/** Those that are gone fail on their own condition; the others are then sent without them. */
async function mark(
  ports: StorePorts,
  entries: readonly Marked[],
  aside: boolean,
): Promise<string[]> {
  const budget = startBudget(ports)
  let wanted = entries
  while (wanted.length > 0) {
    const reasons = await transact(
      ports,
      budget,
      wanted.map(({ key }) => ({ action: markOf(ports, key, aside) })),
    )
    if (reasons.length === 0) break
    wanted = wanted.filter((_, i) => !isFailed(reasons[i]))
    if (reasons.some(isBlocked)) await budget.pause(reasons)
  }
  return wanted.map(({ id }) => id)
}

function markOf({ tables, clock }: StorePorts, Key: Item, aside: boolean) {
  const change = aside
    ? {
        UpdateExpression: 'SET parked = :now',
        ExpressionAttributeValues: { ':now': number(clock()) },
      }
    : { UpdateExpression: 'REMOVE parked' }
  const ConditionExpression = 'attribute_exists(pk)'
  return { Update: { TableName: tables.orders, Key, ConditionExpression, ...change } }
}
