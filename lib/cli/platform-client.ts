import type { PlatformIdentity } from '../local/identities.ts'
import { platforms } from '../platforms/index.ts'
import { sandboxOf } from './partners.ts'
import { type Reply, send } from './send.ts'

/** A platform's own client, as its sandbox plays it. */
export interface PlatformClient {
  /** Posts a native order request, signed natively, byte for byte. */
  post(document: string): Promise<Reply>
  /** What is owed to the platform. */
  events(after?: string): Promise<Reply>
  ack(ids: readonly string[]): Promise<Reply>
}

/** A client for one platform of a gateway. */
export function platformClient(
  origin: string,
  name: string,
  identity: PlatformIdentity,
): PlatformClient {
  const { sandbox } = sandboxOf(platforms, name)
  const signed = (document: string, path?: string, method = 'POST') => {
    const request = sandbox.sign(document, identity, new Date())
    const target = path === undefined ? request.path : `${path}?${request.path.split('?')[1] ?? ''}`
    return send(origin, { ...request, method, path: target })
  }
  const base = `/v1/platforms/${name}`
  return {
    post: document => signed(document),
    events: () => signed('', `${base}/events`, 'GET'),
    ack: ids => signed(JSON.stringify({ ids }), `${base}/events/acks`),
  }
}
