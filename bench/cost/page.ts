import type { Account } from './counts.ts'
import {
  type Bill,
  billedMs,
  billOf,
  countsOf,
  EVERY_SECOND_TRACED,
  idleBill,
  PRICES,
  type Priced,
  pollingBill,
  storageBill,
  together,
  total,
  traceBill,
} from './money.ts'
import type { Step } from './play.ts'
import type { CostResult, WayName } from './result.ts'

const MILLION = 1_000_000
const ACCOUNTS = ['gateway', 'courier'] as const
const WAYS = ['single', 'batched', 'single, not opened', 'batched, not opened'] as const

/** What design-storage.md estimated on paper, in dollars for a million opened orders. */
const PAPER = { single: 150, batched: 100 }

/** The page of costs, from counts and the price list: the same from the same. */
export function renderPage(result: CostResult): string {
  return `${[
    ...head(result),
    ...millionOrders(result),
    ...stepsOf(result),
    ...leftRunning(result),
    ...assumptions(),
    ...priceList(),
  ].join('\n')}\n`
}

/** Dollars for a million orders by each way, and for an idle month: the figures of the page in short. */
export function dollarsPerMillion(result: CostResult): Record<string, number> {
  const ways = WAYS.map(name => [name, cents(total(wayBill(result, name)))] as const)
  const idle = ACCOUNTS.map(name => [`${name} idle`, cents(total(idleBill(result, name)))] as const)
  return Object.fromEntries([...ways, ...idle])
}

const cents = (amount: number) => Math.round(amount * 100) / 100

function wayBill(result: CostResult, way: WayName, accounts: readonly Account[] = ACCOUNTS): Bill {
  const steps = result.ways[way]
  const bills = accounts.map(account => billOf(countsOf(steps, account), MILLION))
  const traces = accounts.includes('gateway') ? traceBill(countsOf(steps, 'gateway'), MILLION) : {}
  return together([...bills, traces, ...storage(result, accounts)])
}

const storage = ({ stored }: CostResult, accounts: readonly Account[]) =>
  accounts.map(account => storageBill(stored, account, MILLION))

function head({ measured, node }: CostResult): string[] {
  return [
    '# What it costs',
    '',
    `Made by \`npm run bench -- cost\` (${measured}, Node ${node.replace('v', '')}) from counters: the bundled functions ran behind a small API Gateway over`,
    'the embedded DynamoDB, KMS and STS, and each call, unit, request and byte was counted. Nobody has seen a bill of AWS for it. The counts',
    'lie in [bench/results/cost.json](../bench/results/cost.json), the prices in [bench/cost/prices.json](../bench/cost/prices.json).',
    '',
  ]
}

function millionOrders(result: CostResult): string[] {
  const bills = WAYS.map(way => wayBill(result, way))
  const names = namesIn(bills)
  const line = (what: string, amounts: readonly number[]) => row([what, ...amounts.map(whole)])
  const share = (accounts: readonly Account[]) =>
    WAYS.map(way => total(wayBill(result, way, accounts)))
  return [
    '## A million orders',
    '',
    `Dollars, ${PRICES.region}, list prices without free tiers. One order: Douyin to SF, one parcel, posted, posted again for the number, pulled,`,
    'answered, ten events, all read and acknowledged; *opened*: both groups assigned and opened, at a pickup and a delivery hop.',
    '*Single*: one order a call; *batched*: 24 a call (hops always fetch one by one). *Not opened*: the receiver in the platform’s own cipher, no hop asks.',
    '',
    row(['', ...WAYS]),
    row(['---', ...WAYS.map(() => '---:')]),
    ...names.map(name =>
      line(
        PRICES.prices[name].what,
        bills.map(bill => bill[name] ?? 0),
      ),
    ),
    line('**all**', bills.map(total)),
    line('of it the operator', share(['gateway'])),
    line('of it the courier', share(['courier'])),
    '',
    ...againstPaper(result),
  ]
}

function againstPaper(result: CostResult): string[] {
  const text = (['single', 'batched'] as const).map(way => {
    const bill = wayBill(result, way)
    return `${way} $${whole(total(bill))} where the paper said $${PAPER[way]}`
  })
  const { writeUnits = 0, kmsAsymmetric = 0, kmsSymmetric = 0 } = wayBill(result, 'single')
  const repeats = result.ways.single.filter(({ name }) => name === 'repeat')
  const repeat = total(billOf(countsOf(repeats, 'gateway'), MILLION))
  const kept = total(together(storage(result, ACCOUNTS)))
  return [
    `The design estimated on paper, before there was code: ${text.join(', ')}. The paper had writes at $55 (here $${whole(writeUnits)}) and KMS at $18`,
    `(here $${whole(kmsAsymmetric + kmsSymmetric)}: requests with an RSA 3072 key cost five times those with a symmetric one). It left out what keeping costs ($${whole(kept)}, most of it three`,
    `years of audit) and the native repeat ($${whole(repeat)} single; a platform that reads its events instead of repeating saves that).`,
    '',
  ]
}

function stepsOf({ ways, stored }: CostResult): string[] {
  const tables = (['single', 'batched'] as const).flatMap(way => [
    `**${way}**`,
    '',
    row(STEP_HEAD),
    row(['---', ...STEP_HEAD.slice(1).map(() => '---:')]),
    ...ways[way].map(step => stepRow(step.name, [step])),
    stepRow('**all**', ways[way]),
    '',
  ])
  const kept = Object.entries(stored).map(([table, bytes]) => `\`${table}\` ${bytes}`)
  return [
    '## One order, step by step',
    '',
    ...tables,
    `Bytes kept of a delivered order: ${kept.join(', ')}.`,
    '',
  ]
}

const STEP_HEAD = [
  'step',
  'API calls',
  'invocations',
  'ms measured',
  'ms as billed',
  'write units',
  'read units',
  'KMS requests',
  'log bytes',
]

function stepRow(name: string, steps: readonly Step[]): string {
  const { gateway, courier } = {
    gateway: countsOf(steps, 'gateway'),
    courier: countsOf(steps, 'courier'),
  }
  const both = (pick: (of: typeof gateway) => number) => short(pick(gateway) + pick(courier))
  return row([
    name,
    both(of => of.apiCalls),
    both(of => of.invocations),
    both(of => of.lambdaMs),
    both(billedMs),
    both(of => of.writeUnits),
    both(of => of.readUnits),
    both(of => of.kmsAsymmetric + of.kmsSymmetric),
    both(of => of.logBytes),
  ])
}

function leftRunning(result: CostResult): string[] {
  const bills = ACCOUNTS.map(account => idleBill(result, account))
  const polls = { pull: pollingBill(result.idle.pull), events: pollingBill(result.idle.events) }
  return [
    '## Left running',
    '',
    'Dollars a month with one platform and one courier and not one order; the courier’s are for its own account.',
    '',
    row(['', 'gateway', 'courier']),
    row(['---', '---:', '---:']),
    ...namesIn(bills).map(name =>
      row([PRICES.prices[name].what, ...bills.map(bill => (bill[name] ?? 0).toFixed(2))]),
    ),
    row(['**all**', ...bills.map(bill => total(bill).toFixed(2))]),
    '',
    'Each further platform adds a secret, an alarm and six metrics, each further courier a secret, two alarms and twelve metrics, and its own',
    'account. The sweep (measured over the feeds of all built-in partners) and the look for keys that must go run every minute, whether there are orders',
    'or not; on schedules of EventBridge, which are free.',
    '',
    `A partner that asks every ten seconds and is owed nothing costs $${total(polls.pull).toFixed(2)} a month as a courier, $${total(polls.events).toFixed(2)} as a platform: of it`,
    `$${(polls.pull.apiCalls ?? 0).toFixed(2)} are calls. Every minute would be a sixth of it.`,
    '',
  ]
}

function assumptions(): string[] {
  const { vcpuShare, roundTripMs, accessLogBytes, platformLogBytes } = PRICES.assumed
  return [
    '## What is assumed',
    '',
    `- Lambda’s time: what was measured here with a whole core of x86, divided by ${vcpuShare} (the share of one that 1024 MB get), and ${roundTripMs} ms for each call that a`,
    '  function waits for, over what loopback takes. Neither arm64 nor the network of AWS was measured. New environments’ initialization is not counted.',
    '- Units: as the embedded DynamoDB reports them, which counts by the documented rules. A native repeat is a transaction that is cancelled: AWS bills it and',
    '  does not say how much, so all of it is counted.',
    '- KMS: a `ReEncrypt` is counted as two requests, one with each key, as its quotas do. Hops decrypt on their own devices.',
    `- Logs: our own lines as they were written, and by length ${accessLogBytes} bytes for a line of the access log, ${platformLogBytes} for Lambda’s three lines of an invocation.`,
    '- Traces: one invocation in twenty, as at many orders a second. Lambda also traces the first one of each second: a function of the gateway that is',
    `  invoked every second of a month has $${whole(EVERY_SECOND_TRACED)} of traces, whatever the number of orders; with three of them that is $${whole(3 * EVERY_SECOND_TRACED)} a month on top.`,
    '- What is kept: as after the opened way, one month; the audit three years.',
    '- Pages are read full. What polling in vain costs is above; the helper of handhelds (a call and an invocation more for each group) is not in it.',
    '- Left out: certificates and DNS, WAF, CloudTrail’s trail (the first copy of management events is free), support, taxes.',
    '',
  ]
}

function priceList(): string[] {
  const { prices, read, about, elsewhere } = PRICES
  return [
    '## Prices',
    '',
    `${PRICES.region}, read ${read}. ${about}`,
    '',
    row(['what', 'dollars', 'for', 'by', 'source']),
    row(['---', '---:', '---:', '---', '---']),
    ...Object.values(prices).map(({ what, price, per, by, source }) =>
      row([what, String(price), String(per), by, source]),
    ),
    '',
    `**${elsewhere.region}**: ${elsewhere.about}`,
    '',
    row(['what', elsewhere.currency, 'source']),
    row(['---', '---:', '---']),
    ...elsewhere.prices.map(({ what, price, source }) => row([what, String(price), source])),
  ]
}

/** What is on any of the bills, in the order of the price list. */
function namesIn(bills: readonly Bill[]): Priced[] {
  const isNamed = (name: string): name is Priced => bills.some(bill => name in bill)
  return Object.keys(PRICES.prices).filter(isNamed)
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const whole = (amount: number) => (amount < 9.95 ? amount.toFixed(1) : String(Math.round(amount)))
const short = (amount: number) => String(Math.round(amount * 100) / 100)
