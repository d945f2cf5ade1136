import { decide } from './decide.ts'
import { becomes, STAYS, type Step, staysOpen, stepsOf } from './escalation.ts'
import { type Other, otherRequests } from './rest.ts'
import { faultsOf } from './structure.ts'
import { type Cell, cellsOf } from './table.ts'
import { type Deployment, type Principal, type Thing, type World, worldOf } from './world.ts'

/** What was found in a deployment. */
export interface Found {
  readonly cells: number
  /** What is not as it should be, a line each. */
  readonly wrong: readonly string[]
  /** Paths of escalation that stay: `deploy kms:PutKeyPolicy key hop: because`. */
  readonly paths: readonly string[]
}

/** Which part of the requests that no table tells of is asked: one in `stride`, beginning at `from`. */
export interface Part {
  readonly stride: number
  readonly from: number
}

/** Tags of the station's session: of the hop and day of the table. */
const SESSION = { hop: 'H1', day: '2026-01-05' }
const PEOPLE = /^(admin|deploy|keyAdmin|power|stranger)$/

/** Decides every cell of a deployment's templates. */
export async function check(deployment: Deployment, part: Part): Promise<Found> {
  const world = worldOf(deployment)
  const { faults, looked } = faultsOf(deployment, world)
  const isOne = deployment.name === 'one account'
  const table = await checkTable(world, cellsOf(isOne))
  const rest = await checkRest(world, part)
  const paths = await checkPaths(world, isOne)
  return {
    cells: looked + table.cells + rest.cells + paths.cells,
    wrong: [...table.wrong, ...paths.wrong, ...rest.wrong, ...faults],
    paths: paths.open,
  }
}

function thingOf({ things }: World, name: string): Thing {
  const thing = things.get(name)
  if (thing === undefined) throw new Error(`nothing is called ${name}`)
  return thing
}

async function checkTable(world: World, all: readonly Cell[]) {
  const wrong: string[] = []
  let cells = 0
  for (const { who, action, on, facts, given, expected } of all) {
    const found = world.principals.get(who)
    // A function that a deployment leaves out has no role: whoever has one is in a column.
    if (found === undefined) continue
    cells++
    const principal = who === 'station' ? { ...found, tags: { ...found.tags, ...SESSION } } : found
    const outcome = await decide(principal, action, thingOf(world, on), facts)
    if (outcome !== expected)
      wrong.push(`${who} ${action} ${on} ${given}: ${outcome}, not ${expected}`)
  }
  return { cells, wrong }
}

/** No role of the stacks may do anything else, and nobody of the gateway anything with a courier's key. */
async function checkRest(world: World, { stride, from }: Part) {
  const wrong: string[] = []
  let [cells, at] = [0, from]
  const others = await otherRequests([...world.things.keys()])
  for (const [who, principal] of world.principals) {
    for (const other of others) {
      if (!isNobodys(who, principal, world, other) || at++ % stride !== 0) continue
      cells++
      const outcome = await decide(
        principal,
        other.action,
        targetOf(world, principal, other),
        other.facts,
        false,
      )
      const logs = /[lL]ogger$/.test(who) && other.action.startsWith('logs:')
      if (outcome === 'yes' && !logs)
        wrong.push(`${who} ${other.action} ${other.on}${other.below}: yes, and no cell`)
    }
  }
  return { cells, wrong }
}

/** Of people, only those elsewhere, and with a courier's key the gateway's too. */
function isNobodys(who: string, { account }: Principal, world: World, { on }: Other): boolean {
  if (!PEOPLE.test(who)) return true
  return /^key (custody|hop)$/.test(on) && account !== thingOf(world, on).account
}

function targetOf(world: World, { account }: Principal, { on, below }: Other) {
  if (on === '*') return { arn: '*', account } as const
  const thing = thingOf(world, on)
  // What lies below a table is not under the table's own policy.
  return below === '' ? thing : { arn: thing.arn + below, account: thing.account }
}

/** Each step by which somebody comes to more must be one that stays, and each that stays must be there. */
async function checkPaths(world: World, oneAccount: boolean) {
  const steps = stepsOf([...world.things.keys()])
  const open: string[] = []
  const wrong: string[] = []
  const used = new Set<object>()
  for (const [who, principal] of world.principals) {
    const allowed: Step[] = []
    for (const step of steps)
      if ((await decide(principal, step.action, thingOf(world, step.on), {}, false)) === 'yes')
        allowed.push(step)
    for (const step of allowed) {
      const stays = staysOpen(who, step, oneAccount)
      if (stays === undefined) wrong.push(`${who} ${step.action} ${step.on}: a path of escalation`)
      else used.add(stays)
      open.push(`${who} ${step.action} ${step.on}: ${stays?.because ?? 'unexplained'}`)
    }
    if (!oneAccount) wrong.push(...reached(who, principal, world, allowed))
  }
  const unused = STAYS.filter(one => !used.has(one))
  wrong.push(...unused.map(({ who, because }) => `${who}: said to stay and gone: ${because}`))
  return { cells: steps.length * world.principals.size, wrong, open }
}

/** In accounts of their own, whoever becomes another stays in the own account. */
function reached(
  who: string,
  { account }: Principal,
  world: World,
  steps: readonly Step[],
): string[] {
  const roles = new Set(steps.flatMap(step => becomes(step) ?? []))
  return [...roles]
    .filter(role => world.principals.get(role)?.account !== account)
    .map(role => `${who} acts as ${role}, of another account`)
}
