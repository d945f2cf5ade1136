import assert from 'node:assert/strict'
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  verify,
} from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSigner, createVerifier, httpbis } from 'http-message-signatures'
import { sha256Base64 } from '../../lib/access/digest.ts'
import {
  type SignatureKey,
  signHttpRequest,
  verifyHttpSignature,
} from '../../lib/access/http-signature.ts'
import { type RawRequest, readRequest } from '../../lib/access/request.ts'
import type { OutgoingRequest } from '../../lib/access/signature-components.ts'

const origin = 'https://gateway.example/lasthop'
const now = new Date('2026-01-05T10:00:00.000Z')
const seconds = (offset: number) => new Date(now.getTime() + offset * 1000)

const shared: SignatureKey = {
  keyid: 'sf-2026-01',
  alg: 'hmac-sha256',
  key: createSecretKey(Buffer.alloc(32, 7)),
}
const pair = generateKeyPairSync('ed25519')
const signing: SignatureKey = { keyid: 'sf-2026-02', alg: 'ed25519', key: pair.privateKey }
const checking: SignatureKey = { keyid: 'sf-2026-02', alg: 'ed25519', key: pair.publicKey }
const keys = (keyid: string) => [shared, checking].find(key => key.keyid === keyid)

const post: OutgoingRequest = {
  method: 'POST',
  url: `${origin}/v1/couriers/sf/answers?limit=10&after=a%20b%21~`,
  headers: { 'Content-Type': 'application/json' },
  body: new TextEncoder().encode('{"answers":[]}'),
}
const get: OutgoingRequest = { method: 'GET', url: `${origin}/v1/couriers/sf/waybills?limit=10` }

/** What the gateway's functions see: the path has lost the prefix of the public address. */
async function arrive(
  request: OutgoingRequest,
  headers: Record<string, string>,
): Promise<RawRequest> {
  const { pathname, search } = new URL(request.url)
  const url = `https://other.invalid${pathname.replace('/lasthop', '')}${search}`
  const { method, body } = request
  return readRequest(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }))
}

async function sent(request: OutgoingRequest, key = shared, at = now): Promise<RawRequest> {
  return arrive(request, await signHttpRequest(request, key, at))
}

const check = (
  raw: RawRequest,
  options: { origin?: string; now?: Date; keys?: typeof keys } = {},
) => verifyHttpSignature(raw, { origin, now, keys, ...options })

async function refuses(raw: RawRequest, options: Parameters<typeof check>[1] = {}) {
  await assert.rejects(check(raw, options), {
    name: 'GatewayError',
    code: 'UNAUTHENTICATED',
    message: 'UNAUTHENTICATED',
    at: '',
  })
}

const withHeader = (raw: RawRequest, name: string, value: string): RawRequest => ({
  ...raw,
  headers: new Map([...raw.headers, [name, value]]),
})
const edited = (raw: RawRequest, name: string, edit: (value: string) => string): RawRequest =>
  withHeader(raw, name, edit(raw.headers.get(name) ?? ''))

// RFC 9421 appendix B.1.4, B.1.5, B.2.
const rfcRequest = {
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: {
    Host: 'example.com',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Length': '18',
  },
}
const rfcPrivate = createPrivateKey({
  key: Buffer.from('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF', 'base64'),
  format: 'der',
  type: 'pkcs8',
})
const rfcPublic = createPublicKey({
  key: Buffer.from('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64'),
  format: 'der',
  type: 'spki',
})
const rfcSecret = createSecretKey(
  Buffer.from(
    'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
    'base64',
  ),
)

for (const [name, alg, keyid, sign, verifyKey, fields, signature] of [
  [
    'sig-b25',
    'hmac-sha256',
    'test-shared-secret',
    rfcSecret,
    rfcSecret,
    ['date', '@authority', 'content-type'],
    'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
  ],
  [
    'sig-b26',
    'ed25519',
    'test-key-ed25519',
    rfcPrivate,
    rfcPublic,
    ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  ],
] as const) {
  test(`the library reproduces RFC 9421 ${name}`, async () => {
    const created = new Date(1618884473 * 1000)
    const signed = await httpbis.signMessage(
      {
        key: createSigner(sign, alg, keyid),
        name,
        fields: [...fields],
        params: ['created', 'keyid'],
        paramValues: { created },
      },
      rfcRequest,
    )
    assert.equal(Object(signed.headers).Signature, `${name}=:${signature}:`)
    const keyLookup = async () => ({ verify: createVerifier(verifyKey, alg) })
    assert.equal(await httpbis.verifyMessage({ keyLookup }, signed), true)
  })
}

test('a signature is made over the base that RFC 9421 describes, to the byte', async () => {
  const headers = await signHttpRequest(post, shared, now)
  const digest = `sha-256=:${sha256Base64('{"answers":[]}')}:`
  const input =
    '("@method" "@authority" "@path" "@query-param";name="limit" "@query-param";name="after" "content-type" "content-digest")' +
    `;created=${now.getTime() / 1000};keyid="sf-2026-01";tag="lasthop"`
  const base = [
    '"@method": POST',
    '"@authority": gateway.example',
    '"@path": /lasthop/v1/couriers/sf/answers',
    '"@query-param";name="limit": 10',
    '"@query-param";name="after": a%20b%21%7E',
    '"content-type": application/json',
    `"content-digest": ${digest}`,
    `"@signature-params": ${input}`,
  ].join('\n')
  const mac = createHmac('sha256', shared.key).update(base).digest('base64')
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'content-digest': digest,
    'signature-input': `sig=${input}`,
    signature: `sig=:${mac}:`,
  })
})

test('ed25519: the same base, checked without the library', async () => {
  const headers = await signHttpRequest(get, signing, now)
  const input = headers['signature-input']?.replace('sig=', '')
  const base = `"@method": GET\n"@authority": gateway.example\n"@path": /lasthop/v1/couriers/sf/waybills\n"@query-param";name="limit": 10\n"@signature-params": ${input}`
  const bytes = Buffer.from(headers.signature?.slice(5, -1) ?? '', 'base64')
  assert.ok(verify(null, Buffer.from(base), pair.publicKey, bytes))
})

test('what is signed is known, with and without a body, by either kind of key', async () => {
  for (const request of [post, get]) {
    assert.deepEqual(await check(await sent(request, shared)), { keyid: 'sf-2026-01' })
    assert.deepEqual(await check(await sent(request, signing)), { keyid: 'sf-2026-02' })
  }
})

test('an origin without a path, with a port, with a trailing slash', async () => {
  for (const address of [
    'http://127.0.0.1:8787',
    'https://GATEWAY.example:443/',
    'https://[::1]:8443',
  ]) {
    const request = {
      method: 'GET',
      url: `${address.replace(/\/$/, '')}/v1/couriers/sf/waybills?limit=10`,
    }
    await check(await sent(request), { origin: address })
  }
})

test('the window is five minutes, both ways', async () => {
  for (const offset of [-300, -1, 0, 1, 300]) await check(await sent(get, shared, seconds(offset)))
  for (const offset of [-301, 301, -86_400, 86_400])
    await refuses(await sent(get, shared, seconds(offset)))
})

test('attack 31: a signature made for another host, path, method, body or time', async () => {
  const raw = await sent(post)
  await check(raw)
  await refuses(raw, { origin: 'https://gateway2.example/lasthop' })
  await refuses(raw, { origin: 'https://gateway.example/other' })
  await refuses(raw, { origin: 'https://gateway.example' })
  await refuses(raw, { origin: 'https://gateway.example:8443/lasthop' })
  await refuses({ ...raw, path: '/v1/couriers/kye/answers' })
  await refuses({ ...raw, method: 'PUT' })
  await refuses({ ...raw, body: new TextEncoder().encode('{"answers":[1]}') })
  await refuses({ ...raw, body: new Uint8Array() })
  await refuses(raw, { now: seconds(301) })
})

test('the Host header counts for nothing', async () => {
  await check(withHeader(await sent(post), 'host', 'evil.example'))
  const elsewhere = await sent({ ...get, url: get.url.replace('gateway', 'evil') })
  await refuses(withHeader(elsewhere, 'host', 'evil.example'))
})

test('attack 31: two signatures, in every way of writing them', async () => {
  const raw = await sent(get)
  const input = raw.headers.get('signature-input') ?? ''
  const signature = raw.headers.get('signature') ?? ''
  const second = (text: string) => text.replace('sig=', 'sig2=')
  for (const [inputs, signatures] of [
    [`${input}, ${second(input)}`, `${signature}, ${second(signature)}`],
    [`${input}, ${input}`, `${signature}, ${signature}`],
    [`${input}, ${second(input)}`, signature],
    [input, `${signature}, ${second(signature)}`],
    [input, `${signature},${signature}`],
    [second(input), signature],
    [`${input} `, signature],
    [input, `${signature};a=1`],
    ['', ''],
    [input, ''],
    ['', signature],
  ] as const) {
    await refuses(withHeader(withHeader(raw, 'signature-input', inputs), 'signature', signatures))
  }
})

test('attack 48: a query repeated, lengthened, cut or changed; a body without a digest', async () => {
  const raw = await sent(post)
  await refuses({ ...raw, query: new Map([...raw.query, ['shard', '1']]) })
  await refuses({ ...raw, query: new Map([...raw.query].slice(1)) })
  await refuses({ ...raw, query: new Map([...raw.query, ['limit', '11']]) })
  await refuses({ ...raw, query: new Map([...raw.query, ['Limit', '10']]) })
  await assert.rejects(sent({ ...get, url: `${get.url}&limit=10` }), { code: 'MALFORMED' })
  const headers = new Map(raw.headers)
  headers.delete('content-digest')
  await refuses({ ...raw, headers })
  await refuses({ ...(await sent(get)), body: new TextEncoder().encode('{}') })
})

test('the order of the query means nothing, so it may change on the way', async () => {
  const raw = await sent(post)
  await check({ ...raw, query: new Map([...raw.query].reverse()) })
})

/** Signs whatever is asked, by hand: what a careless or hostile client may come with. */
async function byHand(
  request: OutgoingRequest,
  change: { covered?: string[]; parameters?: string; digest?: string; type?: string },
) {
  const body = request.body ?? new Uint8Array()
  const digest = change.digest ?? `sha-256=:${sha256Base64(body)}:`
  const type = change.type ?? 'application/json'
  const values: Record<string, string> = {
    '"@method"': request.method,
    '"@authority"': 'gateway.example',
    '"@path"': new URL(request.url).pathname,
    '"@query"': new URL(request.url).search,
    '"@query-param";name="limit"': '10',
    '"content-type"': type,
    '"content-digest"': digest,
  }
  const whole =
    body.length > 0
      ? ['"@method"', '"@authority"', '"@path"', '"content-type"', '"content-digest"']
      : ['"@method"', '"@authority"', '"@path"', '"@query-param";name="limit"']
  const covered = change.covered ?? whole
  const parameters =
    change.parameters ?? `created=${now.getTime() / 1000};keyid="sf-2026-01";tag="lasthop"`
  const input = `(${covered.join(' ')})${parameters === '' ? '' : `;${parameters}`}`
  const base = [
    ...covered.map(name => `${name}: ${values[name]}`),
    `"@signature-params": ${input}`,
  ].join('\n')
  const mac = createHmac('sha256', shared.key).update(base).digest('base64')
  return arrive(request, {
    'content-type': type,
    'content-digest': digest,
    'signature-input': `sig=${input}`,
    signature: `sig=:${mac}:`,
  })
}

const bare: OutgoingRequest = { ...post, url: `${origin}/v1/couriers/sf/answers` }

test('a client that writes its own base is known, in any order of components', async () => {
  await check(await byHand(get, {}))
  await check(await byHand(bare, {}))
  await check(
    await byHand(get, {
      covered: ['"@query-param";name="limit"', '"@path"', '"@authority"', '"@method"'],
    }),
  )
})

const t = now.getTime() / 1000
for (const parameters of [
  `created=${t};keyid="sf-2026-01";tag="lasthop";alg="hmac-sha256"`,
  `created=${t};keyid="sf-2026-01";tag="lasthop";nonce="abc"`,
  `created=${t};expires=${t + 60};keyid="sf-2026-01";tag="lasthop"`,
  `created=${t};expires=${t};keyid="sf-2026-01";tag="lasthop"`,
  `tag="lasthop";keyid="sf-2026-01";created=${t}`,
]) {
  test(`validly signed with ${parameters}: known`, async () => {
    await check(await byHand(get, { parameters }))
  })
}

for (const parameters of [
  '',
  `created=${t};keyid="sf-2026-01"`,
  `created=${t};tag="lasthop"`,
  'keyid="sf-2026-01";tag="lasthop"',
  `created=${t};keyid="sf-2026-01";tag="other"`,
  `created=${t};keyid="sf-2026-01";tag="LASTHOP"`,
  `created=${t};keyid="sf-2026-09";tag="lasthop"`,
  `created=${t};keyid="";tag="lasthop"`,
  `created=${t};keyid="sf-2026-02";tag="lasthop"`,
  `created=${t};keyid="sf-2026-01";tag="lasthop";alg="ed25519"`,
  `created=${t};keyid="sf-2026-01";tag="lasthop";alg="none"`,
  `created=${t};expires=${t - 1};keyid="sf-2026-01";tag="lasthop"`,
  `created=${t};keyid="sf-2026-01";tag="lasthop";extra=1`,
  `created="soon";keyid="sf-2026-01";tag="lasthop"`,
  `created=${t}.0;keyid="sf-2026-01";tag="lasthop"`,
  `created=-${t};keyid="sf-2026-01";tag="lasthop"`,
  `created=0;keyid="sf-2026-01";tag="lasthop"`,
  `created=${t};keyid=5;tag="lasthop"`,
  `created=${t};keyid="sf-2026-01";tag=lasthop`,
  `created=${t};keyid="sf-2026-01";tag`,
]) {
  test(`validly signed with ${parameters || 'nothing'}: refused`, async () => {
    await refuses(await byHand(get, { parameters }))
  })
}

for (const covered of [
  [],
  ['"@method"', '"@authority"', '"@path"'],
  ['"@authority"', '"@path"', '"@query-param";name="limit"'],
  ['"@method"', '"@path"', '"@query-param";name="limit"'],
  ['"@method"', '"@authority"', '"@query-param";name="limit"'],
  ['"@method"', '"@authority"', '"@path"', '"@query"'],
  ['"@method"', '"@authority"', '"@path"', '"@query-param";name="limit"', '"@query"'],
  ['"@method"', '"@method"', '"@authority"', '"@path"', '"@query-param";name="limit"'],
  ['"@method";req', '"@authority"', '"@path"', '"@query-param";name="limit"'],
  ['"@method"', '"@authority"', '"@path"', '"@query-param";name="limit"', '"content-type"'],
]) {
  test(`covering ${covered.join(' ') || 'nothing'}: refused`, async () => {
    await refuses(await byHand(get, { covered }))
  })
}

for (const covered of [
  ['"@method"', '"@authority"', '"@path"', '"content-type"'],
  ['"@method"', '"@authority"', '"@path"', '"content-digest"'],
  ['"@method"', '"@authority"', '"@path"', '"Content-Type"', '"content-digest"'],
  ['"@method"', '"@authority"', '"@path"', '"content-type";sf', '"content-digest"'],
]) {
  test(`with a body, covering ${covered.join(' ')}: refused`, async () => {
    await refuses(await byHand(bare, { covered }))
  })
}

for (const [about, digest] of [
  ['of other bytes', `sha-256=:${sha256Base64('other')}:`],
  ['by another algorithm', `sha-512=:${sha256Base64('{"answers":[]}')}:`],
  ['with a second algorithm', `sha-256=:${sha256Base64('{"answers":[]}')}:;a=1`],
  ['without colons', `sha-256=${sha256Base64('{"answers":[]}')}`],
  ['that is empty', 'sha-256=::'],
] as const) {
  test(`a validly signed digest ${about}: refused`, async () => {
    await refuses(await byHand(bare, { digest }))
  })
}

test('a key of another kind under the same name does not verify', async () => {
  const asSecret: SignatureKey = {
    keyid: 'sf-2026-02',
    alg: 'hmac-sha256',
    key: createSecretKey(pair.publicKey.export({ format: 'der', type: 'spki' })),
  }
  await refuses(await sent(get, asSecret))
  await refuses(await sent(get, { ...shared, keyid: 'sf-2026-02' }))
  await refuses(await sent(get, shared), { keys: () => checking })
})

test('a key that cannot be used is no more than an unknown caller', async () => {
  await refuses(await sent(get), {
    keys: () => {
      throw new Error('secret')
    },
  })
})

test('a body needs a content type before it can be signed', async () => {
  await assert.rejects(signHttpRequest({ ...bare, headers: {} }, shared, now), {
    code: 'MALFORMED',
  })
})

const words = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter(text => text.isWellFormed() && !text.includes('\0'))
const plain = fc.stringMatching(/^[A-Za-z0-9_~-]{1,12}$/)
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  segments: fc.array(plain, { minLength: 1, maxLength: 4 }),
  query: fc.uniqueArray(
    fc.tuple(
      words.filter(name => name !== ''),
      words,
    ),
    {
      maxLength: 4,
      selector: ([name]) => name,
    },
  ),
  body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  key: fc.constantFrom('shared', 'pair'),
})

function toOutgoing({
  method,
  segments,
  query,
  body,
}: typeof requests extends fc.Arbitrary<infer T> ? T : never): OutgoingRequest {
  const search = query.length > 0 ? `?${new URLSearchParams(query)}` : ''
  const url = `${origin}/v1/${segments.join('/')}${search}`
  return method === 'GET'
    ? { method, url }
    : { method, url, headers: { 'content-type': 'application/json' }, body: Uint8Array.from(body) }
}

test('sign, then check: passes for any request; any one change is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      requests,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (drawn, place, flip) => {
        const request = toOutgoing(drawn)
        const raw = await sent(request, drawn.key === 'shared' ? shared : signing)
        await check(raw)

        const flipText = (text: string) => {
          const index = place % text.length
          const code = text.charCodeAt(index)
          return (
            text.slice(0, index) +
            String.fromCharCode(code === 0x41 ? 0x42 : 0x41) +
            text.slice(index + 1)
          )
        }
        await refuses({ ...raw, method: flipText(raw.method) })
        await refuses({ ...raw, path: flipText(raw.path) })
        await refuses(edited(raw, 'signature', flipText))
        await refuses(edited(raw, 'signature-input', flipText))
        const pairs = [...raw.query]
        const chosen = pairs[place % Math.max(pairs.length, 1)]
        if (chosen !== undefined) {
          const [name, value] = chosen
          const others = pairs.filter(([other]) => other !== name)
          await refuses({ ...raw, query: new Map(others) })
          await refuses({ ...raw, query: new Map([...others, [name, `${value}x`]]) })
          await refuses({ ...raw, query: new Map([...others, [`${name}x`, value]]) })
        }
        if (raw.body.length > 0) {
          const body = Uint8Array.from(raw.body)
          const index = place % body.length
          body[index] = (body[index] ?? 0) ^ flip
          await refuses({ ...raw, body })
          await refuses({ ...raw, body: body.subarray(1) })
          await refuses(edited(raw, 'content-type', flipText))
          await refuses(edited(raw, 'content-digest', flipText))
        }
      },
    ),
    { numRuns: 200 },
  )
})
