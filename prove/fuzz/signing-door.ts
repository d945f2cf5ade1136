import { createServer, request as forward, type IncomingMessage } from 'node:http'
import { httpKeyOf, signedBy } from '../../lib/cli/http-key.ts'
import type { LocalGateway } from '../../lib/local/server.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { bytesOf, close, listen } from '../../test/functions/rest/rest-api.ts'

/** What a caller puts in place of a signature that it cannot make. */
export const PLEASE_SIGN = 'please'

/** A door before a gateway that signs what asks for it, as the partner whom the path names, and nothing else. */
export async function openSigningDoor(gateway: LocalGateway) {
  const server = createServer((incoming, outgoing) => {
    const work = async () => {
      const body = await bytesOf(incoming)
      const headers = await headersFor(gateway, incoming, body)
      const { method, url: path } = incoming
      const { hostname, port } = new URL(gateway.origin)
      const onward = forward({ hostname, port, method, path, headers }, answer => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    }
    work().catch(() => outgoing.destroy())
  })
  return { origin: await listen(server), stop: () => close(server) }
}

async function headersFor(
  { identities, origin }: LocalGateway,
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
): Promise<Record<string, string>> {
  const { host: _, 'transfer-encoding': _chunked, signature, ...rest } = textsOf(headers)
  const plain = { ...rest, 'content-length': String(body.length) }
  if (signature !== PLEASE_SIGN)
    return { ...plain, ...(signature === undefined ? {} : { signature }) }
  const [, , side, name = ''] = (url.split('?')[0] ?? '').split('/')
  const known = side === 'platforms' ? identities.platforms : identities.couriers
  const identity = Object.hasOwn(known, name) ? known[name] : undefined
  if (identity === undefined) return plain
  try {
    const request = { method, path: url, headers: plain, body: body.toString('utf8') }
    return { ...(await signedBy(origin, httpKeyOf(identity.http), request)).headers }
  } catch (error) {
    // A query that nobody could sign.
    if (error instanceof GatewayError) return plain
    throw error
  }
}

function textsOf(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  )
}
