import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { checkPersonal, type Personal, type Sealed } from '../../lib/model/validate.ts'
import type { Jwe } from '../../lib/seal/envelope.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { platformSigner } from '../../lib/seal/signer.ts'
import * as f from '../../test/seal/fixtures.ts'
import { unwrap } from '../../test/seal/unwrap.ts'
import { make } from '../seals/make.ts'
import type { Oracle } from './oracles.ts'

/** What a program gets in one line, and how its answer is judged. */
export interface Task {
  /** For the report. */
  readonly name: string
}

/** A seal to open; the text is what must come out, with its padding. */
export interface OpenTask extends Task {
  readonly seal: object
  readonly jwk: JsonWebKey
  readonly text: string
}

/** A seal to make, and whether what came is accepted. */
export interface MakeTask extends Task {
  readonly head: object
  readonly key: object
  readonly text: string
  readonly jwk: JsonWebKey
  readonly isProtected: boolean
  /** Nothing when a verifier accepts and a hop opens it, else why not. */
  readonly accept: (jwe: Jwe) => string | undefined
}

type KeyName = 'custody' | 'platformCustody'

const texts: readonly Personal[] = [
  f.personal,
  checkPersonal({ ...f.personal, company: '试'.repeat(150) }),
  checkPersonal({ ...f.personal, company: '试'.repeat(150), remark: '测'.repeat(250) }),
  checkPersonal({
    name: '𠮷野·买买提 👩‍👩‍👧',
    telephone: '0755-0000000',
    address: '测试路1号\u200b"\\',
  }),
]

const padded = (personal: Personal): string => {
  const text = JSON.stringify(personal)
  const length = Buffer.byteLength(text)
  const size = [512, 1024, 2048].find(one => one >= length) ?? 0
  return text + ' '.repeat(size - length)
}

/** Our seals, of each length and kind, by the private key and by the content key. */
export function openTasks({ isExplicit = false }: Oracle): OpenTask[] {
  return texts.flatMap((personal, i) => {
    const text = padded(personal)
    const whole = protectedSeal(text)
    const name = `a seal with all protected, text ${i},`
    return [
      ...bothKeys(`a seal of ours, text ${i},`, ourSeal(personal), 'custody', text),
      ...bothKeys(
        `a seal to a platform's key, text ${i},`,
        ownSeal(personal),
        'platformCustody',
        text,
      ),
      { name: `${name} by the private key`, ...whole, text },
      ...(isExplicit ? [{ name: `${name} by the content key`, ...direct(whole.seal), text }] : []),
    ]
  })
}

/** A seal that nobody may open: its tag is another's. */
export function tamperedTask(): OpenTask {
  const [seal, other] = [ourSeal(f.personal), ourSeal(f.personal)]
  const jwk = privateKey('custody')
  return { name: 'tampered', seal: { ...seal, tag: other.tag }, jwk, text: '' }
}

/** Orders for seals to platform `acme`'s own custody key. */
export function makeTasks({ makes }: Oracle): MakeTask[] {
  const { order, courier, group, rev } = f.binding
  const enc = { enc: 'A256GCM', typ: 'lasthop-personal+json' }
  return makes.flatMap(form =>
    texts.map((personal, i) => ({
      name: `a seal with alg and kid ${form}, text ${i}`,
      head: { ...enc, order, courier, group, rev, v: 1 },
      key: { alg: 'RSA-OAEP-256', kid: f.platformCustody.kid },
      text: padded(personal),
      jwk: createPublicKey(f.testKey('platformCustody')).export({ format: 'jwk' }),
      isProtected: form === 'protected',
      accept: jwe => accepted(jwe, personal),
    })),
  )
}

/** The platform signs what the library made; a verifier accepts it, and the hop reads what went in. */
function accepted(jwe: Jwe, personal: Personal): string | undefined {
  try {
    const sealed = signer.sign(jwe, 'acme', f.now)
    verifySeal(sealed, f.pins)
    const contentKey = unwrap(sealed.encrypted_key, 'platformCustody')
    const opened = openSealed(sealed, contentKey, f.binding)
    return isDeepStrictEqual(opened, personal) ? undefined : 'another text came out'
  } catch (error) {
    return String(error)
  }
}

/** A flattened JWE, or a compact one split into its five parts; other members are let be. */
export function sealOf(said: unknown): Jwe {
  if (typeof said === 'string') {
    const [head = '', encrypted_key = '', iv = '', ciphertext = '', tag = ''] = said.split('.')
    return { protected: head, encrypted_key, iv, ciphertext, tag }
  }
  const parts: Readonly<Record<string, unknown>> =
    typeof said === 'object' && said !== null ? { ...said } : {}
  const text = (name: string): string => String(parts[name])
  const header =
    parts.header === undefined ? {} : { header: JSON.parse(JSON.stringify(parts.header)) }
  const [encrypted_key, iv] = [text('encrypted_key'), text('iv')]
  const [ciphertext, tag] = [text('ciphertext'), text('tag')]
  return { protected: text('protected'), ...header, encrypted_key, iv, ciphertext, tag }
}

const privateKey = (name: KeyName): JsonWebKey => f.testKey(name).export({ format: 'jwk' })

/** The whole sealed document goes to the library, with the members that are not its business. */
function ourSeal(personal: Personal): Sealed {
  return signer.sign(sealPersonal(personal, f.custody, f.binding), 'acme', f.now)
}

function ownSeal(personal: Personal): Sealed {
  const binding = { ...f.binding, group: 'sender', rev: 7 } as const
  return signer.sign(sealPersonal(personal, f.platformCustody, binding), 'acme', f.now)
}

const signer = platformSigner(f.platformKey)

/** With `alg` and `kid` in the protected header, which we read and do not make. */
function protectedSeal(text: string): { seal: object; jwk: JsonWebKey } {
  const { sealed } = make({ by: 'platform', nimbus: true, text, size: 0 })
  return { seal: sealed, jwk: privateKey('platformCustody') }
}

function bothKeys(name: string, seal: Sealed, key: KeyName, text: string): OpenTask[] {
  return [
    { name: `${name} by the private key`, seal, jwk: privateKey(key), text },
    { name: `${name} by the content key`, ...direct(seal, key), text },
  ]
}

/** As a hop has it: the content key, and `dir` for `alg`. */
function direct(seal: object, key: KeyName = 'platformCustody'): { seal: object; jwk: JsonWebKey } {
  const { encrypted_key: wrapped, ...rest }: Readonly<Record<string, unknown>> = { ...seal }
  const jwk = { kty: 'oct', k: unwrap(String(wrapped), key).toString('base64url') }
  return { seal: { ...rest, header: { alg: 'dir' } }, jwk }
}
