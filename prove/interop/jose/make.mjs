import { createPublicKey } from 'node:crypto'
import { createInterface } from 'node:readline'
import { FlattenedEncrypt } from 'jose'

for await (const line of createInterface({ input: process.stdin })) {
  const { head, key, text, jwk, isProtected } = JSON.parse(line)
  const jwe = new FlattenedEncrypt(new TextEncoder().encode(text))
  if (isProtected) jwe.setProtectedHeader({ ...key, ...head })
  else jwe.setProtectedHeader(head).setUnprotectedHeader(key)
  console.log(JSON.stringify(await jwe.encrypt(createPublicKey({ key: jwk, format: 'jwk' }))))
}
