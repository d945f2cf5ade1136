import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { lasthop, scratch } from './run.ts'

const { file, gone } = scratch()
after(gone)

/** Makes a pair: its files, and the thumbprint as another library calculates it. */
async function made(kind: string, name: string): Promise<string> {
  const run = await lasthop(['keys', 'new', kind, file(`${name}.jwk`)])
  assert.equal(run.code, 0, run.err)
  writeFileSync(file(`${name}.pub.jwk`), run.out)
  const jwk = JSON.parse(run.out)
  assert.ok(!('d' in jwk))
  assert.equal(jwk.kid, await calculateJwkThumbprint(jwk))
  return jwk.kid
}

test('new and show: thumbprints, kinds, and a private half that nobody else reads', async () => {
  const kids = {
    custody: await made('custody', 'c'),
    signing: await made('signing', 's'),
    http: await made('http', 'h'),
  }
  const names = ['c.jwk', 'c.pub.jwk', 's.jwk', 'h.pub.jwk'].map(file)
  const { code, out } = await lasthop(['keys', 'show', ...names])
  assert.equal(code, 0)
  const [own, open, signing, http] = out.trim().split('\n')
  assert.equal(own, `${kids.custody}  rsa 3072, private  ${file('c.jwk')}`)
  assert.equal(open, `${kids.custody}  rsa 3072  ${file('c.pub.jwk')}`)
  assert.equal(signing, `${kids.signing}  ec prime256v1, private  ${file('s.jwk')}`)
  assert.equal(http, `${kids.http}  ed25519  ${file('h.pub.jwk')}`)
  assert.equal(statSync(file('c.jwk')).mode & 0o777, 0o600)

  const before = readFileSync(file('c.jwk'), 'utf8')
  assert.equal((await lasthop(['keys', 'new', 'custody', file('c.jwk')])).code, 2)
  assert.equal(readFileSync(file('c.jwk'), 'utf8'), before, 'never written over')
  assert.equal((await lasthop(['keys', 'new', 'rsa', file('x.jwk')])).code, 2)
})

test('help with examples, and exit code 2 for what is not understood', async () => {
  for (const verb of [
    'seal',
    'open',
    'assign',
    'lift',
    'audit verify',
    'keys show',
    'keys new',
    'keys pin',
    'keys selftest',
  ]) {
    const { code, out } = await lasthop([...verb.split(' '), '--help'])
    assert.equal(code, 0, verb)
    assert.match(out, /Example/, verb)
    const wrong = await lasthop([...verb.split(' '), '--no-such-option'])
    assert.equal(wrong.code, 2, verb)
  }
  assert.equal((await lasthop(['keys', 'show', '--data', file('nowhere')])).code, 2)
  assert.equal((await lasthop(['audit', 'verify', '--data', file('nowhere')])).code, 2)
})
