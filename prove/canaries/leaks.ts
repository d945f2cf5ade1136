import type { Patch } from '../planted/copy.ts'

/** A leak in the code, as somebody in a hurry might write it. */
export interface Leak {
  readonly name: string
  readonly patches: readonly Patch[]
  /** Sinks in which it must be found: the beginning of their names. */
  readonly sinks: readonly string[]
}

/** Whom intake last sealed stays in the process, where another flow can take it from. */
const KEEP: Patch = {
  file: 'lib/flow/seal-order.ts',
  find: '    const clear = personal[group]\n',
  put: '    const clear = personal[group]\n    if (clear !== undefined) Object(globalThis).leak = clear\n',
}
const KEPT = "JSON.stringify(Object(globalThis).leak ?? '')"

const inReceive = (put: string): Patch => ({
  file: 'lib/flow/receive.ts',
  find: "    ports.count('orders-posted', posted.length)\n",
  put: `    ports.count('orders-posted', posted.length)\n    ${put}\n`,
})

const inDoc = (hint: string): Patch => ({
  file: 'lib/flow/receive.ts',
  find: 'doc: writeStored({ order, sealed: openSeals(sealed) }),',
  put: `doc: JSON.stringify({ ...JSON.parse(writeStored({ order, sealed: openSeals(sealed) })), hint: ${hint} }),`,
})

/** Leaks, each planted by itself. */
export const leaks: readonly Leak[] = [
  {
    name: 'a log line of what was posted',
    patches: [inReceive('console.log(JSON.stringify(posted))')],
    sinks: ['process stdout'],
  },
  {
    name: 'a log line of the bytes that came',
    patches: [inReceive('console.error(JSON.stringify(Buffer.from(request.body)))')],
    sinks: ['process stderr'],
  },
  {
    name: 'a phone in the name of a metric',
    patches: [KEEP, inReceive("ports.count('orders-of-' + Object(globalThis).leak?.phone)")],
    sinks: ['metrics'],
  },
  {
    name: 'an error that says the value',
    patches: [
      KEEP,
      {
        file: 'lib/access/problem.ts',
        find: '    at: error.at,\n',
        put: `    at: error.at + ${KEPT},\n`,
      },
    ],
    sinks: ['errors'],
  },
  {
    name: 'a bug that is reported by its message',
    patches: [
      {
        file: 'lib/access/problem.ts',
        find: 'error instanceof Error ? error.constructor.name : typeof error',
        put: 'String(error)',
      },
      {
        file: 'lib/flow/receive.ts',
        find: '  const keys = keysOf(sealed)\n',
        put: '  if (/[a-d]$/.test(order.order)) throw new TypeError(JSON.stringify(prepared.personal))\n  const keys = keysOf(sealed)\n',
      },
    ],
    sinks: ['process stdout'],
  },
  {
    name: 'a header of what was read, URL-encoded',
    patches: [
      KEEP,
      {
        file: 'functions/http.ts',
        find: 'headers: { ...headers, ...own } })',
        put: `headers: { ...headers, ...own, 'x-debug': encodeURIComponent(${KEPT}) } })`,
      },
    ],
    sinks: ['headers'],
  },
  {
    name: 'base64 in the stored document',
    patches: [inDoc("Buffer.from(JSON.stringify(prepared.personal)).toString('base64')")],
    sinks: ['store request', 'table Orders', 'files'],
  },
  {
    name: 'gzip in the stored document',
    patches: [
      inDoc(
        "process.getBuiltinModule('node:zlib').gzipSync(JSON.stringify(prepared.personal)).toString('base64')",
      ),
    ],
    sinks: ['store request', 'table Orders', 'files'],
  },
  {
    name: 'hexadecimal in the stored document',
    patches: [inDoc("Buffer.from(prepared.personal.receiver?.address ?? '').toString('hex')")],
    sinks: ['store request', 'table Orders', 'files'],
  },
  {
    name: 'an unsalted hash of the phone to know repeats by',
    patches: [
      {
        file: 'lib/flow/same-body.ts',
        find: "  return createHmac('sha256', key)\n",
        put: "  if (prepared.personal.receiver) return createHash('sha256').update(String(prepared.personal.receiver.phone)).digest('base64url')\n  return createHmac('sha256', key)\n",
      },
    ],
    sinks: ['store request'],
  },
  {
    name: 'a display that shows the whole address',
    patches: [
      {
        file: 'lib/flow/prepare.ts',
        find: 'party.display : maskPersonal(party.personal, level)',
        put: 'party.display : { ...maskPersonal(party.personal, level), address: party.personal.address + "***" }',
      },
      { file: 'lib/flow/prepare.ts', find: '  checkOpen(order)\n', put: '' },
    ],
    sinks: ['table Orders', 'feeds of couriers'],
  },
  {
    name: 'a name in the audit',
    patches: [
      KEEP,
      {
        file: 'lib/store/audit.ts',
        find: '      checkRecord(record)\n',
        put: '      checkRecord(record)\n      record = { ...record, because: String(Object(globalThis).leak?.name) }\n',
      },
    ],
    sinks: ['audit'],
  },
  {
    name: 'the text about a rider as the place of an event',
    patches: [
      {
        file: 'lib/couriers/sf/event.ts',
        find: 'placeOf(String(code), address, textOf(remark)),',
        put: "({ name: String(remark).slice(0, 13), kind: 'region' }),",
      },
    ],
    sinks: ['store request', 'feeds of platforms'],
  },
  {
    name: 'a station that logs what it opened',
    patches: [
      {
        file: 'functions/station/app.ts',
        find: "note({ outcome: 'opened', order, group })",
        put: "note({ outcome: 'opened', order, group, ...personal })",
      },
    ],
    sinks: ['process stdout'],
  },
  {
    name: 'an uncaught error that says the value',
    patches: [KEEP, inReceive(`setTimeout(() => { throw new Error(${KEPT}) }, 200)`)],
    sinks: ['process stderr', 'crash reports'],
  },
]
