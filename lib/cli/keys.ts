import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { thumbprint } from '../seal/keys.ts'
import { readDocument, writeSecretFile } from './files.ts'
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

/** Where a key is pinned, and as what. */
export interface PinOptions {
  readonly thumbprint: string
  readonly as: string
  readonly use: string
  readonly arn?: string
}

/**
 * Writes a public key into a configuration file, if it is the very one whose thumbprint was told out of
 * band. A new current custody key makes the one before it `retired`, from now on.
 */
export function keysPin(options: PinOptions, config: string, file: string): number {
  const { thumbprint: expected, as, use, arn } = options
  const jwk = jwkIn(file)
  if ('d' in jwk) throw new UsageError(`${file} is a private key; pin its public half`)
  const kid = thumbprint(keyIn(file))
  if (kid !== expected) {
    console.error(`lasthop: not pinned, ${file} has another thumbprint`)
    return 1
  }
  const document = objectIn(config)
  const pinned = { kid, jwk, ...(as === 'custody' ? { use } : {}), ...(arn ? { arn } : {}) }
  if (as === 'custody') pinCustody(document, pinned, use)
  else if (as === 'dispatch') pinTwo(document, 'dispatchKeys', pinned, kid)
  else if (as === 'gateway') pinTwo(document, 'gatewayKeys', { ...jwk, kid }, kid)
  else throw new UsageError('--as is custody, dispatch or gateway')
  writeFileSync(`${config}.new`, `${JSON.stringify(document, null, 2)}\n`)
  renameSync(`${config}.new`, config)
  console.log(`${kid} is pinned in ${config}`)
  return 0
}

type Json = Record<string, unknown>

function objectIn(file: string): Json {
  const document = readDocument(file)
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document)
  if (!isObject) throw new UsageError(`${file} is no JSON object`)
  return { ...document }
}

function listIn(document: Json, name: string): Json[] {
  const list = document[name] ?? []
  if (!Array.isArray(list)) throw new UsageError(`/${name} is no list`)
  return list.map(one => ({ ...one }))
}

function pinCustody(document: Json, pinned: Json, use: string): void {
  if (use !== 'current' && use !== 'next') throw new UsageError('--use is current or next')
  const others = listIn(document, 'custodyKeys').filter(({ kid }) => kid !== pinned.kid)
  const retiredAt = `${new Date().toISOString().slice(0, 19)}Z`
  document.custodyKeys = [
    ...others.map(other => {
      if (other.use !== use) return other
      return use === 'current'
        ? { retiredAt, ...other, use: 'retired' }
        : { ...other, use: 'retired' }
    }),
    pinned,
  ]
}

function pinTwo(document: Json, name: string, pinned: Json, kid: string): void {
  const others = listIn(document, name).filter(other => other.kid !== kid)
  if (others.length > 1) throw new UsageError(`/${name} has two keys; take one out first`)
  document[name] = [...others, pinned]
}

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
