import type { Posted } from './judge.ts'
import type { Opened, Pulled } from './play.ts'
import type { Screen } from './screen.ts'
import { longValues, shownIn, sightOf, textsIn } from './sight.ts'
import type { Stage } from './stage.ts'

/** What there was to see. */
export interface Seen {
  readonly request: string
  readonly posted: Posted
  readonly pulled: readonly Pulled[]
  readonly opened: readonly Opened[]
  readonly platformEvents: readonly unknown[]
}

/** Says who could see what of one person, and looks for clear data where none may be. */
export async function tellSights(stage: Stage, seen: Seen, screen: Screen): Promise<void> {
  const shown = seen.opened.find(({ group }) => group === 'receiver') ?? seen.opened[0]
  if (shown === undefined) return
  const { order, group, personal } = shown
  const entry = seen.pulled.find(one => one.order === order)?.entry
  const shownOf = shownIn(entry, group)
  const tables = await stage.gateway.scan()
  const see = (who: string, seenBy: unknown) => sightOf(who, textsIn(seenBy), personal, shownOf)
  const sights = [
    see('the platform, which has it', JSON.parse(seen.request)),
    see('the gateway’s tables and audit', tables),
    see('courier, warehouse, hub, label', entry),
    see('the platform’s events', seen.platformEvents),
    see(`the last hop, ${shown.hop}`, personal),
  ]
  screen.step(`Who could see what of one ${group}:`)
  screen.table(
    ['who', 'name', 'phone', 'address'],
    sights.map(({ who, name, phone, address }) => [who, name, phone, address]),
  )
  const secrets = secretsOf(seen.posted, seen.pulled)
  screen.expect('no table holds clear data', !secrets.some(value => tables.includes(value)))
  screen.expect('the last hop sees it in clear', sights.at(-1)?.name === 'in clear')
}

/** Phones and addresses of all parties, but virtual numbers, which stand for them in the open. */
function secretsOf(posted: Posted, pulled: readonly Pulled[]): string[] {
  return pulled.flatMap(({ order, entry }) =>
    (['sender', 'receiver'] as const).flatMap(group => {
      const personal = posted.get(order)?.[group]
      return personal === undefined ? [] : longValues(personal, shownIn(entry, group).virtual)
    }),
  )
}
