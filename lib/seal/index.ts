/** The door of sealing. Opening is not behind it: `open.ts` is for the last hop alone. */

export type { CertificateSigner } from './certificate.ts'
export type { Binding, Jwe } from './envelope.ts'
export {
  type HeldKey,
  type PackedKey,
  packKey,
  unpackKey,
  withKey,
  withoutKey,
  wrappedKeyOf,
} from './held-key.ts'
export { derToRaw } from './jws.ts'
export { readKeyList, signKeyList } from './key-list.ts'
export {
  type PinnedKey,
  pinKey,
  pinOf,
  pinRecipient,
  type Recipient,
  type SigningKey,
  signingKey,
  thumbprint,
} from './keys.ts'
export { readSealPins, type SealPins, type SealPinsFile } from './pins.ts'
export { sealPersonal } from './seal.ts'
export { type VerifiedSeal, verifySeal } from './signature.ts'
export {
  createSealSigner,
  platformSigner,
  type SealSigner,
  type SealSignerSource,
} from './signer.ts'
