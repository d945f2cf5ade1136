import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, mock, test } from 'node:test'
import { Command } from 'commander'
import { addGatewayVerbs } from '../../lib/cli/commands/gateway.ts'
import { UsageError } from '../../lib/cli/partners.ts'
import { writeAddresses } from '../../lib/cli/session.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { fresh, info, request } from '../functions/http/orders.ts'
import { scratch } from './run.ts'

const { folder, file, gone } = scratch()
let gateway: LocalGateway

before(async () => {
  gateway = await startGateway({ port: 0, folder })
  writeAddresses(folder, gateway)
})
after(async () => {
  await gateway.stop()
  gone()
})

/** Runs a verb in this process. */
async function verb(...args: readonly string[]) {
  const out: string[] = []
  const log = mock.method(console, 'log', (line: string) => out.push(line))
  const program = new Command('lasthop').exitOverride()
  addGatewayVerbs(program)
  try {
    await program.parseAsync([...args, '--data', folder], { from: 'user' })
    return { code: Number(process.exitCode ?? 0), body: JSON.parse(out.join('')) }
  } finally {
    process.exitCode = 0
    log.mock.restore()
  }
}

const ORDERS = 120

describe('a feed of more than a page', () => {
  before(async () => {
    for (let n = 0; n < ORDERS / 20; n++) {
      writeFileSync(file('request.json'), request(Array.from({ length: 20 }, () => info(fresh()))))
      assert.equal((await verb('post', file('request.json'))).code, 0)
    }
  })

  test('pull shows all of it', async () => {
    const { code, body } = await verb('pull')
    assert.equal(code, 0)
    assert.equal(new Set(body.entries.map((entry: { id: string }) => entry.id)).size, ORDERS)
  })

  test('answer answers all of it', async () => {
    const { code, body } = await verb('answer')
    assert.deepEqual([code, body.results.length], [0, ORDERS])
    assert.deepEqual((await verb('pull')).body.entries, [])
  })

  test('events shows all of it, and takes off what it showed', async () => {
    assert.equal((await verb('events')).body.entries.length, ORDERS)
    assert.equal((await verb('events', '--ack')).body.entries.length, ORDERS)
    assert.deepEqual((await verb('events')).body.entries, [])
  })

  test('what could not be shown is not taken off', async () => {
    writeFileSync(file('request.json'), request([info(fresh())]))
    await verb('post', file('request.json'))
    await verb('answer')
    const broken = mock.method(console, 'log', () => {
      throw new Error('nobody reads')
    })
    const program = new Command('lasthop').exitOverride()
    addGatewayVerbs(program)
    await assert.rejects(
      program.parseAsync(['events', '--ack', '--data', folder], { from: 'user' }),
      /nobody reads/,
    )
    broken.mock.restore()
    assert.equal((await verb('events')).body.entries.length, 1)
  })
})

test('without a file the platform’s own order for the courier is posted', async () => {
  assert.equal((await verb('post', '--courier', 'kye')).code, 0)
  const { entries } = (await verb('pull', '--courier', 'kye')).body
  assert.ok(entries.length > 0)
})

describe('numbers are whole numbers', () => {
  const wrong: [what: string, args: string[]][] = [
    ['no number', ['assign', 'entries.json', 'o_x', 'station-1', '--epoch', 'x']],
    ['a fraction', ['assign', 'entries.json', 'o_x', 'station-1', '--epoch', '1.5']],
    ['nought', ['assign', 'entries.json', 'o_x', 'station-1', '--epoch', '0']],
    ['no revision', ['open', 'o_x', 'station-1', '--rev', 'NaN']],
  ]
  for (const [what, args] of wrong) {
    test(what, async () => {
      const named = (error: unknown) =>
        error instanceof UsageError && /wants a whole number/.test(error.message)
      await assert.rejects(verb(...args), named)
    })
  }
})
