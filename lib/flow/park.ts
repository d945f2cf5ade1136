import type { Feed, Parking } from '../store/index.ts'
import { readIds } from './feeds.ts'

/**
 * Moves entries of a partner aside that it cannot digest, so that they do not come with every page.
 * They stay owed: an answer by their id is taken, and their deadline counts.
 *
 * @throws {GatewayError} `WIRE_INVALID` where the body is not `{"ids":[…]}`; `STORE_AWAY`
 * @see design-storage.md, "Feeds"
 */
export async function parkEntries(
  ports: { readonly store: Parking },
  owner: Omit<Feed, 'shard'>,
  body: unknown,
): Promise<{ parked: number }> {
  const parked = await ports.store.parkEntries(owner, readIds(body), true)
  return { parked: parked.length }
}
