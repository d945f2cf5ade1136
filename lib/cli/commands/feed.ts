import type { Command } from 'commander'
import { feedLs, feedPark, feedRedrive, feedReplay } from '../feed.ts'
import { reshred } from '../reshred.ts'
import { exits } from './exit.ts'

/** The operator's verbs on feeds, and on orders that were restored. */
export function addFeedVerbs(program: Command): void {
  const feed = program.command('feed').description('what is owed to partners')
  const verb = (name: string, description: string) =>
    feed
      .command(name)
      .description(description)
      .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
      .option('--courier <name>', 'whose feed', 'sf')
      .option('--orders-table <name>', 'table in AWS, in place of --data')
      .option('--endpoint <url>', 'of DynamoDB; default that of AWS')
      .option('--region <region>', 'of DynamoDB; default that of the environment')

  const ofOne = (name: string, description: string) =>
    verb(name, description)
      .option('--platform <name>', 'a platform’s feed in place of a courier’s')
      .option('--shard <number>', 'of a feed of several', '0')

  ofOne('ls', 'list what is owed to a partner')
    .option('--parked', 'list what was moved aside in its stead')
    .addHelpText('after', '\nExamples:\n  lasthop feed ls\n  lasthop feed ls --platform douyin')
    .action(exits(options => feedLs(options)))

  ofOne('park <ids...>', 'move entries aside that their owner cannot digest; they stay owed')
    .addHelpText('after', '\nExit code 1 where one of them is not there.')
    .action(exits((ids, options) => feedPark(options, ids)))

  ofOne('replay [ids...]', 'give back what was moved aside')
    .option('--all', 'all of it')
    .addHelpText('after', '\nExit code 1 where one of them is not there.')
    .action(exits((ids, options) => feedReplay(options, ids)))

  verb('redrive', 'owe a courier copies of the orders that it accepted, should it have lost them')
    .requiredOption('--from <time>', 'when the first of them was posted')
    .requiredOption('--to <time>', 'when none of them was any more')
    .addHelpText(
      'after',
      `
Copies are acknowledged, never answered. All orders are read: of a large table it takes minutes and
costs a read of it. Run twice, it owes two copies.

Example:
  lasthop feed redrive --courier sf --from 2026-01-01T08:00:00+08:00 --to 2026-01-01T12:00:00+08:00`,
    )
    .action(exits(options => feedRedrive(options)))

  program
    .command('reshred')
    .description('after Orders was restored: delete once more what the audit says was deleted')
    .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
    .option('--orders-table <name>', 'table in AWS, in place of --data')
    .option('--keys-table <name>', 'likewise')
    .option('--audit-table <name>', 'likewise')
    .option('--endpoint <url>', 'of DynamoDB; default that of AWS')
    .option('--region <region>', 'of DynamoDB; default that of the environment')
    .addHelpText('after', '\nMay be run again at any time. Exit code 1: run it again.')
    .action(exits(options => reshred(options)))
}
