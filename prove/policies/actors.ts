import { type Actor, COURIER, GATEWAY } from './cell.ts'

type More = Partial<Omit<Actor, 'name' | 'kind'>>

const role = (name: string, account = COURIER.account) => `arn:aws:iam::${account}:role/${name}`
const actor = (name: string, kind: Actor['kind'], arn: string, more: More = {}): Actor => ({
  ...{ name, kind, arn, policies: [] },
  ...more,
})

/** A session of a role. */
function session(name: string, kind: Actor['kind'], of: string, more: More = {}): Actor {
  const [, , , , account = '', path = ''] = of.split(':')
  const arn = `arn:aws:sts::${account}:assumed-role/${path.replace('role/', '')}/s-17`
  return actor(name, kind, arn, { role: of, ...more })
}

const station = (name: string, tags: Record<string, string>) =>
  session(`station ${name}`, 'station', role('station'), { tags })
const other = (name: string, arn: string, more: More = {}) => actor(name, 'other', arn, more)

const right = { hop: 'H1', day: '2026-11-24' }

/** Sessions of the station role, by their tags; the first is the right one. */
const stations = [
  station('H1 today', right),
  station('of another hop', { ...right, hop: 'H2' }),
  station('of yesterday', { ...right, day: '2026-11-23' }),
  station('without tags', {}),
  station('with hop only', { hop: 'H1' }),
  station('with day only', { day: right.day }),
  station('with an empty hop', { ...right, hop: '' }),
  station('with empty tags', { hop: '', day: '' }),
  station('of hop *', { ...right, hop: '*' }),
  station('of hop * and day *', { hop: '*', day: '*' }),
  station('of hop H?', { ...right, hop: 'H?' }),
  station('with a variable for a hop', { ...right, hop: `\${aws:PrincipalTag/day}` }),
  station('with a tag more', { ...right, order: 'o_a' }),
  station('with the tags exchanged', { hop: right.day, day: right.hop }),
]

const kms = { policies: ['kms'] } as const
const everything = { policies: ['everything'] } as const
const gateway = (name: string) => other(`gateway ${name}`, role(`lasthop-${name}`, GATEWAY), kms)

/** Everybody who may ask for a key. Those with `kms` or `everything` are as powerful as identities get. */
export const ACTORS: readonly Actor[] = [
  ...stations,
  actor('router', 'router', role('router'), { role: role('router'), policies: ['router'] }),
  session('router session', 'router', role('router'), { policies: ['router'] }),
  actor('key admin', 'admin', role('key-admin'), { policies: ['guard'] }),
  actor('deploy', 'admin', role('deploy'), { policies: ['guard', 'everything'] }),
  actor('station function', 'helper', role('station-function'), { policies: ['helper'] }),
  other('hub', role('hub'), kms),
  session('hub tagged like a station', 'other', role('hub'), { ...kms, tags: right }),
  session('session named station', 'other', role('hub/station'), { ...kms, tags: right }),
  other('power user', `arn:aws:iam::${COURIER.account}:user/power`, { ...kms, tags: right }),
  other('courier root', `arn:aws:iam::${COURIER.account}:root`, everything),
  ...['intake', 'custody', 'exchange', 'sweep'].map(gateway),
  session('gateway role named station', 'other', role('station', GATEWAY), { ...kms, tags: right }),
  session('gateway role named router', 'other', role('router', GATEWAY), { ...kms, tags: right }),
  other('gateway root', `arn:aws:iam::${GATEWAY}:root`, everything),
  other('anonymous', ''),
]

const provider = (name: string, issuer: string, kind: Actor['kind'], account = COURIER.account) =>
  actor(name, kind, '', { federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` })

/** Web identities, who may only ask for a session. */
export const PROVIDERS: readonly Actor[] = [
  provider("the courier's issuer", COURIER.issuer, 'provider'),
  provider('another issuer', 'id.other.example/stations', 'other'),
  provider("the issuer's parent", 'id.swift.example', 'other'),
  provider('the same issuer in another account', COURIER.issuer, 'other', GATEWAY),
]
