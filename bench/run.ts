/**
 * Runs one benchmark: `npm run bench -- translate`. Candidates are interleaved, figures are medians of
 * one run on one machine, and the last line is JSON with the ratios.
 */
const benches = ['cold', 'cost', 'seal', 'translate'] as const

const name = benches.find(one => one === process.argv[2])
if (name === undefined) {
  console.error(`usage: npm run bench -- ${benches.join(' | ')}`)
  process.exit(2)
}
const { run } = (await import(`./${name}.ts`)) as { run(): Promise<Record<string, number>> }
console.log(JSON.stringify(await run()))
