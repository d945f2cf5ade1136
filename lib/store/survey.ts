import { type StorePorts, startBudget } from './client.ts'
import { type Feed, parseEntryId } from './entry.ts'
import { feedPartition, type Item, numberOf, textOf } from './items.ts'
import { pageOf, queryPage } from './read.ts'

/** Queries of one survey at most; each reads a megabyte, which is some four thousand entries. */
const MOST_QUERIES = 10

/** What a feed owes, without its documents. */
export interface Survey {
  /** Entries that their owner can read. */
  readonly depth: number
  /** When the oldest of them was put, in milliseconds since 1970. */
  readonly oldestAt?: number
  /** Entries that were moved aside. */
  readonly parked: number
  /** Orders whose answer is late, oldest first. */
  readonly overdue: readonly string[]
  /** False where the feed goes on behind what was looked at: the figures are then the least. */
  readonly isWhole: boolean
}

/** Looking at feeds from above, for the sweep. */
export interface Surveys {
  /**
   * Counts what a feed owes from its head on, and finds the orders that nobody answered in time. The
   * cost is bounded: of a feed of more than ten megabytes only the older part is looked at.
   *
   * @throws {GatewayError} `STORE_AWAY`
   */
  surveyFeed(feed: Feed): Promise<Survey>
}

/** The part of the store that surveys feeds. */
export function createSurveys(ports: StorePorts): Surveys {
  return {
    async surveyFeed(feed) {
      const budget = startBudget(ports)
      const items: Item[] = []
      let last = ''
      for (let queries = 0; queries < MOST_QUERIES; queries += 1) {
        const { items: page, more } = await queryPage(ports, budget, {
          ...pageOf(ports.tables.orders, feedPartition(feed), last),
          // Half the price: what a write changes meanwhile, the next run sees.
          ConsistentRead: false,
          ProjectionExpression: 'sk, deadline, expiresAt, parked',
        })
        items.push(...page)
        last = textOf(page.at(-1), 'sk') ?? ''
        if (!more || last === '') return surveyOf(items, ports.clock(), true)
      }
      return surveyOf(items, ports.clock(), false)
    },
  }
}

function surveyOf(items: readonly Item[], now: number, isWhole: boolean): Survey {
  const live = items.filter(item => numberOf(item, 'expiresAt') >= now)
  const shown = live.filter(item => item.parked === undefined)
  const late = items.filter(item => item.deadline && numberOf(item, 'deadline') < now)
  const oldestAt = nameOf(shown[0])?.at
  return {
    depth: shown.length,
    ...(oldestAt === undefined ? {} : { oldestAt }),
    parked: live.length - shown.length,
    overdue: late.flatMap(item => nameOf(item)?.order ?? []),
    isWhole,
  }
}

const nameOf = (item: Item | undefined) => parseEntryId(textOf(item, 'sk') ?? '')
