import type { Command } from 'commander'
import { auditVerify } from '../audit.ts'
import { keysNew, keysShow } from '../keys.ts'
import { keysPin } from '../keys-pin.ts'
import { keysSelftest } from '../keys-selftest.ts'
import { lift } from '../lift.ts'
import { exits } from './exit.ts'
import { addFeedVerbs } from './feed.ts'

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
    .option('--audit-table <name>', 'table in AWS, in place of --data')
    .option('--receipts <courier=table>', 'a router’s table; may be repeated', repeated)
    .option('--receipt-key <courier=file>', 'public key of its receipts', repeated)
    .option('--endpoint <url>', 'of DynamoDB; default that of AWS')
    .option('--region <region>', 'of DynamoDB; default that of the environment')
    .addHelpText(
      'after',
      `
Exit code 1 and a line for each chain that was tampered with, cut off or reordered. Tables in AWS are
read with the default credentials of its SDK. Without receipts only what holds together is seen, not
what was cut off and rewritten whole.

Examples:
  lasthop audit verify
  lasthop audit verify --order o_fck7qd6bckys2eiuxjf7u36sdw
  lasthop audit verify --audit-table Audit --receipts sf=lasthop-sf-custody --receipt-key sf=sf.pem`,
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
    .option('--keys-table <name>', 'table in AWS, in place of --data')
    .option('--audit-table <name>', 'likewise')
    .option('--endpoint <url>', 'of DynamoDB; default that of AWS')
    .option('--region <region>', 'of DynamoDB; default that of the environment')
    .addHelpText(
      'after',
      `
The courier’s router has a brake of its own, which only its control key lifts.

Example:
  lasthop lift station-1 --limit 20000 --hours 4 --actor ops-7`,
    )
    .action(exits((hop, options) => lift(options, hop)))

  addFeedVerbs(program)
  addKeys(program)
}

function addKeys(program: Command): void {
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

  addPin(keys)
  addSelftest(keys)
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function addPin(keys: Command): void {
  keys
    .command('pin [names...]')
    .usage('COURIER [FILE] [options]\n       lasthop keys pin --gateway [FILE] [options]')
    .description(
      'pin a public key for the stacks, in partners/COURIER.json or partners/gateway.json',
    )
    .option('--partners <folder>', 'where the files of pins lie', 'partners')
    .option('--gateway', 'the gateway’s signing key')
    .option('--as <role>', 'custody, dispatch, control or issuer', 'custody')
    .option('--key <id>', 'take it from KMS: ARN, id or alias')
    .option('--endpoint <url>', 'of KMS; default that of AWS')
    .option('--region <region>', 'of KMS; default that of the ARN or the environment')
    .option('--thumbprint <thumbprint>', 'what the key must have (RFC 7638); wanted with FILE')
    .option('--arn <arn>', 'of a custody key that comes from FILE')
    .option('--hop-key <arn>', 'and pin the courier’s hop key')
    .option('--issuer <url>', 'of the identity provider, with --as issuer')
    .option('--rotate', 'pin it beside the one that is pinned: a custody key as next')
    .option('--promote', 'make a next key the current one; the one before is retired')
    .addHelpText(
      'after',
      `
FILE is a JWK, PEM or DER. KMS is asked with the default credentials of the AWS SDK. Run it again at
any time: the same key changes nothing. Exit code 1, and nothing is written, where the key has another
thumbprint, or another key is pinned and --rotate is not given.

Examples:
  lasthop keys pin sf --key arn:aws:kms:cn-north-1:444455556666:key/… --hop-key arn:aws:kms:…
  lasthop keys pin sf dispatch.pem --as dispatch --thumbprint 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU
  lasthop keys pin --gateway --key arn:aws:kms:cn-north-1:111122223333:key/…`,
    )
    .action(exits((names, options) => keysPin(names, options)))
}

function addSelftest(keys: Command): void {
  keys
    .command('selftest <courier>')
    .description('check in a courier’s real account what only KMS itself can show')
    .option('--partners <folder>', 'where the files of pins lie', 'partners')
    .option('--key-token <file>', 'a key token of the courier’s issuer, for the station’s checks')
    .option('--endpoint <url>', 'of KMS and STS; default that of AWS')
    .addHelpText(
      'after',
      `
Run it with the router’s own credentials (its role trusts Lambda alone: widen that for the hour of the
test). Refusals are asked for by DryRun, which does nothing; one key that seals nothing is really
re-wrapped and, with --key-token, opened. Exit code 1 where a check fails, or none could run.

Example:
  AWS_PROFILE=router lasthop keys selftest sf --key-token token.jwt`,
    )
    .action(exits((courier, options) => keysSelftest(courier, options)))
}
