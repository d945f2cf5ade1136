import regions from '../model/generated/regions.json' with { type: 'json' }
import { provinceNamed } from '../model/region-list.ts'
import { isRegionName } from '../model/region-names.ts'
import type { Event } from '../model/validate.ts'

let known: ReadonlySet<string> | undefined

/**
 * The region that a text names, and nothing where it is anything else: a person, an address, a site.
 *
 * @example regionIn('深圳') // { name: '深圳', kind: 'region' }
 */
export function regionIn(text: string | undefined): Event['place'] {
  const name = text?.trim() ?? ''
  const isRegion = isRegionName(name) && (/.[市区县省]$/u.test(name) || isKnown(name))
  return isRegion ? { name, kind: 'region' } : undefined
}

/** 深圳 and 内蒙古 are known beside their official names. */
function isKnown(name: string): boolean {
  known ??= new Set(regions.list.split('\n').flatMap(line => namesOf(line.slice(6))))
  return known.has(name) || provinceNamed(name) !== undefined
}

function namesOf(official: string): string[] {
  return official.endsWith('市') ? [official, official.slice(0, -1)] : [official]
}
