import { type ProofOptions, type ProofResult, tell } from './proof.ts'
import { check } from './templates/check.ts'
import { plantMistakes } from './templates/planted.ts'
import { deployments } from './templates/world.ts'

/** A quick run asks one in so many of the requests that no table tells of. */
const STRIDE = { full: 1, quick: 97 }

/**
 * The synthesized templates, for two accounts, one, and China, allow what a table written by hand says,
 * to everybody and on everything; every path of escalation that stays is told with its reason. Planted
 * over-permissions show that the proof would tell.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const start = performance.now()
  const part = { stride: quick ? STRIDE.quick : STRIDE.full, from: seed }
  let [cells, wrong] = [0, 0]
  const paths = new Map<string, number>()
  for (const deployment of deployments()) {
    const found = await check(deployment, part)
    cells += found.cells
    wrong += found.wrong.length
    paths.set(deployment.name, found.paths.length)
    for (const line of found.wrong.slice(0, 20)) tell(`wrong in ${deployment.name}: ${line}`)
    if (deployment.name === 'two accounts' && !quick)
      for (const line of found.paths) tell(`stays: ${line}`)
  }
  const mistakes = planted || !quick ? await plantMistakes() : undefined
  for (const { mistake, first } of mistakes ?? [])
    if (!quick || first === undefined)
      tell(`${first === undefined ? 'MISSED' : 'caught'}  ${mistake}: ${first}`)
  const caught = mistakes?.filter(({ first }) => first !== undefined).length
  return {
    holds: wrong === 0 && caught === mistakes?.length,
    figures: {
      ...{ cells, wrong, escalations: paths.get('two accounts') },
      ...(mistakes === undefined ? {} : { planted: mistakes.length, plantedCaught: caught }),
      seconds: Math.round((performance.now() - start) / 100) / 10,
    },
  }
}
