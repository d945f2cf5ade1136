import type { App } from 'aws-cdk-lib'
import type { CodeSource } from './code.ts'
import type { CustodyPins } from './config-files.ts'
import { type CourierContext, custodyAccountOf, type StackContext } from './context.ts'
import { CustodyKeysStack } from './custody-keys-stack.ts'
import { CustodyStack } from './custody-stack.ts'
import { GatewayStack } from './gateway-stack.ts'
import type { Pins } from './partners.ts'

/** What the stacks are made from. */
export interface StackInput {
  readonly context: StackContext
  readonly pins: Pins
  readonly code: CodeSource
}

/**
 * Adds the stacks in the order in which they are deployed: for each courier `CustodyKeys-<courier>`,
 * then `Gateway`, then `Custody-<courier>`. None refers to another; what one must know of another is
 * pinned in between. A stack whose pins are missing is left out.
 *
 * @returns what is missing, and what to do about it, line by line
 * @see design-storage.md, "Start-up order"
 */
export function addStacks(app: App, input: StackInput): string[] {
  const { context, pins, code } = input
  const { account, region } = context.gateway
  const couriers = Object.entries(context.couriers)
  for (const [name, courier] of couriers) addKeys(app, name, courier)
  new GatewayStack(app, 'Gateway', {
    stackName: 'LastHop-Gateway',
    env: { account, region },
    description: 'LastHop: the gateway',
    ...{ context, pins, code },
  })
  return [
    ...missing(context, pins),
    ...couriers.flatMap(([name, courier]) => addCustody(app, input, name, courier)),
  ]
}

function addKeys(app: App, name: string, courier: CourierContext): void {
  const { account, region, custodyKeys = ['main'] } = courier
  new CustodyKeysStack(app, `CustodyKeys-${name}`, {
    stackName: `LastHop-CustodyKeys-${name}`,
    env: { account, region },
    description: `LastHop: keys and roles of ${name}`,
    custody: custodyAccountOf(name, courier),
    keys: custodyKeys,
    hasProvider: courier.identityProvider === 'existing',
  })
}

function addCustody(app: App, input: StackInput, name: string, courier: CourierContext): string[] {
  const { context, pins, code } = input
  const known = custodyPinsOf(pins, name, courier)
  if (known === undefined) {
    return [
      `Custody-${name}: left out until the gateway and ${name}, controlKeys and brake are pinned`,
    ]
  }
  const { account, region } = courier
  const station = stationOf(courier)
  new CustodyStack(app, `Custody-${name}`, {
    stackName: `LastHop-Custody-${name}`,
    env: { account, region },
    description: `LastHop: router and station helper of ${name}`,
    pins: known,
    code,
    gateway: context.gateway,
    ...(station === undefined ? {} : { station }),
    ...(context.emulator === undefined ? {} : { emulator: context.emulator }),
    ...(courier.alarmTopic === undefined ? {} : { alarmTopic: courier.alarmTopic }),
  })
  return []
}

function custodyPinsOf(pins: Pins, name: string, of: CourierContext): CustodyPins | undefined {
  const { gateway } = pins
  const courier = pins.couriers[name]
  if (gateway === undefined || courier === undefined) return undefined
  const { controlKeys, brake } = courier
  if (controlKeys === undefined || brake === undefined) return undefined
  return {
    account: custodyAccountOf(name, of),
    courier: { ...courier, controlKeys, brake },
    gateway,
  }
}

function stationOf({ station }: CourierContext) {
  if (station === undefined) return undefined
  const { domain: name, certificate } = station
  if (name === undefined || certificate === undefined) return {}
  return { domain: { name, certificate } }
}

function missing({ couriers }: StackContext, pins: Pins): string[] {
  const unpinned = Object.keys(couriers).filter(name => pins.couriers[name] === undefined)
  return [
    ...unpinned.map(
      name =>
        `Gateway: takes no orders for ${name} yet; deploy CustodyKeys-${name}, then lasthop keys pin`,
    ),
    ...(pins.gateway === undefined
      ? [
          'Gateway: intake does not start yet; deploy Gateway, lasthop keys pin --gateway, deploy Gateway again',
        ]
      : []),
  ]
}
