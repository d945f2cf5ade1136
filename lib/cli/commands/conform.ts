import type { Command } from 'commander'
import { conform } from '../conform.ts'
import { exits } from './exit.ts'

/** The verb for whoever builds a gateway, or a partner, of the standard. */
export function addConform(program: Command): void {
  program
    .command('conform <url>')
    .description('check a server against the standard, over HTTP, check by check')
    .option('--data <folder>', 'data folder of a gateway here, for keys not named', '.lasthop')
    .option('--platform <slug>', 'who posts, speaking the standard', 'standard')
    .option('--platform-keyid <id>', 'its keyid at the server')
    .option('--platform-key <file>', 'its private Ed25519 key, PEM or JWK')
    .option('--courier <slug>', 'who pulls, speaking the standard', 'standard')
    .option('--courier-keyid <id>', 'its keyid at the server')
    .option('--courier-key <file>', 'its private Ed25519 key, PEM or JWK')
    .option('--gateway-key <file>', 'the server’s public signing key, PEM or JWK, to verify seals')
    .option('--product <code>', 'a product code that the courier takes', 'standard')
    .option('--only <text>', 'only checks with this in their name')
    .addHelpText(
      'after',
      `
Posts orders of invented people, answers, pushes and cancels them: for a test installation, never for
one at work. One line a check, pass or FAIL and why; exit code 1 where one fails.

Examples:
  npm start & lasthop conform http://127.0.0.1:8787
  lasthop conform https://gateway.example/lasthop --gateway-key gateway.pub.jwk \\
    --platform-keyid acme-1 --platform-key acme.pem --courier-keyid swift-1 --courier-key swift.pem
  lasthop conform http://127.0.0.1:8787 --only 401`,
    )
    .action(exits((url, options) => conform(url, options)))
}
