import type { PlatformIdentity } from '../local/identities.ts'
import type { OutgoingRequest, ParcelName } from '../platforms/platform.ts'
import { httpKeyOf, signedBy } from './http-key.ts'
import { platformNamed, UsageError } from './partners.ts'
import { type Reply, send } from './send.ts'

/** A platform's own client, as its sandbox plays it. */
export interface PlatformClient {
  /** Posts an order request, signed as the platform signs, byte for byte. */
  post(document: string): Promise<Reply>
  /** Sends a request of changes, signed as the platform signs, byte for byte. */
  change(document: string): Promise<Reply>
  /** Cancels, by the courier's number where one is given. */
  cancel(parcel: ParcelName): Promise<Reply>
  /** Changes the receiver to another invented person. */
  changeReceiver(parcel: ParcelName): Promise<Reply>
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
  const { sandbox, calls } = platformNamed(name)
  const base = `/v1/platforms/${name}`
  const transmit = async (request: OutgoingRequest): Promise<Reply> =>
    send(origin, calls === 'native' ? request : await signedBy(origin, keyOf(identity), request))
  const signed = (document: string, path?: string, method = 'POST', cursor = '') => {
    const request = sandbox.sign(document, identity, new Date())
    const query = [request.path.split('?')[1], cursor].filter(Boolean).join('&')
    const target = path === undefined ? request.path : [path, query].filter(Boolean).join('?')
    return transmit({ ...request, method, path: target })
  }
  return {
    post: document => signed(document),
    change: document => signed(document, `${base}/cancellations`),
    cancel: parcel => transmit(sandbox.cancel(parcel, identity, new Date())),
    changeReceiver: parcel => transmit(sandbox.changeReceiver(parcel, identity, new Date())),
    events: after => {
      const cursor = after === undefined ? '' : `after=${encodeURIComponent(after)}`
      return signed('', `${base}/events`, 'GET', cursor)
    },
    ack: ids => signed(JSON.stringify({ ids }), `${base}/events/acks`),
  }
}

function keyOf({ http }: PlatformIdentity) {
  // Written by an older version, the file has no such key.
  if (!http) throw new UsageError('start the gateway again: this platform has no key yet')
  return httpKeyOf(http)
}
