import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
} from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { startLocalAws } from '../../lib/local/aws-server.ts'
import {
  courier,
  credentialsOf,
  document,
  keyClaims,
  kmsOf,
  makeIssuer,
  rootOf,
  signIn,
  signToken,
  startFor,
  stsOf,
} from './fixtures.ts'

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-aws-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('after a restart: the same keys, aliases, identities, credentials and sessions', async t => {
  const dataFile = join(folderFor(t), 'aws.json')
  const issuer = makeIssuer()
  const account = courier
  const first = await startLocalAws({ dataFile })
  first.putProvider({
    account,
    issuer: issuer.issuer,
    audiences: ['lasthop-sts'],
    keys: issuer.keys,
  })
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: issuer.provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }
  first.putRole({ account, name: 'station', trust: document(trust) })
  const root = { ...first.credentials(`arn:aws:iam::${account}:root`) }
  const kms = kmsOf(first, { ...root })
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'hop' }))
  await kms.send(
    new CreateAliasCommand({ AliasName: 'alias/hop', TargetKeyId: KeyMetadata?.KeyId }),
  )
  const Plaintext = Buffer.from('content key')
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/hop', Plaintext }))
  const token = await signToken(keyClaims(issuer), issuer.privateKey)
  const session = credentialsOf(await signIn(first, token))
  await first.stop()

  const { aws } = await startFor(t, { dataFile })
  assert.deepEqual(aws.credentials(`arn:aws:iam::${account}:root`), root)
  const opened = await kmsOf(aws, { ...root }).send(
    new DecryptCommand({ CiphertextBlob, KeyId: 'alias/hop' }),
  )
  assert.deepEqual(Buffer.from(opened.Plaintext ?? []), Plaintext)
  const { Arn } = await stsOf(aws, session).send(new GetCallerIdentityCommand({}))
  assert.equal(Arn, `arn:aws:sts::${account}:assumed-role/station/s-17`)
  await signIn(aws, token)
})

test('the data file is for its owner only, also one that was not', async t => {
  const dataFile = join(folderFor(t), 'aws.json')
  const first = await startLocalAws({ dataFile })
  await first.stop()
  assert.equal(statSync(dataFile).mode & 0o777, 0o600)
  chmodSync(dataFile, 0o644)
  writeFileSync(`${dataFile}.new`, 'half of', { mode: 0o644 })
  const second = await startLocalAws({ dataFile })
  await second.stop()
  assert.equal(statSync(dataFile).mode & 0o777, 0o600)
  assert.equal(JSON.parse(readFileSync(dataFile, 'utf8')).version, 1)
})

test('a data file of another form is refused and left as it is', async t => {
  const dataFile = join(folderFor(t), 'aws.json')
  for (const text of ['{"version":2}', '[]', 'null']) {
    writeFileSync(dataFile, text)
    await assert.rejects(startLocalAws({ dataFile }), /not of this version/)
    assert.equal(readFileSync(dataFile, 'utf8'), text)
  }
})

test('in memory, nothing is left', async t => {
  const one = await startFor(t)
  const { KeyMetadata } = await rootOf(one.aws).send(new CreateKeyCommand({}))
  assert(KeyMetadata)
  const two = await startFor(t)
  const root = `arn:aws:iam::${courier}:root`
  assert.notDeepEqual(one.aws.credentials(root), two.aws.credentials(root))
})

/** A child process that serves `dataFile` and prints its endpoint and root credentials. */
async function startChild(dataFile: string): Promise<{ child: ChildProcess; line: string }> {
  const server = new URL('../../lib/local/aws-server.ts', import.meta.url).href
  const program = `
    const { startLocalAws } = await import(${JSON.stringify(server)})
    const aws = await startLocalAws({ dataFile: ${JSON.stringify(dataFile)} })
    const credentials = aws.credentials('arn:aws:iam::${courier}:root')
    console.log(JSON.stringify({ endpoint: aws.endpoint, credentials }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert(child.stdout)
  const [line]: string[] = await once(createInterface(child.stdout), 'line')
  return { child, line: line ?? '' }
}

test('kill -9 in the middle of making keys: every key that was answered is there and opens', async t => {
  const dataFile = join(folderFor(t), 'aws.json')
  const { child, line } = await startChild(dataFile)
  const { endpoint, credentials } = JSON.parse(line)
  const kms = kmsOf({ ...(await startFor(t)).aws, endpoint }, credentials, { maxAttempts: 1 })
  const sealed: Uint8Array[] = []
  const make = async () => {
    for (;;) {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
      const use = { KeyId: KeyMetadata?.Arn, Plaintext: Buffer.from('content key') }
      const { CiphertextBlob } = await kms.send(new EncryptCommand(use))
      if (CiphertextBlob) sealed.push(CiphertextBlob)
      if (sealed.length === 25) child.kill('SIGKILL')
    }
  }
  await Promise.allSettled([make(), make(), make()])
  assert(sealed.length >= 25)
  const { aws } = await startFor(t, { dataFile })
  const again = kmsOf(aws, credentials)
  for (const CiphertextBlob of sealed) await again.send(new DecryptCommand({ CiphertextBlob }))
})
