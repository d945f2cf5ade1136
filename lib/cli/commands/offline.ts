import type { Command } from 'commander'
import { seal } from '../seal-verbs.ts'
import { exits } from './exit.ts'

/** Verbs that need no gateway: files in, files out. */
export function addOfflineVerbs(program: Command): void {
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
