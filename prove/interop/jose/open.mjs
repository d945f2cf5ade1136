import { createPrivateKey, createSecretKey } from 'node:crypto'
import { createInterface } from 'node:readline'
import { flattenedDecrypt } from 'jose'

for await (const line of createInterface({ input: process.stdin })) {
  const { seal, jwk } = JSON.parse(line)
  const key =
    jwk.kty === 'oct'
      ? createSecretKey(jwk.k, 'base64url')
      : createPrivateKey({ key: jwk, format: 'jwk' })
  const { plaintext } = await flattenedDecrypt(seal, key)
  console.log(JSON.stringify({ text: new TextDecoder().decode(plaintext) }))
}
