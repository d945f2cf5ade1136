import type { Command } from 'commander'
import { check } from '../check.ts'
import { seal } from '../seal-verbs.ts'
import { translate } from '../translate.ts'
import { exits } from './exit.ts'

/** Verbs that need no gateway: files in, files out. */
export function addOfflineVerbs(program: Command): void {
  addTranslate(program)
  addCheck(program)
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
standard. Nothing is sealed, nothing personal is written, and a courier's secret stays empty.
Exit codes: 0 all translated, 1 some refused, 2 not understood or not readable.

Examples:
  lasthop translate --from douyin --to sf request.json
  lasthop translate --from douyin --to sf --out waybills.ndjson day-1.ndjson day-2.ndjson
  lasthop translate --from douyin --to sf --payer sender --product 2 < request.json`,
    )
    .action(exits((files, options) => translate(options, files)))
}

function addCheck(program: Command): void {
  const also = (pointer: string, before: string[] = []) => [...before, pointer]
  program
    .command('check [file]')
    .description('what a document or a label shows of people, by GB/T 41833')
    .option('--name <pointer>', 'a name is there, such as /to/name; may be repeated', also)
    .option('--phone <pointer>', 'a phone is there', also)
    .option('--address <pointer>', 'an address is there', also)
    .option('--text', 'read it as text, also where it begins as JSON does')
    .addHelpText(
      'after',
      `
Reads JSON, one document or one a line, or plain text such as a label's. In JSON an object that has
two of name, phone and address is a person; all other texts are screened. Each place that shows too
much is told, by pointer or by line and column, with why; never the text itself. A phone with an
extension is a virtual number. Names that no caption and no phone gives away are not found in text.
Exit codes: 0 nothing shows too much, 1 something does, 2 not understood or not readable.

Examples:
  lasthop check waybills.ndjson
  lasthop check --name /to/who --phone /to/call label.json
  pdftotext label.pdf - | lasthop check`,
    )
    .action(exits((file, options) => check(options, file)))
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
