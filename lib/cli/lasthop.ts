import { Command } from 'commander'
import { GatewayError } from '../model/errors.ts'
import { auditVerify } from './audit.ts'
import { runDemo } from './demo/demo.ts'
import { runDev } from './dev.ts'
import { keysNew, keysPin, keysShow } from './keys.ts'
import { lift } from './lift.ts'
import { UsageError } from './partners.ts'
import { openOffline, seal } from './seal-verbs.ts'
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

verb('open [order] [hop]', 'open an order at a hop, as its station does; or a file, with --key')
  .usage('ORDER HOP [options]\n       lasthop open --key PRIVATE.jwk [FILE]')
  .option('--group <group>', 'receiver or sender', 'receiver')
  .option('--rev <number>', 'revision of the seal', '1')
  .option('--day <date>', 'working day, default today’s')
  .option('--key <file>', 'offline: the private custody key, a JWK; FILE is a sealed.json')
  .addHelpText(
    'after',
    `
Examples:
  lasthop open o_fck7qd6bckys2eiuxjf7u36sdw station-1
  lasthop open --key custody.jwk sealed.json
  lasthop open --key custody.jwk < sealed.json`,
  )
  .action(async (first, second, options) => {
    if (options.key !== undefined && second === undefined) {
      process.exitCode = openOffline(options, first)
      return
    }
    if (first === undefined || second === undefined || options.key !== undefined) {
      throw new UsageError('open ORDER HOP, or open --key PRIVATE.jwk [FILE]')
    }
    await exit(verbs.open(options, first, second))
  })

verb('events', 'show what is owed to the platform')
  .option('--ack', 'and take it off')
  .action(async options => exit(verbs.events(options)))

program
  .command('seal [file]')
  .description('seal a personal.json to a custody key: sealed.json on standard output')
  .requiredOption('--to <file>', 'the courier’s public custody key, a JWK')
  .option('--kid <thumbprint>', 'the thumbprint that the key must have')
  .requiredOption('--order <id>', 'order id')
  .requiredOption('--courier <slug>', 'who delivers')
  .requiredOption('--group <group>', 'receiver or sender')
  .option('--rev <number>', 'revision of the seal', '1')
  .option('--platform <slug>', 'who seals; with --key')
  .option('--key <file>', 'the platform’s private signing key, a JWK (P-256)')
  .addHelpText(
    'after',
    `
Examples:
  lasthop seal --to custody.pub.jwk --order o_fck7qd6bckys2eiuxjf7u36sdw --courier sf \\
    --group receiver < personal.json > sealed.json
  lasthop seal --to custody.pub.jwk --kid THUMBPRINT --order ORDER --courier sf \\
    --group receiver --platform acme --key signing.jwk personal.json`,
  )
  .action((file, options) => {
    process.exitCode = seal(options, file)
  })

program
  .command('audit')
  .description('what happened to keys')
  .command('verify')
  .description('verify every chain of records against the receipts of the couriers’ routers')
  .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
  .option('--order <id>', 'only this order')
  .option('--all', 'all orders, which is the default')
  .addHelpText(
    'after',
    `
Exit code 1 and a line for each chain that was tampered with, cut off or reordered.

Examples:
  lasthop audit verify
  lasthop audit verify --order o_fck7qd6bckys2eiuxjf7u36sdw`,
  )
  .action(async options => exit(auditVerify(options)))

program
  .command('lift <hop>')
  .description(
    'lift the gateway’s brake of a hop that ran over its limit; the audit records who did',
  )
  .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
  .option('--courier <name>', 'whose hop', 'sf')
  .requiredOption('--limit <number>', 'releases that it may have in a window')
  .option('--hours <number>', 'for how long', '1')
  .requiredOption('--actor <id>', 'who lifts')
  .addHelpText(
    'after',
    `
The courier’s router has a brake of its own, which only its control key lifts.

Example:
  lasthop lift station-1 --limit 20000 --hours 4 --actor ops-7`,
  )
  .action(async (hop, options) => exit(lift(options, hop)))

const keys = program.command('keys').description('key pairs, thumbprints and pins')

keys
  .command('show [files...]')
  .description('print thumbprints: of JWK files, else of what the running gateway pins')
  .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
  .addHelpText('after', '\nExamples:\n  lasthop keys show\n  lasthop keys show custody.pub.jwk')
  .action((files, options) => {
    process.exitCode = keysShow(options, files)
  })

keys
  .command('new <kind> <file>')
  .description('make a pair for development: custody (RSA 3072), signing (P-256) or http (Ed25519)')
  .addHelpText(
    'after',
    `
The private half goes into the file (mode 0600, never written over), the public one to standard output.

Example:
  lasthop keys new custody custody.jwk > custody.pub.jwk`,
  )
  .action((kind, file) => {
    process.exitCode = keysNew(kind, file)
  })

keys
  .command('pin <config> <file>')
  .description('write a public key into a configuration file, by the thumbprint told out of band')
  .requiredOption('--thumbprint <thumbprint>', 'what the key must have (RFC 7638)')
  .option('--as <role>', 'custody, dispatch or gateway', 'custody')
  .option('--use <use>', 'of a custody key: current or next', 'current')
  .option('--arn <arn>', 'of a key in KMS')
  .addHelpText(
    'after',
    `
Exit code 1 where the key has another thumbprint: nothing is written then.

Example:
  lasthop keys pin partners/sf.json custody.pub.jwk --use next \\
    --thumbprint 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU`,
  )
  .action((config, file, options) => {
    process.exitCode = keysPin(options, config, file)
  })

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
