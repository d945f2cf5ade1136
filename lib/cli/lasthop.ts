import { Command } from 'commander'
import { GatewayError } from '../model/errors.ts'
import { runDemo } from './demo/demo.ts'
import { runDev } from './dev.ts'
import { UsageError } from './partners.ts'
import * as verbs from './verbs.ts'

const program = new Command('lasthop')
  .description('A gateway for privacy orders: only the last hop can read who a parcel is for.')
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText('after', '\nExit codes: 0 done, 1 refused, 2 not understood.')

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

/** A verb that speaks to the gateway of a data folder. */
function verb(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
    .option('--platform <name>', 'who posts', 'douyin')
    .option('--courier <name>', 'who delivers', 'sf')
}

verb('post [file]', 'post a native order request, natively signed (- for standard input)').action(
  async (file, options) => exit(verbs.post(options, file)),
)

verb('pull', 'show what is owed to the courier; the signature of every seal is checked').action(
  async options => exit(verbs.pull(options)),
)

verb(
  'answer [entry] [file]',
  'answer an entry natively; without a file as the sandbox does',
).action(async (entry, file, options) => exit(verbs.answer(options, entry, file)))

verb('assign <file> <order> <hop>', 'assign an order, pulled into a file, to a hop')
  .option('--group <group>', 'receiver or sender', 'receiver')
  .option('--epoch <number>', 'one more than the last', '1')
  .option('--day <date>', 'working day, default today’s')
  .action(async (file, order, hop, options) => exit(verbs.assign(options, file, order, hop)))

verb('open <order> <hop>', 'open an order at a hop, as its station does')
  .option('--group <group>', 'receiver or sender', 'receiver')
  .option('--rev <number>', 'revision of the seal', '1')
  .option('--day <date>', 'working day, default today’s')
  .action(async (order, hop, options) => exit(verbs.open(options, order, hop)))

verb('events', 'show what is owed to the platform')
  .option('--ack', 'and take it off')
  .action(async options => exit(verbs.events(options)))

// Whoever reads us may stop reading, as `head` does.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

async function exit(code: Promise<number>): Promise<void> {
  process.exitCode = await code
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  console.error(`lasthop: ${messageOf(error)}`)
}

/** What may be told: our own words, never a library's. */
function messageOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof GatewayError) return error.message
  if (isAway(error)) return 'the gateway does not answer'
  throw error
}

/** What fetch throws when nobody listens. */
function isAway(error: unknown): error is TypeError {
  return error instanceof TypeError && error.message === 'fetch failed'
}
