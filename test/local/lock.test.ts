import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { writeAddresses } from '../../lib/cli/session.ts'
import { lockFolder } from '../../lib/local/lock.ts'
import { startGateway } from '../../lib/local/server.ts'
import { lasthop } from '../cli/run.ts'

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-lock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

const inUse = /in use by process \d+: stop it, or choose another by --data/

/** A process that takes the lock and then does as it is told. */
async function locker(folder: string, then: string): Promise<ReturnType<typeof spawn>> {
  const lock = join(import.meta.dirname, '../../lib/local/lock.ts')
  const code = `import { lockFolder } from ${JSON.stringify(lock)}
    lockFolder(process.argv[1]); console.log('has it'); ${then}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(child.stdout ?? assert.fail(), 'data')
  return child
}

test('a folder is for one gateway, until it stops', async t => {
  const folder = folderFor(t)
  const first = await startGateway({ port: 0, folder })
  await assert.rejects(startGateway({ port: 0, folder }), inUse)
  await first.stop()
  assert.equal(existsSync(join(folder, 'lock')), false)
  const again = await startGateway({ port: 0, folder })
  await again.stop()
})

test('another process is told, and one that was killed is not in the way', async t => {
  const folder = folderFor(t)
  const other = await locker(folder, 'process.stdin.resume()')
  assert.throws(() => lockFolder(folder), inUse)
  other.kill('SIGKILL')
  await once(other, 'exit')
  assert.ok(existsSync(join(folder, 'lock')), 'it left its lock')
  const release = lockFolder(folder)
  assert.throws(() => lockFolder(folder), inUse)
  release()
  assert.deepEqual(readdirSync(folder), [])
})

test('one that ends by itself leaves nothing, and an older process of the same number is another', async t => {
  const folder = folderFor(t)
  const other = await locker(folder, 'process.exit()')
  await once(other, 'exit')
  assert.deepEqual(readdirSync(folder), [])
  for (const owner of [`${process.pid} 1`, '0', '', 'text']) {
    writeFileSync(join(folder, 'lock'), owner)
    lockFolder(folder)()
  }
})

test('on the command line it is said in one line', async t => {
  const folder = folderFor(t)
  const release = lockFolder(folder)
  const { code, out, err } = await lasthop(['dev', '--data', folder, '--port', '0'])
  release()
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(
    err,
    /^lasthop: .+ is in use by process \d+: stop it, or choose another by --data\n$/,
  )
})

test('what a data folder holds is its owner’s alone', async t => {
  const folder = join(folderFor(t), 'data')
  const first = await startGateway({ port: 0, folder })
  writeFileSync(join(folder, 'gateway.json'), '{}', { mode: 0o644 })
  writeAddresses(folder, first)
  const modes = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => {
      const { mode } = statSync(join(folder, name))
      return [name, (mode & 0o777).toString(8)]
    })
  const found = modes()
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.ok(found.some(([name]) => name === 'gateway.json'))
  for (const [name = '', mode] of found)
    assert.equal(mode, name === 'dynamodb' ? '700' : '600', name)
  await first.stop()
})
