import { list, textOf } from '../../lib/cli/send.ts'
import { before, type Thing } from './things.ts'
import type { Stage } from './world.ts'

/** All that is kept of an order, as one text: its head, who holds it, and whether its entries are still owed. */
export async function keptOf({ world }: Stage, thing: Thing): Promise<string> {
  const { store } = world.exchange
  const { order, platform, courier, entry, event } = thing
  const head = (await store.getHeads([order])).get(order)
  const custody = await world.custody.store.getCustody(order, 'receiver')
  const owed = await isOwed(world, 'courier', courier, entry)
  const told = await isOwed(world, 'platform', platform, event)
  return JSON.stringify([head, custody, owed, told], (_name, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
}

async function isOwed(
  world: Stage['world'],
  side: 'courier' | 'platform',
  partner: string,
  id: string,
): Promise<boolean> {
  if (id === '') return false
  const page = await world.exchange.store.readFeed(
    { side, partner, shard: 0 },
    { limit: 3, after: before(id) },
  )
  return page.entries.some(entry => entry.id === id)
}

/** Whether a page holds nobody else's orders. */
export async function listsOwn(
  { world }: Stage,
  text: string,
  isOwn: (of: { platform: string; courier: string; shop: string | undefined }) => boolean,
): Promise<boolean> {
  const orders = list(JSON.parse(text), 'entries').map(entry => textOf(entry, 'order'))
  const heads = await world.exchange.store.getHeads([...new Set(orders)])
  const docs = await world.exchange.store.getDocs([...heads.values()])
  return orders.every(order => {
    const head = heads.get(order)
    const body: unknown = JSON.parse(docs.get(order)?.body ?? '{}')
    const shop = textOf(body, 'order', 'shop') || textOf(body, 'shop') || undefined
    return head !== undefined && isOwn({ ...head, shop })
  })
}
