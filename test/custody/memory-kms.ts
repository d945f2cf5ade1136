import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type CapsuleContext, CONTEXT_NAMES } from '../../lib/custody/capsule.ts'
import type { ReEncrypt } from '../../lib/custody/router-ports.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { unwrap } from '../seal/unwrap.ts'

/** A custody key and a hop key in memory: real RSA-OAEP, real GCM with the context as AAD. */
export interface MemoryKms {
  readonly reEncrypt: ReEncrypt
  readonly decrypt: (ciphertext: Uint8Array, keyArn: string, context: CapsuleContext) => Uint8Array
  /** Contexts of the calls so far. */
  readonly calls: CapsuleContext[]
  /** Set to have the next call fail. */
  failure: Error | undefined
}

export const custodyKeyArn = 'arn:aws:kms:us-east-1:222233334444:key/custody'
export const platformKeyArn = 'arn:aws:kms:us-east-1:222233334444:key/platform'
export const hopKeyArn = 'arn:aws:kms:us-east-1:222233334444:key/hop'

/** Both keys of a courier. */
export function memoryKms(): MemoryKms {
  const hopKey = randomBytes(32)
  const kms: MemoryKms = {
    calls: [],
    failure: undefined,
    async reEncrypt(call) {
      const { failure } = kms
      kms.failure = undefined
      if (failure !== undefined) throw failure
      kms.calls.push(call.context)
      const contentKey = unwrap(
        Buffer.from(call.wrappedKey).toString('base64url'),
        call.custodyKeyArn === platformKeyArn ? 'platformCustody' : 'custody',
      )
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', hopKey, iv).setAAD(aad(call.context))
      const body = Buffer.concat([cipher.update(contentKey), cipher.final()])
      const ciphertext = Buffer.concat([iv, body, cipher.getAuthTag()])
      return { ciphertext, custodyKeyArn: call.custodyKeyArn, hopKeyArn: call.hopKeyArn }
    },
    decrypt(ciphertext, keyArn, context) {
      if (keyArn !== hopKeyArn) throw new GatewayError('RELEASE_REFUSED', '/kms')
      const blob = Buffer.from(ciphertext)
      const decipher = createDecipheriv('aes-256-gcm', hopKey, blob.subarray(0, 12))
      decipher.setAAD(aad(context)).setAuthTag(blob.subarray(-16))
      return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()])
    },
  }
  return kms
}

function aad(context: CapsuleContext): Buffer {
  return Buffer.from(JSON.stringify(CONTEXT_NAMES.map(name => [name, context[name]])))
}
