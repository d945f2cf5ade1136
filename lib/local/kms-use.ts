import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto'
import type { Call, Operations } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import * as crypto from './kms-crypto.ts'
import { admit, bytes, findKey, invalid, readUse, text, unsupported } from './kms-key.ts'

/** The key to open with: the one that the caller names, as it must for RSA, or the one in the ciphertext. */
function sourceKey(call: Call, parameter: string, algorithm: string, blob: Buffer): crypto.KmsKey {
  if (call.input[parameter] !== undefined) return findKey(call, text(call, parameter))
  if (algorithm !== 'SYMMETRIC_DEFAULT') throw invalid(`${parameter} is required with ${algorithm}`)
  const id = crypto.keyIdOf(blob)
  const key = Object.values(call.state.keys).find(each => each.id === id)
  if (key !== undefined) return findKey(call, key.arn)
  throw new AwsError('InvalidCiphertextException', 'The ciphertext names no key')
}

function encrypt(call: Call) {
  const key = findKey(call)
  const plaintext = bytes(call, 'Plaintext')
  const { algorithm, context, facts } = readUse(call)
  admit(call, { Encrypt: { key, algorithm, context, facts } })
  const blob = crypto.encrypt(key, algorithm, plaintext, context).toString('base64')
  return { CiphertextBlob: blob, KeyId: key.arn, EncryptionAlgorithm: algorithm }
}

function decrypt(call: Call) {
  const blob = bytes(call, 'CiphertextBlob', 6144)
  const { algorithm, context, facts } = readUse(call)
  const key = sourceKey(call, 'KeyId', algorithm, blob)
  admit(call, { Decrypt: { key, algorithm, context, facts } })
  const plaintext = crypto.decrypt(key, algorithm, blob, context).toString('base64')
  return { Plaintext: plaintext, KeyId: key.arn, EncryptionAlgorithm: algorithm }
}

/**
 * Authorised twice: `kms:ReEncryptFrom` on the source key, `kms:ReEncryptTo` on the destination key (documented);
 * each sees the context and the algorithm of its own side (assumed, to be checked once in a real account).
 */
function reEncrypt(call: Call) {
  const blob = bytes(call, 'CiphertextBlob', 6144)
  const [from, to] = [readUse(call, 'Source'), readUse(call, 'Destination')]
  const source = sourceKey(call, 'SourceKeyId', from.algorithm, blob)
  const target = findKey(call, text(call, 'DestinationKeyId'))
  for (const { facts } of [from, to]) facts['kms:ReEncryptOnSameKey'] = String(source === target)
  admit(call, { ReEncryptFrom: { key: source, ...from }, ReEncryptTo: { key: target, ...to } })
  const plaintext = crypto.decrypt(source, from.algorithm, blob, from.context)
  const rewrapped = crypto.encrypt(target, to.algorithm, plaintext, to.context)
  return {
    CiphertextBlob: rewrapped.toString('base64'),
    SourceKeyId: source.arn,
    SourceEncryptionAlgorithm: from.algorithm,
    KeyId: target.arn,
    DestinationEncryptionAlgorithm: to.algorithm,
  }
}

function signMessage(call: Call, action = 'Sign') {
  const key = findKey(call)
  const message = bytes(call, 'Message')
  const algorithm = text(call, 'SigningAlgorithm')
  const facts = { 'kms:SigningAlgorithm': algorithm }
  admit(call, { [action]: { key, algorithm, facts } })
  if (text(call, 'MessageType', 'RAW') !== 'RAW') throw unsupported('MessageType must be RAW here')
  const names = { KeyId: key.arn, SigningAlgorithm: algorithm }
  if (action === 'Sign') {
    const signature = sign('sha256', message, crypto.privateHalf(key))
    return { ...names, Signature: signature.toString('base64') }
  }
  if (verify('sha256', message, crypto.publicHalf(key), bytes(call, 'Signature')))
    return { ...names, SignatureValid: true }
  throw new AwsError('KMSInvalidSignatureException', 'The signature does not fit')
}

function macMessage(call: Call, action = 'GenerateMac') {
  const key = findKey(call)
  const message = bytes(call, 'Message')
  const algorithm = text(call, 'MacAlgorithm')
  admit(call, { [action]: { key, algorithm } })
  const names = { KeyId: key.arn, MacAlgorithm: algorithm }
  const mac = createHmac('sha256', crypto.rawMaterial(key)).update(message).digest()
  if (action === 'GenerateMac') return { ...names, Mac: mac.toString('base64') }
  const given = bytes(call, 'Mac')
  if (given.length === mac.length && timingSafeEqual(given, mac))
    return { ...names, MacValid: true }
  throw new AwsError('KMSInvalidMacException', 'The MAC does not fit')
}

/** The operations of KMS that use key material, by name. */
export const kmsUses: Operations = {
  Encrypt: encrypt,
  Decrypt: decrypt,
  ReEncrypt: reEncrypt,
  Sign: signMessage,
  Verify: call => signMessage(call, 'Verify'),
  GenerateMac: macMessage,
  VerifyMac: call => macMessage(call, 'VerifyMac'),
}
