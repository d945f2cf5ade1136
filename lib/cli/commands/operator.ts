import type { Command } from 'commander'
import { auditVerify } from '../audit.ts'
import { keysNew, keysPin, keysShow } from '../keys.ts'
import { lift } from '../lift.ts'
import { exits } from './exit.ts'

/** The operator's verbs: records, brakes, keys and pins. */
export function addOperatorVerbs(program: Command): void {
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
    .action(exits(options => auditVerify(options)))

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
    .action(exits((hop, options) => lift(options, hop)))

  const keys = program.command('keys').description('key pairs, thumbprints and pins')

  keys
    .command('show [files...]')
    .description('print thumbprints: of JWK files, else of what the running gateway pins')
    .option('--data <folder>', 'data folder of the running gateway', '.lasthop')
    .addHelpText('after', '\nExamples:\n  lasthop keys show\n  lasthop keys show custody.pub.jwk')
    .action(exits((files, options) => keysShow(options, files)))

  keys
    .command('new <kind> <file>')
    .description(
      'make a pair for development: custody (RSA 3072), signing (P-256) or http (Ed25519)',
    )
    .addHelpText(
      'after',
      `
The private half goes into the file (mode 0600, never written over), the public one to standard output.

Example:
  lasthop keys new custody custody.jwk > custody.pub.jwk`,
    )
    .action(exits((kind, file) => keysNew(kind, file)))

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
    .action(exits((config, file, options) => keysPin(options, config, file)))
}
