import { couriers } from '../couriers/index.ts'
import { platforms } from '../platforms/index.ts'

/** What a person typed is not understood: said plainly, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A partner by its slug, or a message that names those there are. */
export function sandboxOf<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find(one => one.name === name)
  if (found !== undefined) return found
  throw new UsageError(`no partner "${name}"; there are: ${all.map(one => one.name).join(', ')}`)
}

/** The platform of this name. */
export const platformNamed = (name: string) => sandboxOf(platforms, name)

/** The courier of this name. */
export const courierNamed = (name: string) => sandboxOf(couriers, name)
