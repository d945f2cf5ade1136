/** Calls that the two answer differently, for one reason. */
export interface Difference {
  /** What AWS documents, and so who is right; `open` where it documents a refusal without its code. */
  readonly because: string
  readonly right: 'ours' | 'theirs' | 'open'
  /** By call: our outcome and theirs. */
  readonly calls: Readonly<Record<string, readonly [ours: string, theirs: string]>>
}

const opened = 'ok, thirty-two bytes of content key.'
const all = (names: string, ours: string, theirs: string) =>
  Object.fromEntries(names.split('; ').map(name => [name, [ours, theirs] as const]))

/**
 * Every known difference between the embedded KMS and LocalEmu, judged by AWS's documents (KMS API
 * reference, the page of the call). A difference that is not here, or no longer happens, is an error.
 */
export const DIFFERENCES: readonly Difference[] = [
  {
    because: 'DryRun answers DryRunOperationException and does nothing',
    right: 'ours',
    calls: {
      ...all('encrypt dry; re-encrypt dry', 'DryRunOperationException', 'ok'),
      'decrypt dry': ['DryRunOperationException', `${opened} true`],
      'sign dry': ['DryRunOperationException', 'ok, true'],
    },
  },
  {
    because: 'Plaintext has 1 to 4096 bytes, CiphertextBlob 1 to 6144, Message 1 to 4096',
    right: 'ours',
    calls: {
      'encrypt nothing': ['ValidationException', 'ok'],
      'decrypt nothing': ['ValidationException', 'InvalidCiphertextException'],
      'decrypt 6145 bytes': ['ValidationException', 'InvalidCiphertextException'],
      'sign 4097 bytes': ['ValidationException', 'ok, false'],
    },
  },
  {
    because:
      'an algorithm that does not fit the key spec is InvalidKeyUsageException, the default too',
    right: 'ours',
    calls: {
      ...all(
        `encrypt with an RSA algorithm; encrypt with rsa by default; re-encrypt to a wrong algorithm; re-encrypt rsa without its algorithm`,
        'InvalidKeyUsageException',
        'ok',
      ),
      'decrypt with an RSA algorithm': ['InvalidKeyUsageException', `${opened} true`],
      'decrypt rsa without its algorithm': [
        'InvalidKeyUsageException',
        `${opened} RSAES_OAEP_SHA_256`,
      ],
      'sign with another algorithm': ['InvalidKeyUsageException', 'InternalError'],
    },
  },
  {
    because: 'a named key of another kind: both InvalidKeyUsage and IncorrectKey are documented',
    right: 'open',
    calls: all(
      'decrypt naming an RSA key; decrypt naming a signing key',
      'InvalidKeyUsageException',
      'IncorrectKeyException',
    ),
  },
  {
    because: 'OAEP with another hash, key or ciphertext does not open: InvalidCiphertextException',
    right: 'ours',
    calls: {
      'decrypt rsa by SHA-1': ['InvalidCiphertextException', `${opened} RSAES_OAEP_SHA_1`],
      're-encrypt rsa by SHA-1': ['InvalidCiphertextException', 'ok'],
      ...all(
        `decrypt rsa sealed by SHA-1; decrypt rsa with another key; decrypt rsa random bytes; decrypt rsa too short; re-encrypt rsa of another key`,
        'InvalidCiphertextException',
        'InternalError',
      ),
    },
  },
  {
    because: 'KeyId is required with an RSA ciphertext; which code says so is not documented',
    right: 'open',
    calls: all(
      'decrypt rsa without its key; re-encrypt rsa without its key',
      'ValidationException',
      'InvalidCiphertextException',
    ),
  },
  {
    because: 'an encryption context is for symmetric keys only; the code is not documented',
    right: 'ours',
    calls: {
      'encrypt with rsa and a context': ['ValidationException', 'ok'],
      're-encrypt rsa with a context': ['ValidationException', 'ok'],
      'decrypt rsa with a context': ['ValidationException', `${opened} RSAES_OAEP_SHA_256`],
    },
  },
  {
    because: 'an ECC key is for signing or key agreement',
    right: 'ours',
    calls: {
      'create ecc for encryption': [
        'ValidationException',
        'ok, ECC_NIST_P256 ENCRYPT_DECRYPT Enabled',
      ],
    },
  },
  {
    because:
      'a policy must be one, and must let its author change it: MalformedPolicyDocumentException',
    right: 'ours',
    calls: {
      'create with half a policy': [
        'MalformedPolicyDocumentException',
        'ok, SYMMETRIC_DEFAULT ENCRYPT_DECRYPT Enabled',
      ],
      'put a policy that locks out': ['MalformedPolicyDocumentException', 'ok'],
    },
  },
  {
    because: 'only asymmetric keys have a public key: UnsupportedOperationException',
    right: 'ours',
    calls: {
      'public key of symmetric': [
        'UnsupportedOperationException',
        'ok, SYMMETRIC_DEFAULT ENCRYPT_DECRYPT ',
      ],
      'public key of hmac': ['UnsupportedOperationException', 'ok, HMAC_256 GENERATE_VERIFY_MAC '],
    },
  },
  {
    because: 'names that begin with alias/aws/ are reserved; the code is not documented',
    right: 'ours',
    calls: { 'alias of AWS': ['ValidationException', 'ok'] },
  },
  {
    because: 'asymmetric keys do not rotate: UnsupportedOperationException',
    right: 'ours',
    calls: { 'rotation of rsa': ['UnsupportedOperationException', 'ok'] },
  },
]
