import type { PlatformIdentity } from '../local/identities.ts'
import { platforms } from '../platforms/index.ts'
import { sandboxOf } from './partners.ts'
import { type Reply, send } from './send.ts'

/** A platform's own client, as its sandbox plays it. */
export interface PlatformClient {
  /** Posts a native order request, signed natively, byte for byte. */
  post(document: string): Promise<Reply>
  /** What is owed to the platform: a page, `after` the cursor that the one before gave. */
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
  const signed = (document: string, path?: string, method = 'POST', cursor = '') => {
    const request = sandbox.sign(document, identity, new Date())
    const query = `${request.path.split('?')[1] ?? ''}${cursor}`
    const target = path === undefined ? request.path : `${path}?${query}`
    return send(origin, { ...request, method, path: target })
  }
  const base = `/v1/platforms/${name}`
  return {
    post: document => signed(document),
    events: after => {
      const cursor = after === undefined ? '' : `&after=${encodeURIComponent(after)}`
      return signed('', `${base}/events`, 'GET', cursor)
    },
    ack: ids => signed(JSON.stringify({ ids }), `${base}/events/acks`),
  }
}
