/** One text of a file under `lib/` replaced by another. It must be there. */
export interface Patch {
  readonly file: string
  readonly find: string
  readonly put: string
}

/** One check taken out. Where two guard the same, both go: only then is there a bug to be caught. */
export interface Bug {
  readonly name: string
  readonly patches: readonly Patch[]
}

const bug = (name: string, file: string, find: string, put: string): Bug => ({
  name,
  patches: [{ file, find, put }],
})

/** Every check that a seal meets on its way, each taken out by itself. */
export const bugs: readonly Bug[] = [
  bug(
    'base64url need not be canonical',
    'seal/base64url.ts',
    "bytes.toString('base64url') !== text || ",
    '',
  ),
  bug(
    'decoded lengths are not looked at',
    'seal/base64url.ts',
    ' || (length ?? bytes.length) !== bytes.length',
    '',
  ),
  bug(
    'a certificate may be signed by an Ed25519 key',
    'seal/certificate.ts',
    "gatewayKeys.filter(key => key.alg === 'ES256')",
    'gatewayKeys',
  ),
  bug(
    'a seal signature is taken for a certificate',
    'seal/certificate.ts',
    "typ: ['lasthop-certificate']",
    "typ: ['lasthop-certificate', 'lasthop-seal', 'lasthop-assignment']",
  ),
  bug(
    'a certificate may state more',
    'seal/certificate.ts',
    ' || Object.keys(more).length > 0',
    '',
  ),
  bug(
    'a certificate needs no true moments',
    'seal/certificate.ts',
    '!isInstant(from) || !isInstant(until) || ',
    "typeof from !== 'string' || typeof until !== 'string' || ",
  ),
  bug(
    'a certificate may last for ever',
    'seal/certificate.ts',
    ' || seconds > CERTIFICATE_SECONDS',
    '',
  ),
  bug('a certificate may last no time', 'seal/certificate.ts', 'seconds <= 0 || ', ''),
  bug(
    'a revoked certificate is believed',
    'seal/certificate.ts',
    'if (revoked.includes(key.kid)) throw invalid()',
    '',
  ),
  bug(
    "a certified key's coordinates are not strict",
    'seal/certificate.ts',
    '  fromBase64url(x, fault, 32)\n  fromBase64url(y, fault, 32)\n',
    '',
  ),
  bug('a seal needs not fit its schema', 'seal/envelope.ts', 'checkSealed(seal)', 'seal as Sealed'),
  bug(
    'alg and kid may stand in both headers',
    'seal/envelope.ts',
    'jwe.header === undefined)',
    'jwe.header === undefined || protectedBytes.includes(\'"alg"\'))',
  ),
  bug(
    'the protected header may hold more',
    'seal/envelope.ts',
    'wanted.length === found.length && ',
    '',
  ),
  bug(
    'enc is not looked at',
    'seal/envelope.ts',
    "if (header.enc !== 'A256GCM') throw invalid('/protected/enc')",
    '',
  ),
  bug(
    'typ is not looked at',
    'seal/envelope.ts',
    "if (header.typ !== 'lasthop-personal+json') throw invalid('/protected/typ')",
    '',
  ),
  bug(
    'v is not looked at',
    'seal/envelope.ts',
    "if (header.v !== 1) throw invalid('/protected/v')",
    '',
  ),
  bug(
    'protected alg is not looked at',
    'seal/envelope.ts',
    "if (header.alg !== 'RSA-OAEP-256') throw invalid('/protected/alg')",
    '',
  ),
  bug(
    'protected kid is not looked at',
    'seal/envelope.ts',
    "if (!isDigest(header.kid)) throw invalid('/protected/kid')\n  return header.kid",
    'return String(header.kid)',
  ),
  ...['order', 'courier', 'group', 'rev'].map(name => {
    const is = { order: 'isOrderId', courier: 'isSlug', group: 'isGroup', rev: 'isRev' }[name]
    return bug(
      `${name} needs not be well formed`,
      'seal/envelope.ts',
      `const { order, courier, group, rev } = header\n`,
      `const { order, courier, group, rev } = header\n  const ${is} = (_: unknown) => true\n`,
    )
  }),
  bug(
    'an order id may stand in any text',
    'seal/envelope.ts',
    '/^o_[a-z2-7]{26}$/',
    '/o_[a-z2-7]{26}/',
  ),
  {
    name: 'the text may have any length',
    patches: [
      {
        file: 'seal/envelope.ts',
        find: "if (!PADDED_LENGTHS.includes(ciphertext.length)) throw invalid('/ciphertext')",
        put: '',
      },
      {
        file: 'model/generated/validators.js',
        find: '[A-Za-z0-9_-]{683}|[A-Za-z0-9_-]{1366}|[A-Za-z0-9_-]{2731}',
        put: '[A-Za-z0-9_-]*',
      },
    ],
  },
  bug('a header member may come twice', 'seal/flat-json.ts', ' || members.has(name)', ''),
  bug(
    'text may follow a header',
    'seal/flat-json.ts',
    'endsAt(text, at) ? Object.fromEntries(members) : undefined',
    'Object.fromEntries(members)',
  ),
  bug('a number may begin with 0', 'seal/flat-json.ts', '(0|[1-9][0-9]{0,14})', '([0-9]{1,15})'),
  bug(
    'a header may be any JSON',
    'seal/flat-json.ts',
    'if (text.length > MAX_LENGTH) return undefined',
    'try {\n    return JSON.parse(text)\n  } catch {\n    return undefined\n  }',
  ),
  bug(
    'the router believes the hash it is told',
    'seal/signature.ts',
    'const keyHash = hashOfKey(wrappedKey)',
    'const keyHash = Reflect.get(held, "keyHash") ?? hashOfKey(wrappedKey)',
  ),
  bug(
    "another's key can be joined",
    'seal/held-key.ts',
    "if (keyHash !== hashOfKey(wrappedKey)) throw new GatewayError('SEAL_INVALID', '/encrypted_key')",
    '',
  ),
  ...[
    ['platform', 'isSlug'],
    ['order', 'isOrderId'],
    ['courier', 'isSlug'],
    ['group', 'isGroup'],
    ['rev', 'isRev'],
    ['bodyHash', 'isDigest'],
  ].map(([name, is]) =>
    bug(
      `a held ${name} needs not be well formed`,
      'seal/held-key.ts',
      `(${is}, ${name}, '/${name}')`,
      `((_: unknown): _ is never => true, ${name}, '')`,
    ),
  ),
  bug(
    'a payload may stand in the signature',
    'seal/jws.ts',
    "if (empty !== '') throw invalid()",
    '',
  ),
  bug(
    'a signature may have four parts',
    'seal/jws.ts',
    'if (more !== undefined) throw invalid()',
    '',
  ),
  bug('the key does not fix alg', 'seal/jws.ts', ' || header.alg !== key.alg', ''),
  bug(
    'the key id of a signature is not looked at',
    'seal/jws.ts',
    'expected.keys.find(one => one.kid === header?.kid)',
    'expected.keys.find(one => one.kid === header?.kid) ?? expected.keys[0]',
  ),
  bug(
    'the typ of a signature is not looked at',
    'seal/jws.ts',
    'wanted.find(one => one === found)',
    'wanted[0]',
  ),
  bug(
    'a signature header may hold more',
    'seal/jws.ts',
    "!['alg', 'kid', 'typ'].includes(name)",
    'false',
  ),
  bug(
    'the signature is not verified',
    'seal/jws.ts',
    'if (!verifyBytes(input, signature, key)) throw invalid()',
    '',
  ),
  bug(
    'a signature may be DER',
    'seal/jws.ts',
    'if (signature.length !== 64) return false',
    "if (signature.length !== 64) return verify('sha256', input, key.key, signature)",
  ),
  ...['order', 'courier', 'group', 'rev'].map(name =>
    bug(
      `another ${name} may be opened`,
      'seal/open.ts',
      "['order', 'courier', 'group', 'rev'] as const",
      `[${['order', 'courier', 'group', 'rev'].filter(one => one !== name).map(one => `'${one}'`)}] as const`,
    ),
  ),
  bug(
    'the length of the content key is not looked at',
    'seal/open.ts',
    'contentKey.length !== CONTENT_KEY_LENGTH',
    'false',
  ),
  bug('the header is not authenticated', 'seal/open.ts', 'decipher.setAAD(aad)', ''),
  bug('the tag is not checked', 'seal/open.ts', '    decipher.final()\n', ''),
  bug('the text needs not be UTF-8', 'seal/open.ts', 'fatal: true, ', 'fatal: false, '),
  bug('a byte order mark is dropped', 'seal/open.ts', 'ignoreBOM: true', 'ignoreBOM: false'),
  bug(
    'the text needs not be personal.json',
    'seal/open.ts',
    'checkPersonal(document)',
    'document as Personal',
  ),
  bug(
    'a custody key needs not be pinned',
    'seal/signature.ts',
    'pins.custodyKeys.find(key => key.kid === facts.kid)',
    'pins.custodyKeys.find(key => key.kid === facts.kid) ?? pins.custodyKeys[0]',
  ),
  bug(
    'sealedAt needs not be a true moment',
    'seal/signature.ts',
    "if (!isInstant(facts.sealedAt)) throw new GatewayError('SEAL_INVALID', '/sealedAt')",
    '',
  ),
  bug(
    'a retired custody key takes new seals',
    'seal/signature.ts',
    'pin.retiredAt !== undefined && facts.sealedAt > pin.retiredAt',
    'false',
  ),
  bug(
    "a platform's pinned Ed25519 key may sign",
    'seal/signature.ts',
    "keys.filter(key => key.alg === 'ES256')",
    'keys',
  ),
  bug(
    'any kind of signature is taken',
    'seal/signature.ts',
    "typ: ['lasthop-seal']",
    "typ: ['lasthop-seal', 'lasthop-certificate', 'lasthop-assignment']",
  ),
  bug(
    "a platform's seal may bring a certificate",
    'seal/signature.ts',
    'certificate === undefined && facts',
    'facts',
  ),
  bug(
    'a platform may seal as another',
    'seal/signature.ts',
    ' && facts.platform === pin.platform.name',
    '',
  ),
  bug(
    "intake may sign for a platform's custody key",
    'seal/signature.ts',
    'if (pin.platform !== undefined) {',
    'if (pin.platform !== undefined && certificate === undefined) {',
  ),
  bug(
    'a seal may be older than its certificate',
    'seal/signature.ts',
    'facts.sealedAt < from || ',
    '',
  ),
  bug(
    'a seal may be younger than its certificate',
    'seal/signature.ts',
    ' || facts.sealedAt > until',
    '',
  ),
  bug('an old seal is fresh', 'seal/signature.ts', 'age > maxAgeSeconds || ', ''),
  bug('a seal from the future is fresh', 'seal/signature.ts', ' || age < -SKEW_SECONDS', ''),
  ...[
    ...['platform', 'order', 'courier', 'group', 'rev', 'kid', 'keyHash', 'bodyHash', 'sealedAt'],
  ].map(name =>
    bug(`the signed text leaves out ${name}`, 'seal/signature.ts', `\${${name}}\\n`, ''),
  ),
  bug(
    'the digest of a seal leaves out its signature',
    'seal/signature.ts',
    'sha256(payload, signature)',
    'sha256(payload)',
  ),
  bug('a day may be none', 'seal/instant.ts', ' && toInstant(at) === value', ''),
  bug(
    'a member may stand twice in JSON',
    'access/strict.ts',
    "if (found.members !== shape.members) throw new GatewayError('MALFORMED')",
    '',
  ),
]
