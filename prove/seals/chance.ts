/** Numbers that look random and come again with the same seed. */
export interface Chance {
  /** A whole number from 0 to `below` - 1. */
  below(limit: number): number
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** Whether something with this likelihood, from 0 to 1, happens. */
  happens(likelihood: number): boolean
}

/** Chance from a seed: splitmix32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let bits = state ^ (state >>> 16)
    bits = Math.imul(bits, 0x21f0aaad)
    bits ^= bits >>> 15
    bits = Math.imul(bits, 0x735a2d97)
    return (bits ^ (bits >>> 15)) >>> 0
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    pick: list => {
      const one = list[below(list.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    happens: likelihood => next() / 2 ** 32 < likelihood,
  }
}
