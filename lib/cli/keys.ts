import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { thumbprint } from '../seal/keys.ts'
import { writeSecretFile } from './files.ts'
import { UsageError } from './partners.ts'
import { jwkIn } from './seal-verbs.ts'
import { openSession } from './session.ts'

/** Prints the thumbprint of each key: of the files named, else of all that the running gateway pins. */
export function keysShow({ data }: { readonly data: string }, files: readonly string[]): number {
  if (files.length === 0) return showPinned(data)
  for (const file of files) {
    const isPrivate = 'd' in jwkIn(file)
    const key = keyIn(file)
    console.log(`${thumbprint(key)}  ${kindOf(key)}${isPrivate ? ', private' : ''}  ${file}`)
  }
  return 0
}

function showPinned(data: string): number {
  const { gatewayKeys, couriers } = openSession(data).config
  for (const jwk of gatewayKeys) {
    console.log(`${thumbprint(createPublicKey({ key: jwk, format: 'jwk' }))}  gateway`)
  }
  for (const [courier, { custodyKeys, dispatchKeys }] of Object.entries(couriers)) {
    for (const { kid, use, version = 1 } of custodyKeys) {
      console.log(`${kid}  ${courier} custody, ${use}, version ${version}`)
    }
    for (const { kid } of dispatchKeys) console.log(`${kid}  ${courier} dispatch`)
  }
  return 0
}

const MAKERS = {
  custody: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  signing: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  http: () => generateKeyPairSync('ed25519'),
} as const

/** Makes a key pair for development: the private JWK into a file, the public one on standard output. */
export function keysNew(kind: string, file: string): number {
  if (!isKind(kind)) throw new UsageError(`a key is one of: ${Object.keys(MAKERS).join(', ')}`)
  const { publicKey, privateKey } = MAKERS[kind]()
  const kid = thumbprint(publicKey)
  const own = { ...privateKey.export({ format: 'jwk' }), kid }
  writeSecretFile(file, `${JSON.stringify(own, null, 2)}\n`)
  console.log(JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid }, null, 2))
  return 0
}

const isKind = (text: string): text is keyof typeof MAKERS => Object.hasOwn(MAKERS, text)

function keyIn(file: string): KeyObject {
  const jwk = jwkIn(file)
  try {
    const input = { key: jwk, format: 'jwk' } as const
    return 'd' in jwk ? createPublicKey(createPrivateKey(input)) : createPublicKey(input)
  } catch {
    throw new UsageError(`${file} is no key`)
  }
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {}
  return [asymmetricKeyType, modulusLength ?? namedCurve].filter(Boolean).join(' ')
}
