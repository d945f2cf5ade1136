/**
 * The CDK app, which `cdk.json` starts: `npx cdk synth`, `npx cdk deploy CustodyKeys-sf`. Context
 * `lasthop` says what to deploy, `placeholder=true` leaves out the functions' code.
 */
import { App } from 'aws-cdk-lib'
import { ContextError, readContext } from './context.ts'
import { checkByNag } from './nag.ts'
import { readPins } from './partners.ts'
import { addStacks } from './stacks.ts'

try {
  const app = new App()
  const context = readContext(app.node.tryGetContext('lasthop'))
  const pins = readPins(context.partners ?? 'partners', Object.keys(context.couriers))
  const placeholder = String(app.node.tryGetContext('placeholder')) === 'true'
  const code = { bundles: 'dist/functions', placeholder }
  for (const line of addStacks(app, { context, pins, code })) console.error(line)
  checkByNag(app)
  app.synth()
} catch (error) {
  if (!(error instanceof ContextError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
