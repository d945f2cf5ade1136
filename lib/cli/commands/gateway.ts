import type { Command } from 'commander'
import { runDemo } from '../demo/demo.ts'
import { runDev } from '../dev.ts'
import { UsageError } from '../partners.ts'
import { openOffline } from '../seal-verbs.ts'
import * as verbs from '../verbs.ts'
import { exits } from './exit.ts'

/** The gateway on this machine, and the verbs that speak to it. */
export function addGatewayVerbs(program: Command): void {
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
    .action(exits(options => runDemo(options)))

  const verb = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
      .option('--platform <name>', 'who posts', 'douyin')
      .option('--courier <name>', 'who delivers', 'sf')

  verb('post [file]', 'post a native order request, natively signed (- for standard input)').action(
    exits((file, options) => verbs.post(options, file)),
  )

  verb('pull', 'show what is owed to the courier; the signature of every seal is checked').action(
    exits(options => verbs.pull(options)),
  )

  verb(
    'answer [entry] [file]',
    'answer an entry natively; without a file as the sandbox does',
  ).action(exits((entry, file, options) => verbs.answer(options, entry, file)))

  verb('assign <file> <order> <hop>', 'assign an order, pulled into a file, to a hop')
    .option('--group <group>', 'receiver or sender', 'receiver')
    .option('--epoch <number>', 'one more than the last', '1')
    .option('--day <date>', 'working day, default today’s')
    .addHelpText(
      'after',
      `
Exit code 1 where it is refused: try the same again once its hop is registered or its brake lifted, or
correct it with the next epoch.

Examples:
  lasthop pull > pulled.json
  lasthop assign pulled.json o_fck7qd6bckys2eiuxjf7u36sdw station-1
  lasthop assign pulled.json o_fck7qd6bckys2eiuxjf7u36sdw station-2 --epoch 2`,
    )
    .action(exits((file, order, hop, options) => verbs.assign(options, file, order, hop)))

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
    .action(
      exits((first, second, options) => {
        if (options.key !== undefined && second === undefined) return openOffline(options, first)
        if (first === undefined || second === undefined || options.key !== undefined) {
          throw new UsageError('open ORDER HOP, or open --key PRIVATE.jwk [FILE]')
        }
        return verbs.open(options, first, second)
      }),
    )

  verb('events', 'show what is owed to the platform')
    .option('--ack', 'and take it off')
    .action(exits(options => verbs.events(options)))
}
