import { handleRest } from '../lambda.ts'
import { openGateway } from '../settings.ts'
import { exchangeApp } from './app.ts'

const gateway = openGateway(process.env, 'exchange')

/** Feeds, answers, events, and what anybody may read, behind API Gateway. */
export const handler = handleRest(exchangeApp(gateway, gateway.report), gateway.report)
