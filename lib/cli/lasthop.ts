import { Command } from 'commander'
import { runDemo } from './demo/demo.ts'
import { runDev } from './dev.ts'
import { UsageError } from './partners.ts'

const program = new Command('lasthop')
  .description('A gateway for privacy orders: only the last hop can read who a parcel is for.')
  .showHelpAfterError()

program
  .command('dev')
  .description('run the gateway and its embedded services on this machine, until stopped')
  .option('--data <folder>', 'data folder, made with mode 0700', '.lasthop')
  .option('--port <number>', 'port on loopback (environment PORT)', process.env.PORT ?? '8787')
  .option('--dynamodb <url>', 'a DynamoDB that runs already')
  .action(async options => {
    await runDev(options)
  })

program
  .command('demo')
  .description('play an order’s whole way in memory, and show who could see what')
  .option('--platform <name>', 'which platform posts', 'douyin')
  .option('--courier <name>', 'which courier delivers', 'sf')
  .option('--order <file>', 'a native order request of that platform; default: its sample')
  .option('--out <folder>', 'write the six documents there')
  .action(async options => {
    process.exitCode = await runDemo(options)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`lasthop: ${error.message}`)
  process.exitCode = 2
}
