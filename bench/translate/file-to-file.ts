import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import clear from '../../lib/platforms/douyin/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { isTheirOrder } from '../../lib/platforms/douyin/generated/validators.js'
import { order } from '../../lib/platforms/douyin/order-mapping.ts'
import { settings } from './douyin-sf/samples.ts'

const ORDERS = 20_000
const ROUNDS = 3

const cli = resolve(import.meta.dirname, '../../lib/cli/lasthop.ts')
const program = resolve(import.meta.dirname, 'douyin-sf/waybill.jq')

/** Seconds for a file of 20,000 requests, by whom. */
export interface FileSeconds {
  readonly lasthop: number
  /** Absent where this machine has no jq. */
  readonly jq?: number
}

/**
 * File to file: `lasthop translate`, which reads strictly, masks, hashes and checks, against a jq program
 * that maps the same fields, given the displays and ids. Whole processes, start and end included; both
 * write the same bytes.
 */
export function measureFiles(): FileSeconds {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-bench-'))
  const file = (name: string) => join(folder, name)
  try {
    writeRequests(file('requests.ndjson'), file('shown.ndjson'))
    const translate = () =>
      seconds(process.execPath, [
        ...[cli, 'translate', '--from', 'douyin', '--to', 'sf'],
        ...['--out', file('by-lasthop.ndjson'), file('requests.ndjson')],
      ])
    const map = () =>
      seconds('jq', ['-c', '-f', program, file('shown.ndjson')], file('by-jq.ndjson'))
    if (spawnSync('jq', ['--version']).status !== 0) return { lasthop: translate() }
    const figures = Array.from({ length: ROUNDS }, () => [translate(), map()] as const)
    const [ours, theirs] = ['by-lasthop.ndjson', 'by-jq.ndjson'].map(name =>
      readFileSync(file(name)),
    )
    assert.ok(ours && theirs && ours.length > 0 && ours.equals(theirs))
    const median = (way: 0 | 1) =>
      figures.map(pair => pair[way]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
    return { lasthop: median(0), jq: median(1) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function seconds(command: string, args: readonly string[], out?: string): number {
  const stdout = out === undefined ? 'inherit' : openSync(out, 'w')
  const start = performance.now()
  const { status } = spawnSync(command, args, { stdio: ['ignore', stdout, 'inherit'] })
  const spent = (performance.now() - start) / 1000
  if (typeof stdout === 'number') closeSync(stdout)
  assert.equal(status, 0, command)
  return spent
}

/** The same requests twice: as posted, and with what LastHop shows of them. */
function writeRequests(plain: string, shown: string): void {
  const [forUs, forJq] = [openSync(plain, 'w'), openSync(shown, 'w')]
  for (let n = 0; n < ORDERS; n++) {
    const request = requestOf(n)
    writeSync(forUs, `${JSON.stringify(request)}\n`)
    writeSync(forJq, `${JSON.stringify({ ...request, shown: shownOf(request) })}\n`)
  }
  closeSync(forUs)
  closeSync(forJq)
}

type Request = ReturnType<typeof requestOf>

function requestOf(n: number) {
  const order_info = clear.order_infos[n % clear.order_infos.length] ?? assert.fail()
  const order_id = String(6900000000000001000n + BigInt(n))
  return { ...clear, order_infos: [{ ...order_info, order_id }] }
}

function shownOf({ order_infos, ...envelope }: Request) {
  const document: unknown = { ...envelope, timestamp: '1767225600', order_info: order_infos[0] }
  if (!isTheirOrder(document)) return assert.fail('no order')
  const draft = order.toOurs(document, { ignoreServices: [] })
  const at = { platform: 'douyin', terms: {}, courier: { settings } }
  const { order: id, sender, receiver } = prepareOrder(draft, at).order
  return { order: id, sender: sender.display, receiver: receiver.display }
}
