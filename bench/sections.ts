/** A figure of a benchmark as the page shows it. */
export interface Row {
  readonly figure: string
  readonly means: string
  readonly unit?: string
  /** What it should be, at least or at most. */
  readonly atLeast?: number
  readonly atMost?: number
}

/** What the page says of one benchmark. */
export interface Section {
  readonly bench: string
  readonly title: string
  readonly measured: string
  /** What the figures do not tell. */
  readonly not: string
  readonly rows: readonly Row[]
}

/** The page's sections, in its order. */
export const sections: readonly Section[] = [
  {
    bench: 'translate',
    title: 'Translation',
    measured:
      "A platform's order to a draft and the open order to a courier's waybill, by compiled tables, by object literals written by hand, and by JSONata; all three make the same document. Files of 20,000 orders, whole processes, against jq.",
    not: 'Masks, checks and order ids, which are the same for all, are left out.',
    rows: [
      { figure: 'toHandWritten', means: 'tables to hand-written, the worse pair', atMost: 1.3 },
      { figure: 'jsonataTo', means: 'JSONata to tables, the worse pair', atLeast: 15 },
      { figure: 'engineToHandWritten', means: 'the engine alone to hand-written' },
      { figure: 'fileSeconds', means: '20,000 orders, file to file', unit: 's' },
      { figure: 'jqTo', means: 'jq to LastHop, file to file' },
    ],
  },
  {
    bench: 'seal',
    title: 'Seal',
    measured:
      'One seal of 512 padded bytes to an RSA key of 3,072 bits: ours, bare node:crypto, jose, the AWS Encryption SDK; with and without a signature.',
    not: 'Opening is not measured: it happens once an order, in KMS.',
    rows: [
      { figure: 'toNodeCrypto', means: 'ours to bare node:crypto', atMost: 1.3 },
      { figure: 'joseTo', means: 'jose to ours', atLeast: 3.5 },
      { figure: 'awsSdkTo', means: 'AWS Encryption SDK to ours' },
      { figure: 'joseSignedTo', means: 'jose to ours, signed' },
      { figure: 'oursSignedUs', means: 'one signed seal', unit: 'µs' },
    ],
  },
  {
    bench: 'ingest',
    title: 'Intake against the usual stack',
    measured:
      "The whole work on a platform's request but the network: who calls, all checks, translation, masks, two seals, two signatures, the serialised and signed transaction. Against hono, ajv compiled at start, JSONata, jose and lib-dynamodb, which give the same answer and write the same items. CPU time an order, medians of interleaved rounds. Then the store against Powertools' idempotency around a handler that puts twice, under one script: a reply lost, a process gone before or after each request, another body under the same name, five repeats at once.",
    not: "Douyin's signature is no JWS, so both sides verify it by node:crypto; masks, order ids and the screening of free text are the same functions on both. What both sides must do, two RSA wraps and two signatures, is stated by itself: it bounds the ratio. Lambda's own start and network are not in it.",
    rows: [
      { figure: 'batchToUsual', means: 'usual stack to ours, batches of 24', atLeast: 10 },
      { figure: 'singleToUsual', means: 'usual stack to ours, single orders', atLeast: 2 },
      { figure: 'batchUs', means: 'ours, an order of a batch', unit: 'µs' },
      { figure: 'usualBatchUs', means: 'usual, an order of a batch', unit: 'µs' },
      { figure: 'singleUs', means: 'ours, a single order', unit: 'µs' },
      { figure: 'usualSingleUs', means: 'usual, a single order', unit: 'µs' },
      {
        figure: 'batchBound',
        means: 'usual stack to the cryptography alone: more than ours can reach',
      },
      { figure: 'cryptoUs', means: 'the cryptography alone, by node:crypto', unit: 'µs' },
      { figure: 'roundTripsNew', means: 'round trips of a new order', atMost: 1 },
      { figure: 'powertoolsRoundTripsNew', means: 'the same, Powertools' },
      { figure: 'cpuMsAnOrder', means: 'CPU of storing an order', unit: 'ms' },
      { figure: 'powertoolsCpuMsAnOrder', means: 'the same, Powertools', unit: 'ms' },
      { figure: 'wrong', means: 'wrong outcomes of the fault script', atMost: 0 },
      { figure: 'powertoolsWrong', means: 'the same, Powertools (entries owed twice)' },
      { figure: 'turnedAway', means: 'honest repeats at once that met an error', atMost: 0 },
      { figure: 'powertoolsTurnedAway', means: 'the same, Powertools' },
      { figure: 'cases', means: 'cases of the script' },
    ],
  },
  {
    bench: 'feed',
    title: "A feed's page",
    measured:
      'A page of 100 entries with their documents, at the head of a feed, within it and near its end, while few or many entries are owed; read units as the embedded database counts them. Every entry of every page is checked.',
    not: "The embedded database is no DynamoDB: units follow DynamoDB's rules, times do not. It keeps all in memory here.",
    rows: [
      { figure: 'unitsRatio', means: 'units at the most to units at the least', atMost: 1 },
      { figure: 'least', means: 'entries owed, at least' },
      { figure: 'most', means: 'entries owed, at most' },
      { figure: 'unitsAPage', means: 'units a page' },
      { figure: 'requestsAPage', means: 'round trips a page', atMost: 2 },
      { figure: 'msAtLeast', means: 'a page while the least are owed', unit: 'ms' },
      { figure: 'msAtMost', means: 'a page while the most are owed', unit: 'ms' },
    ],
  },
  {
    bench: 'load',
    title: 'Load',
    measured:
      'Orders that arrive at a fixed rate on loopback, each timed from when it was due, so that waiting counts. The gateway is one process with its embedded KMS, the database another, the callers a third: all share the machine. A courier pulls, answers and pushes, the platform reads and acknowledges its events. Then twice the peak of the day that the gateway is made for (five million orders), then a quiet time. At the end every acknowledged order must have reached the courier.',
    not: 'The embedded KMS takes the private half of RSA for each assignment, in the same process: only one order in so many is assigned and opened. The data folder lies in memory where the machine has such a place: how fast a disk commits is not measured, nor is a loss of power (a killed gateway is, by the tests). In AWS requests are spread over environments, and KMS and DynamoDB are elsewhere: this is what one small machine carries, not what a deployment does.',
    rows: [
      { figure: 'ratePerSecond', means: 'highest rate that holds, orders a second', atLeast: 290 },
      { figure: 'postP99Ms', means: '99 posts of 100 take at most', unit: 'ms', atMost: 50 },
      { figure: 'postP50Ms', means: 'half of the posts take at most', unit: 'ms' },
      { figure: 'errors', means: 'posts that failed', atMost: 0 },
      { figure: 'seconds', means: 'seconds at that rate', unit: 's' },
      { figure: 'lost', means: 'acknowledged orders lost, in all trials', atMost: 0 },
      { figure: 'overloadPerSecond', means: 'overload: orders a second' },
      { figure: 'overloadTurnedAway', means: 'overload: told to come again, 429 or 503' },
      { figure: 'overloadErrors', means: 'overload: any other answer', atMost: 0 },
      { figure: 'recoveryP99Ms', means: 'after it: 99 posts of 100 take at most', unit: 'ms' },
      { figure: 'recoveryErrors', means: 'after it: posts that failed', atMost: 0 },
      { figure: 'assignOneIn', means: 'one order assigned and opened of' },
      { figure: 'opened', means: 'orders opened at their hop' },
      { figure: 'requests', means: 'requests in all' },
      { figure: 'memoryMb', means: "the gateway's resident memory, at most", unit: 'MB' },
      { figure: 'slopeMbPer100k', means: 'its growth for 100,000 requests', unit: 'MB' },
    ],
  },
  {
    bench: 'cold',
    title: 'Cold start',
    measured:
      'Each function as its own process from `fork` to its first answer, as it is bundled and as a naive bundle that compiles schemas when it starts.',
    not: "Lambda's own part of a cold start is not in it.",
    rows: [
      {
        figure: 'toNaive',
        means: 'first answer to the naive bundle, the worst function',
        atMost: 0.35,
      },
      {
        figure: 'initMs',
        means: 'until it has loaded, the worst function',
        unit: 'ms',
        atMost: 150,
      },
    ],
  },
]
