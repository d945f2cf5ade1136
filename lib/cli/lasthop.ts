import { Command } from 'commander'
import { StartError } from '../local/start-error.ts'
import { GatewayError } from '../model/errors.ts'
import { addConform } from './commands/conform.ts'
import { addControlVerbs } from './commands/control.ts'
import { addGatewayVerbs } from './commands/gateway.ts'
import { addOfflineVerbs } from './commands/offline.ts'
import { addOperatorVerbs } from './commands/operator.ts'
import { addPartnerVerbs } from './partner.ts'
import { UsageError } from './partners.ts'

const program = new Command('lasthop')
  .description('A gateway for privacy orders: only the last hop can read who a parcel is for.')
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText('after', '\nExit codes: 0 done, 1 refused, 2 not understood.')

addGatewayVerbs(program)
addOfflineVerbs(program)
addOperatorVerbs(program)
addControlVerbs(program)
addConform(program)
addPartnerVerbs(program)

// Whoever reads us may stop reading, as `head` does.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  console.error(`lasthop: ${messageOf(error)}`)
}

/** What may be told: our own words, never a library's. */
function messageOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof GatewayError) return error.message
  if (error instanceof StartError) return error.message
  if (isAway(error)) return 'the gateway does not answer'
  throw error
}

/** What fetch throws when nobody listens. */
function isAway(error: unknown): error is TypeError {
  return error instanceof TypeError && error.message === 'fetch failed'
}
