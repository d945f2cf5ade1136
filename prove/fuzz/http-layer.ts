import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../../lib/local/world.ts'
import { match } from '../../test/functions/rest/rest-api.ts'
import type { Chance } from '../seals/chance.ts'
import type { Heard } from './app-layer.ts'
import { type Call, callersOf } from './calls.ts'
import { checkHttp } from './contract.ts'
import type { Fault } from './fault.ts'
import type { Layer } from './json-layer.ts'
import { markOf, mutateBytes } from './mutate.ts'
import type { Code, Sample } from './subject.ts'

/** How long an answer is waited for. One that never comes to a whole request is a fault. */
const PATIENCE_MS = 10_000

/** What the HTTP parser below the gateway answers by itself, without a body: it knows no contract. */
const PARSER = [400, 408, 413, 417, 431]

/** One request on the wire: its bytes, and how they are sent. */
interface Wire {
  readonly what: string
  readonly bytes: Buffer
  /** In two parts, the second late or never. */
  readonly cutAt?: number
  readonly isWhole: boolean
  readonly call?: Call
}

/** Bytes on a socket to the local server: whole, slow, cut, flooded, badly framed. */
export function httpLayer(
  code: Code,
  gateway: World & { readonly origin: string },
  samples: readonly Sample[],
  heard: Heard,
): Layer {
  const { hostname, port } = new URL(gateway.origin)
  const callers = callersOf(code, gateway, samples)
  return async chance => {
    const call = await chance.pick(callers)(chance, markOf(chance))
    const wire = wireOf(call, chance)
    heard.bugs.length = 0
    const input = { what: wire.what, bytes: wire.bytes.toString('latin1') }
    const answer = await exchange(wire, Number(port), hostname)
    const [bug] = heard.bugs
    if (bug !== undefined) return { broken: 'serverErrors', what: `${bug}, ${wire.what}`, input }
    return judge(wire, answer, input)
  }
}

function wireOf(call: Call, chance: Chance): Wire {
  const plain = wholeOf(call, [])
  const flood = (count: number, size: number) =>
    Array.from({ length: count }, (_, n): [string, string] => [`x-flood-${n}`, 'y'.repeat(size)])
  return chance.pick<() => Wire>([
    () => ({ what: 'whole', bytes: plain, isWhole: true, call }),
    () => ({ what: 'whole', bytes: plain, isWhole: true, call }),
    () => ({ what: 'slow', bytes: plain, cutAt: cut(plain, chance), isWhole: true, call }),
    () => ({ what: 'never whole', bytes: plain.subarray(0, cut(plain, chance)), isWhole: false }),
    () => ({ what: 'many headers', bytes: wholeOf(call, flood(100, 8)), isWhole: true, call }),
    () => ({ what: 'too many headers', bytes: wholeOf(call, flood(5000, 2)), isWhole: true }),
    () => ({ what: 'headers too long', bytes: wholeOf(call, flood(1, 100_000)), isWhole: true }),
    () => ({ what: 'chunked', bytes: chunkedOf(call), isWhole: true, call }),
    () => ({
      what: 'two lengths',
      bytes: wholeOf(call, [['content-length', '3']]),
      isWhole: false,
    }),
    () => ({
      what: 'length and chunks',
      bytes: wholeOf(call, [['transfer-encoding', 'chunked']]),
      isWhole: false,
    }),
    () => ({
      what: 'compressed',
      bytes: wholeOf(call, [['content-encoding', 'gzip']]),
      isWhole: true,
    }),
    () => ({ what: 'expects', bytes: wholeOf(call, [['expect', 'x']]), isWhole: true }),
    () => ({ what: 'bytes changed', bytes: mutateBytes(plain, chance), isWhole: false }),
    () => ({
      what: 'a method changed',
      bytes: Buffer.concat([Buffer.from('X'), plain]),
      isWhole: false,
    }),
    () => ({ what: 'no host', bytes: withoutHost(plain), isWhole: true }),
    () => ({ what: 'odd target', bytes: retarget(plain, chance), isWhole: true }),
    () => ({ what: 'HTTP/1.0', bytes: relabel(plain, '1.1', '1.0'), isWhole: true }),
    () => ({ what: 'too large', bytes: tooLarge(call), isWhole: true }),
  ])()
}

const cut = (bytes: Buffer, chance: Chance) => 1 + chance.below(bytes.length - 1)

function wholeOf(
  { method, path, headers, body }: Call,
  more: readonly (readonly [string, string])[],
): Buffer {
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const length: [string, string][] =
    body.length === 0 ? [] : [['content-length', String(body.length)]]
  return Buffer.concat([head(method, path, [...own, ...length, ...more]), body])
}

function chunkedOf({ method, path, headers, body }: Call): Buffer {
  const own = Object.entries(headers)
  if (body.length === 0) return head(method, path, own)
  const chunk = `${body.length.toString(16)}\r\n`
  const start = head(method, path, [...own, ['transfer-encoding', 'chunked']])
  return Buffer.concat([start, Buffer.from(chunk), body, Buffer.from('\r\n0\r\n\r\n')])
}

function tooLarge({ path, headers }: Call): Buffer {
  const body = Buffer.alloc(1_048_577, ' ')
  const own = Object.entries(headers)
  return Buffer.concat([
    head('POST', path, [...own, ['content-length', String(body.length)]]),
    body,
  ])
}

function head(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const fixed = 'host: 127.0.0.1\r\nconnection: close\r\n'
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${fixed}${lines.join('')}\r\n`, 'latin1')
}

const withoutHost = (bytes: Buffer) => relabel(bytes, 'host: 127.0.0.1\r\n', '')

function relabel(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')
}

function retarget(bytes: Buffer, chance: Chance): Buffer {
  const target = chance.pick([
    ...['/', '//', '/v1/../v1/health', '/v1/%2e%2e/health', '*', 'http://other.example/v1/health'],
    ...['/v1/couriers/sf//waybills', '/v1/couriers/s%66/waybills', '/v1/health?%', '/v1/health#x'],
    ...['//other.example/v1/health', '/v1/health/', '/V1/HEALTH', '/\\', `/${'x'.repeat(9000)}`],
    ...[
      '/v1/schemas/..%2f..%2fpackage.json',
      '/v1/schemas/__proto__',
      '?',
      '/v1/health;a=1',
      '/%ff',
    ],
  ])
  return relabel(bytes, bytes.toString('latin1').split(' ')[1] ?? '/', target)
}

/** Sends and reads until the other side closes; what has come by then, or nothing in time. */
async function exchange(
  { bytes, cutAt, isWhole }: Wire,
  port: number,
  host: string,
): Promise<Buffer | 'silent'> {
  const socket = connect({ port, host })
  const answer = reading(socket)
  socket.write(bytes.subarray(0, cutAt))
  if (cutAt !== undefined) {
    await wait(5)
    socket.write(bytes.subarray(cutAt))
  }
  // Who never finishes goes away after a while; the answer that came before counts.
  if (!isWhole) {
    await Promise.race([answer, wait(20)])
    socket.destroy()
  }
  const late = AbortSignal.timeout(PATIENCE_MS)
  late.onabort = () => socket.destroy(new Error('silent'))
  const told = await answer
  late.onabort = null
  socket.destroy()
  return told
}

function reading(socket: Socket): Promise<Buffer | 'silent'> {
  const chunks: Buffer[] = []
  return new Promise(resolve => {
    socket.on('data', chunk => void chunks.push(chunk))
    socket.on('error', error =>
      resolve(error.message === 'silent' ? 'silent' : Buffer.concat(chunks)),
    )
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

function judge(
  { what, isWhole, call }: Wire,
  answer: Buffer | 'silent',
  input: unknown,
): Fault | undefined {
  const fault = (broken: Fault['broken'], why: string): Fault => ({
    broken,
    what: `${what}: ${why}`,
    input,
  })
  if (answer === 'silent') return fault('serverErrors', 'no answer')
  const said = /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(
    answer.toString('utf8'),
  )
  if (said === null)
    return isWhole && call !== undefined ? fault('serverErrors', 'no answer') : undefined
  const [, code = '', fields = '', body = ''] = said
  const status = Number(code)
  const contentType = /^content-type: (.*)$/im.exec(fields)?.[1]?.trim()
  const retryAfter = /^retry-after: (.*)$/im.exec(fields)?.[1]?.trim()
  if (status >= 500) return fault('serverErrors', String(status))
  if (contentType === undefined)
    return PARSER.includes(status) ? undefined : fault('offContract', `${status} without a type`)
  if (call === undefined) return undefined
  const { method, path, partner, body: sent } = call
  const { resource } = match({ path: path.split('?')[0] ?? '', method })
  const isChunked = /^transfer-encoding: chunked/im.test(fields)
  const text = isChunked ? body.replace(/^[0-9a-f]+\r\n|\r\n[0-9a-f]+\r\n(?:\r\n)?/gim, '') : body
  return checkHttp(
    { resource, method, partner },
    { status, contentType, text, retryAfter },
    sent.length,
    input,
  )
}
