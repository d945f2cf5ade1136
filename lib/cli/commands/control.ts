import type { Command } from 'commander'
import { type ControlOptions, control } from '../control.ts'
import { UsageError } from '../partners.ts'
import { exits } from './exit.ts'

const KINDS = ['pickup', 'delivery', 'closed'] as const

/** The courier's orders to its own router, signed by its control key. */
export function addControlVerbs(program: Command): void {
  const verbs = program
    .command('control')
    .description('orders to a courier’s router, signed by its control key')
    .addHelpText(
      'after',
      `
Each prints what the router’s function is invoked with, good for five minutes:

  aws lambda invoke --function-name lasthop-sf-router --cli-binary-format raw-in-base64-out \\
    --payload "$(lasthop control register-hop station-1 --limit 500 --key control.pem)" /dev/stdout`,
    )
  const verb = (name: string, description: string) =>
    verbs
      .command(name)
      .description(description)
      .requiredOption('--key <file>', 'private control key: a JWK or PEM')
      .option('--courier <name>', 'whose router', 'sf')
      .option('--router <name>', 'its name; default that of the stacks')

  verb('register-hop <hop>', 'register a hop, change it, or close it')
    .option('--kind <kind>', 'pickup, delivery or closed', 'delivery')
    .requiredOption('--limit <number>', 'releases that it may have in a window')
    .action(
      exits((hop: string, options: ControlOptions & { kind: string; limit: string }) => {
        const kind = KINDS.find(one => one === options.kind)
        if (kind === undefined) throw new UsageError('--kind is pickup, delivery or closed')
        const limit = whole(options.limit, '--limit')
        return control({ action: 'register-hop', hop, kind, limit }, options)
      }),
    )

  verb('raise-floor', 'open a new or restored table: nothing signed before counts')
    .option('--not-before <seconds>', 'seconds since 1970; default now')
    .action(
      exits((options: ControlOptions & { notBefore?: string }) => {
        const now = Math.floor(Date.now() / 1000)
        const { notBefore: text } = options
        const notBefore = text === undefined ? now : whole(text, '--not-before')
        return control({ action: 'raise-floor', notBefore }, options)
      }),
    )

  verb('lift-brake <counter>', 'let a counter that stopped go on, up to a limit and until a time')
    .requiredOption('--limit <number>', 'as far as it may count')
    .requiredOption('--until <time>', '2026-01-01T12:00:00Z')
    .action(
      exits((counter: string, options: ControlOptions & { limit: string; until: string }) => {
        const { until } = options
        const limit = whole(options.limit, '--limit')
        return control({ action: 'lift-brake', counter, limit, until }, options)
      }),
    )
}

function whole(text: string, option: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new UsageError(`${option} wants a whole number`)
}
