import { randomBytes } from 'node:crypto'
import { intakeApp } from '../../functions/intake/app.ts'
import { createSealSigner } from '../../lib/seal/index.ts'
import { createClient, createStore } from '../../lib/store/index.ts'
import { nowhere } from './nowhere.ts'
import { certify, config, keys, secrets } from './setting.ts'

export const tables = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }

/** Where its transactions end. */
export const end = nowhere()

const now = () => new Date()

/** Intake as it is deployed, its store at the end of a cut line. */
export const app = intakeApp(
  {
    ...{ config, now, secrets, count: () => {} },
    signer: createSealSigner({ certify, now }),
    bodyKeys: async () => [keys.body],
    store: createStore({
      client: createClient(end.settings),
      tables,
      clock: Date.now,
      random: randomBytes,
    }),
  },
  name => {
    throw new Error(`unexpected: ${name}`)
  },
)
