import assert from 'node:assert/strict'
import { flattenedDecrypt } from 'jose'
import type { OutgoingRequest } from '../../lib/platforms/platform.ts'
import * as ours from './ours.ts'
import { keys, toWeb } from './setting.ts'
import * as usual from './usual.ts'

type Wire = Record<string, Record<string, unknown>>

/** Set anew by each: names, times, what is random or hashed over it. */
const OWN = new Set(['by', 'head', 'body', 'bytes', 'certificate', 'receiver', 'sender'])
const TIMES = new Set(['ttl', 'expiresAt', 'deadline'])

/** Both sides answer a request alike and keep the same items, or there is nothing to compare. */
export async function checkSame(request: OutgoingRequest): Promise<void> {
  const [left, right] = [await made(ours, request), await made(usual, request)]
  assert.equal(left.answer, right.answer)
  assert.deepEqual([...left.items.keys()].sort(), [...right.items.keys()].sort())
  for (const [name, item] of left.items) {
    const other = right.items.get(name) ?? {}
    assert.deepEqual(shapeOf(item), shapeOf(other), name)
    if (!item.body) continue
    assert.deepEqual(await opened(left.items, item), await opened(right.items, other))
  }
}

async function made({ app, end }: typeof ours | typeof usual, request: OutgoingRequest) {
  end.keep = true
  const reply = await app.fetch(toWeb(request))
  assert.equal(reply.status, 200)
  const puts = end.bodies.flatMap(body =>
    JSON.parse(body).TransactItems.map((one: { Put: { Item: Wire } }) => one.Put.Item),
  ) as Wire[]
  end.keep = false
  end.bodies.length = 0
  const items = new Map(puts.map(item => [nameOf(item), item]))
  return { answer: await reply.text(), items }
}

/** The time in an entry's name is each one's own; how a look-up is sorted is the store's own affair. */
function nameOf({ pk, sk }: Wire): string {
  const name = String(sk?.S).replace(/^\d{13}\./, '')
  return `${pk?.S} ${String(pk?.S).startsWith('ref#') ? '' : name}`
}

function shapeOf(item: Wire): unknown {
  const { pk, sk: _, ...rest } = item
  const parts = Object.entries(rest).map(([name, value]) => {
    if (OWN.has(name)) return [name, Object.keys(value)]
    if (TIMES.has(name)) return [name, Math.round(Number(value.N) / (name === 'ttl' ? 60 : 60_000))]
    return [name, value]
  })
  const head = item.head ? Object.keys(JSON.parse(String(item.head.S))).sort() : []
  return [pk, Object.fromEntries(parts), head]
}

/** The open order, and what the courier's custody key opens of it. */
async function opened(items: ReadonlyMap<string, Wire>, item: Wire): Promise<unknown> {
  const { order, sealed } = JSON.parse(String(item.body?.S))
  const held = items.get(`key#${order.order} key`) ?? {}
  const texts: string[] = []
  for (const group of ['sender', 'receiver']) {
    const { M } = held[group] as { M: { wrapped: { B: string } } }
    const encrypted_key = Buffer.from(M.wrapped.B, 'base64').toString('base64url')
    const { protected: front, header, iv, ciphertext, tag } = sealed[group]
    const jwe = { protected: front, header, iv, ciphertext, tag, encrypted_key }
    const { plaintext } = await flattenedDecrypt(jwe, keys.custody.privateKey)
    texts.push(JSON.parse(Buffer.from(plaintext).toString()))
    assert.equal(plaintext.length, 512)
  }
  const names = Object.fromEntries(
    Object.entries(sealed).map(([group, seal]) => [group, Object.keys(Object(seal)).sort()]),
  )
  return { order, texts, names }
}
