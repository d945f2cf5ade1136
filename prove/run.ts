/**
 * Runs one proof: `npm run prove -- seals [--quick] [--seed N] [--planted]`. Progress goes to standard
 * error; the last line of standard output is JSON with the figures. Exits with 1 when the claim does not
 * hold and with 2 when there is no such proof. A proof is a file here that exports `run`.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Proof } from './proof.ts'

const proofs = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && !['run.ts', 'proof.ts'].includes(file))
  .map(file => file.replace('.ts', ''))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    planted: { type: 'boolean', default: false },
  },
})
const name = proofs.find(one => one === positionals[0])
const seed = Number(values.seed)
if (name === undefined || positionals.length > 1 || !Number.isSafeInteger(seed)) {
  console.error(`usage: npm run prove -- ${proofs.join(' | ')} [--quick] [--seed N] [--planted]`)
  process.exit(2)
}
const { run }: { run: Proof } = await import(`./${name}.ts`)
const { quick, planted } = values
const { holds, figures } = await run({ quick, seed, planted })
console.log(JSON.stringify(figures))
process.exitCode = holds ? 0 : 1
