import { type Swept, sweepFeeds } from '../../lib/flow/sweep.ts'
import { measureTo } from '../metrics.ts'
import { openGateway } from '../settings.ts'

const gateway = openGateway(process.env, 'sweep')
const measure = measureTo(process.stdout, gateway.now)

/** Runs every minute: measures what is owed, and ends offers that nobody answered in time. */
export const handler = (): Promise<Swept> => sweepFeeds({ ...gateway, measure })
