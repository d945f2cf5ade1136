import type { Command } from 'commander'
import { seal } from '../seal-verbs.ts'
import { translate } from '../translate.ts'
import { exits } from './exit.ts'

/** Verbs that need no gateway: files in, files out. */
export function addOfflineVerbs(program: Command): void {
  addTranslate(program)
  addSeal(program)
}

function addTranslate(program: Command): void {
  program
    .command('translate [files...]')
    .description('native order requests into native waybills, as the gateway’s intake does it')
    .requiredOption('--from <platform>', 'whose requests')
    .requiredOption('--to <courier>', 'whose waybills')
    .option('--format <format>', 'json: one request a file; ndjson: one a line; auto', 'auto')
    .option('--out <file>', 'write there instead of to standard output')
    .option('--payer <who>', 'where an order names none: sender, receiver or third-party')
    .option('--account <account>', 'monthly account, where an order names none')
    .option('--product <code>', 'the courier’s product, where an order names none')
    .option('--settings <file>', 'the courier’s settings, as in partners/<courier>.json')
    .addHelpText(
      'after',
      `
Waybills are written one a line. Each order that is refused is told on standard error: file, line,
place in its request, code and pointer. The pointer is into the request, or into the order of the
standard. Nothing is sealed, and nothing personal is written.
Exit codes: 0 all translated, 1 some refused, 2 not understood or not readable.

Examples:
  lasthop translate --from douyin --to sf request.json
  lasthop translate --from douyin --to sf --out waybills.ndjson day-1.ndjson day-2.ndjson
  lasthop translate --from douyin --to sf --payer sender --product 2 < request.json`,
    )
    .action(exits((files, options) => translate(options, files)))
}

function addSeal(program: Command): void {
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
    .action(exits((file, options) => seal(options, file)))
}
