import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { courierClient } from '../../lib/cli/courier-client.ts'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { list, textOf } from '../../lib/cli/send.ts'
import { readIdentities } from '../../lib/local/identities.ts'

const ORDERS = 1000
const AT_ONCE = 8
const command = resolve(import.meta.dirname, '../../lib/cli/lasthop.ts')

interface Running {
  readonly process: ChildProcess
  readonly origin: string
}

async function startIn(folder: string): Promise<Running> {
  const args = [command, 'dev', '--data', folder, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += chunk
    const origin = /is at\s+(http:\S+)/.exec(text)?.[1]
    if (origin !== undefined && text.includes('Stop with')) return { process: child, origin }
  }
  throw new Error('the gateway did not start')
}

function clientsOf(origin: string, folder: string) {
  const identities = readIdentities(folder)
  const douyin = identities?.platforms.douyin
  const sf = identities?.couriers.sf
  assert.ok(douyin && sf)
  const trust = { pins: { custodyKeys: [], gatewayKeys: [], revoked: [] }, router: '' }
  return {
    platform: platformClient(origin, 'douyin', douyin),
    courier: courierClient(origin, 'sf', sf, trust),
  }
}

/** One request of one order, of invented people. */
function requestOf(n: number): string {
  const address = {
    country_code: 'CHN',
    province_name: '福建省',
    city_name: '厦门市',
    district_name: '思明区',
    detail_address: `测试路${n}号样例小区2栋301室`,
  }
  const person = { address, contact: { name: '张三', mobile: '13800000000' } }
  const order = {
    order_id: String(6900000000000000000n + BigInt(n)),
    receiver_info: person,
    items: [{ item_name: '茶具套装', item_count: 1 }],
    product_type: '2',
    pay_method: 2,
  }
  return JSON.stringify({
    logistics_code: 'shunfeng',
    sender_info: person,
    order_infos: [order],
  })
}

/** Posts orders, some at once; how many were answered before the gateway went away. */
async function postAll(
  platform: ReturnType<typeof clientsOf>['platform'],
  onAnswer: (answered: number) => void,
): Promise<number> {
  let next = 0
  let answered = 0
  const worker = async () => {
    while (next < ORDERS) {
      const reply = await platform.post(requestOf(next++)).catch(() => undefined)
      if (reply === undefined) return
      assert.equal(reply.status, 200)
      assert.match(reply.text, /"err_code":"4009"/)
      onAnswer(++answered)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return answered
}

async function pullAll(courier: ReturnType<typeof clientsOf>['courier']): Promise<string[]> {
  const orders: string[] = []
  for (let after: string | undefined; ; ) {
    const { body } = await courier.pull(after)
    orders.push(...list(body, 'entries').map(entry => textOf(entry, 'order')))
    after = textOf(body, 'next') || undefined
    if (after === undefined) return orders
  }
}

test('a gateway killed in the middle of 1,000 orders loses none and doubles none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-kill-'))
  const started: ChildProcess[] = []
  try {
    const first = await startIn(folder)
    started.push(first.process)
    const before = await postAll(clientsOf(first.origin, folder).platform, answered => {
      if (answered === 300) first.process.kill('SIGKILL')
    })
    if (first.process.signalCode === null) await once(first.process, 'exit')
    assert.ok(before >= 300 && before < ORDERS, 'killed in the middle')

    const second = await startIn(folder)
    started.push(second.process)
    const { platform, courier } = clientsOf(second.origin, folder)
    const kept = await pullAll(courier)
    assert.ok(kept.length >= before, 'what was acknowledged is owed')
    assert.equal(await postAll(platform, () => {}), ORDERS)
    const pulled = await pullAll(courier)
    assert.equal(pulled.length, ORDERS)
    assert.equal(new Set(pulled).size, ORDERS)
    second.process.kill('SIGTERM')
    await once(second.process, 'exit')
    assert.equal(second.process.exitCode, 0, 'stops cleanly')
  } finally {
    for (const child of started) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})
