import {
  callsOf,
  codeOf,
  collect,
  credentialOf,
  NOW,
  ordersOf,
  type PlatformLaw,
  SECRET,
  servedBy,
  settingsOf,
  tryTo,
} from './client.ts'
import { errorsHaveForms, eventsHaveForms } from './form-laws.ts'
import { marksStaySealed, marksStayUntold, unknownStops } from './mark-laws.ts'

/** What its client posts is read, for every courier, and the courier's waybill can be written. */
export const requestsRead: PlatformLaw = platform =>
  collect(fault => {
    if (servedBy(platform).length === 0) fault('it can name no courier')
    for (const courier of servedBy(platform)) {
      const orders = tryTo(courier.name, fault, () => ordersOf(platform, courier)) ?? []
      if (orders.length === 0) fault(`${courier.name}: no order`)
      for (const { order, draft } of orders) {
        if (draft.courier !== courier.name) fault(`${courier.name}: read as another courier`)
        for (const secret of [SECRET, ''])
          tryTo(courier.name, fault, () =>
            courier.writeWaybill(order, { ...settingsOf(courier), secret }),
          )
      }
    }
  })

/** The platform's own signature finds the credential; a wrong secret, another key or a changed body does not. */
export const signaturesHold: PlatformLaw = platform =>
  collect(fault => {
    if (platform.calls !== 'native') return
    for (const [name, call] of Object.entries(callsOf(platform))) {
      const ours = credentialOf(platform)
      const other = { ...ours, secrets: [`${SECRET.slice(0, -1)}0`] }
      const stranger = { ...ours, appKey: `${ours.appKey}0` }
      const found = tryTo(name, fault, () => platform.authenticate(call, [stranger, ours], NOW))
      if (found !== undefined && found !== ours) fault(`${name}: another credential is found`)
      const late = new Date(NOW.getTime() + 86_400_000)
      const altered = { ...call, body: Buffer.concat([call.body, Buffer.from('0')]) }
      for (const [what, refused] of Object.entries({
        'a wrong secret': () => platform.authenticate(call, [other], NOW),
        'another application': () => platform.authenticate(call, [stranger], NOW),
        'no credential': () => platform.authenticate(call, [], NOW),
        'a changed body': () => platform.authenticate(altered, [ours], NOW),
        'a call of yesterday': () => platform.authenticate(call, [ours], late),
      })) {
        if (codeOf(refused) !== 'UNAUTHENTICATED') fault(`${name}: ${what} is not refused`)
      }
    }
  })

/** A cancellation and a change of the receiver are read as what they are. */
export const changesRead: PlatformLaw = platform =>
  collect(fault => {
    const calls = callsOf(platform)
    for (const [name, kind] of [
      ['cancel', 'cancel'],
      ['change', 'change'],
    ] as const) {
      const call = calls[name]
      if (call === undefined) continue
      const read = tryTo(name, fault, () => platform.readChanges(call, credentialOf(platform)))
      const [posted] = read ?? []
      if (posted === undefined) fault(`${name}: nothing is read`)
      else if ('error' in posted) fault(`${name}: ${posted.error.message}`)
      else if (posted.wish.kind !== kind) fault(`${name}: read as ${posted.wish.kind}`)
      else if (posted.parcel.waybill === undefined && posted.parcel.platformOrder === undefined)
        fault(`${name}: no parcel is named`)
    }
  })

/** Nothing is written to a log, whatever comes. */
export const nothingLogged: PlatformLaw = platform => {
  const names = ['log', 'error', 'warn', 'info', 'debug', 'trace'] as const
  const kept = names.map(name => [name, console[name]] as const)
  const logged: string[] = []
  for (const name of names) console[name] = () => void logged.push(name)
  try {
    requestsRead(platform)
    marksStayUntold(platform)
    errorsHaveForms(platform)
  } finally {
    for (const [name, original] of kept) console[name] = original
  }
  return logged.length > 0 ? [`${logged.length} lines are logged`] : []
}

/** All laws of a platform, by what they say. */
export const platformLaws: Readonly<Record<string, PlatformLaw>> = {
  'what its client posts is read, for every courier': requestsRead,
  'its signature is needed, and is enough': signaturesHold,
  'its cancellations and changes are read': changesRead,
  'every error and outcome has a native form': errorsHaveForms,
  'every verdict and status has an event': eventsHaveForms,
  'marked fakes reach the seal alone': marksStaySealed,
  'no error tells what was refused': marksStayUntold,
  'an unknown member of a request stops here': unknownStops,
  'nothing is logged': nothingLogged,
}
