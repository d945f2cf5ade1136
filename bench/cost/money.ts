import type { Account, Counts, Usage } from './counts.ts'
import { nothing, sum } from './counts.ts'
import file from './prices.json' with { type: 'json' }
import type { CostResult } from './result.ts'

/** The price list. */
export const PRICES = file

/** What has a price. */
export type Priced = keyof typeof file.prices

/** Dollars by what they are for. */
export type Bill = Partial<Record<Priced, number>>

const { assumed, prices } = file
const MEMORY_GB = 1
const HOURS_A_MONTH = 730

/** Dollars for so many of something. */
export function dollars(of: Priced, count: number): number {
  const { price, per } = prices[of]
  return (count / per) * price
}

/**
 * Milliseconds that Lambda would bill: what was measured with a whole core, stretched to the share of one
 * that 1024 MB get, and a longer way to each service than over loopback.
 */
export function billedMs({ lambdaMs, roundTrips }: Counts): number {
  return lambdaMs / assumed.vcpuShare + roundTrips * assumed.roundTripMs
}

/** Bytes of logs: our own lines, API Gateway's access log and the three lines of Lambda itself. */
export function loggedBytes({ logBytes, apiCalls, invocations }: Counts): number {
  const { accessLogBytes, platformLogBytes } = assumed
  return logBytes + apiCalls * accessLogBytes + invocations * platformLogBytes
}

/** The bill for some counts, so many times. */
export function billOf(of: Counts, times: number): Bill {
  const { apiCalls, outBytes, invocations, writeUnits, readUnits } = of
  const amounts = {
    ...{ apiCalls, outBytes, invocations, writeUnits, readUnits },
    gigabyteSeconds: (billedMs(of) / 1000) * MEMORY_GB,
    ...{ kmsAsymmetric: of.kmsAsymmetric, kmsSymmetric: of.kmsSymmetric },
    ...{ secretReads: of.secretReads, logBytes: loggedBytes(of) },
  }
  return mapped(amounts, (name, amount) => dollars(name, amount * times))
}

/** Something for each that is named. */
function mapped(of: Bill, value: (name: Priced, amount: number) => number): Bill {
  const names = Object.keys(prices).filter((name): name is Priced => name in prices)
  const made: Bill = {}
  for (const name of names) {
    const amount = of[name]
    if (amount !== undefined) made[name] = value(name, amount)
  }
  return made
}

/** All lines of a bill. */
export function total(bill: Bill): number {
  return Object.values(bill).reduce((all, one) => all + one, 0)
}

/** Bills together. */
export function together(bills: readonly Bill[]): Bill {
  const made: Bill = {}
  for (const bill of bills)
    mapped(bill, (name, amount) => (made[name] = (made[name] ?? 0) + amount))
  return made
}

/** Months that an order stays in each table, and whether the table can be set back. */
const KEPT: Readonly<Record<string, { months: number; recovery: boolean; account: Account }>> = {
  Orders: { months: 1, recovery: true, account: 'gateway' },
  Keys: { months: 1, recovery: false, account: 'gateway' },
  Audit: { months: 36, recovery: true, account: 'gateway' },
  'Custody-sf': { months: 1, recovery: true, account: 'courier' },
}

/** What keeping so many orders costs until each is gone. */
export function storageBill(stored: CostResult['stored'], account: Account, orders: number): Bill {
  const bills = Object.entries(stored).map(([table, bytes]): Bill => {
    const kept = KEPT[table]
    if (kept === undefined) throw new Error(`how long is ${table} kept?`)
    if (kept.account !== account) return {}
    const byteMonths = bytes * orders * kept.months
    return {
      tableStorage: dollars('tableStorage', byteMonths),
      ...(kept.recovery ? { recovery: dollars('recovery', byteMonths) } : {}),
    }
  })
  return together(bills)
}

/** The counts of one account over some steps. */
export function countsOf(steps: readonly { readonly used: Usage }[], account: Account): Counts {
  return sum([nothing(), ...steps.map(({ used }) => used[account])])
}

/**
 * What Lambda traces of so many orders when there are many a second: one invocation in twenty. The
 * courier's functions are not traced.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html (read 2026-11-24)
 */
export function traceBill({ invocations }: Counts, orders: number): Bill {
  return { traces: dollars('traces', (invocations * orders) / 20) }
}

/** A function that is invoked every second of a month: each second's first invocation is traced. */
export const EVERY_SECOND_TRACED = dollars('traces', HOURS_A_MONTH * 3600)

/** What stands and what runs although nobody orders anything, for a month. */
export function idleBill({ resources, idle, warming }: CostResult, account: Account): Bill {
  const { keys, secrets, alarms, dashboards, metrics } = resources[account]
  const standing = mapped({ keys, secrets, alarms, dashboards, metrics }, dollars)
  if (account === 'courier') return standing
  const minutes = HOURS_A_MONTH * 60
  const fresh = { ...nothing(), secretReads: warming.gateway.secretReads }
  const signs = { ...nothing(), kmsAsymmetric: warming.gateway.kmsAsymmetric }
  return together([
    standing,
    billOf(idle.sweep.gateway, minutes),
    billOf(idle.closed.gateway, minutes),
    billOf(idle.outlived.gateway, HOURS_A_MONTH / 24),
    // Secrets are kept five minutes, a certificate an hour, in each environment.
    billOf(fresh, HOURS_A_MONTH * 12),
    billOf(signs, HOURS_A_MONTH),
    { traces: dollars('traces', minutes * 2) },
  ])
}

/** A partner that asks every ten seconds and is owed nothing, for a month. */
export function pollingBill(of: Usage): Bill {
  return billOf(of.gateway, HOURS_A_MONTH * 360)
}
