import { writePage } from './performance.ts'
import { loadNow, writeResult } from './record.ts'

/**
 * Runs one benchmark: `npm run bench -- translate`. Candidates are interleaved, figures are medians of
 * one run on one machine, and the last line is JSON with the ratios. Results are kept in
 * `bench/results`, and `docs/performance.md` is made of them.
 */
const benches = ['cold', 'cost', 'feed', 'ingest', 'load', 'seal', 'translate'] as const

const name = benches.find(one => one === process.argv[2])
if (name === undefined) {
  console.error(`usage: npm run bench -- ${benches.join(' | ')}`)
  process.exit(2)
}
const options = process.argv.slice(3)
const { run } = (await import(`./${name}.ts`)) as {
  run(options: readonly string[]): Promise<Record<string, number | string>>
}
const loadBefore = loadNow()
const figures = await run(options)
// What an order costs is no measure of time, and has a page of its own.
if (name !== 'cost') {
  writeResult(name, options, figures, loadBefore)
  writePage()
}
console.log(JSON.stringify(figures))
