import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { encodings, fragments, hashForms } from '../../prove/canaries/encodings.ts'
import { leaks } from '../../prove/canaries/leaks.ts'
import { calm, markedOf, markIn } from '../../prove/canaries/marks.ts'
import { sinksOf } from '../../prove/canaries/planted.ts'
import { createSearch } from '../../prove/canaries/search.ts'

const root = join(import.meta.dirname, '../..')

/** What a search finds in one text. */
function foundIn(piece: string | Uint8Array, known: readonly string[] = []) {
  const search = createSearch()
  for (const number of known) search.know(number)
  search.look('here', piece)
  return search.hits.map(({ what }) => what)
}

const { name, phone, telephone, address } = markedOf(1, 77, 'receiver')

describe('the search for marks', () => {
  test('marks of many orders are all different', () => {
    const all = Array.from({ length: 50_000 }, (_, n) => markedOf(7, n, 'receiver'))
    for (const member of ['name', 'phone', 'telephone', 'address', 'company', 'remark'] as const)
      assert.equal(new Set(all.map(one => one[member])).size, all.length)
  })

  for (const [form, encode] of Object.entries(encodings))
    test(`a mark is found: ${form}`, () => {
      for (const [which, cut] of Object.entries(fragments)) {
        const piece = [Buffer.from('{"a":"'), encode(cut(markIn(address))), Buffer.from('"}')]
        assert.notDeepEqual(foundIn(Buffer.concat(piece)), [], which)
      }
      const piece = [Buffer.from([0, 200]), encode(phone.slice(3, 9)), Buffer.from('"')]
      assert.notDeepEqual(foundIn(Buffer.concat(piece)), [])
    })

  for (const [form, encode] of Object.entries(hashForms))
    test(`an unsalted hash is found: ${form}`, () => {
      for (const number of [phone, telephone.replace('-', '')]) {
        const piece = Buffer.concat([Buffer.from('x"'), encode(number), Buffer.from('"')])
        assert.ok(foundIn(piece, [phone, telephone]).includes('hash'))
        assert.ok(!foundIn(piece).includes('hash'))
      }
    })

  test('what a display may show, ids and ciphertext are no marks', () => {
    const shown = `${name.slice(0, 1)}** ${phone.slice(0, 3)}******${phone.slice(-2)} 黑龙江省 年龄`
    const random = 'o_6bvrfj7zz44viq5d5osmvjjq4r fe41e2b889989132a5eb6a70df703af6 17955592731'
    assert.deepEqual(foundIn(`${shown} ${random} ${calm('SF1389898981')}`, [phone]), [])
  })

  test('a whole number inside a long word is found', () => {
    assert.deepEqual(foundIn(`abcdefghijklmnop${phone}xyz`, [phone]), ['number'])
  })
})

describe('prove canaries', () => {
  const task = {
    ...{ root, seed: 5, first: 0, orders: 40, batch: 10, assignOneIn: 4, openOneIn: 2 },
    ...{ lanes: 4, faults: 0, splice: false },
  }

  test('leaks planted in the code are found where they come out', async () => {
    const chosen = ['gzip in the stored document', 'a display that shows the whole address']
    for (const leak of leaks.filter(({ name }) => chosen.includes(name))) {
      const found = await sinksOf(task, leak)
      for (const sink of leak.sinks) assert.ok(found.includes(sink), `${leak.name}: ${found}`)
    }
  })

  test('the quick proof holds and ends with its figures', () => {
    const args = ['prove/run.ts', 'canaries', '--quick', '--seed', '3']
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root })
    const figures = JSON.parse(String(stdout).trim().split('\n').at(-1) ?? '')
    assert.equal(status, 0, String(stderr))
    assert.equal(figures.hits, 0)
    assert.ok(figures.orders >= 200 && figures.opened > 0 && figures.faults > 0)
    assert.ok(figures.planted > 1000)
    assert.equal(figures.plantedFound, figures.planted)
  })
})
