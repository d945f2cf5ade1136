import { type Audit, createAudit } from './audit.ts'
import type { StorePorts } from './client.ts'
import { type Counters, createCounters } from './counters.ts'
import { createFeeds, type Feeds } from './feed.ts'
import { createKeys, type Keys, type Outlived } from './keys.ts'
import { createOrders, type Orders } from './orders.ts'
import { createParking, type Parking } from './park.ts'
import { createSurveys, type Surveys } from './survey.ts'
import { createWalks, type Walks } from './walk.ts'

/** All that LastHop keeps: orders and what is owed, key material, and what happened to it. */
export type Store = Orders & Feeds & Parking & Surveys & Walks & Keys & Outlived & Audit & Counters

/** A store upon DynamoDB tables. Every part uses only what its own rights need. */
export function createStore(ports: StorePorts): Store {
  return {
    ...createOrders(ports),
    ...createFeeds(ports),
    ...createParking(ports),
    ...createSurveys(ports),
    ...createWalks(ports),
    ...createKeys(ports),
    ...createAudit(ports),
    ...createCounters(ports),
  }
}
