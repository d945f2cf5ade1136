import { type PersonalText, reveal } from '../../model/personal-text.ts'
import type { Personal } from '../../model/validate.ts'

/** What somebody could see of one person. */
export interface Sight {
  readonly who: string
  readonly name: string
  readonly phone: string
  readonly address: string
}

/** What is in the texts that somebody had in hands: `in clear`, the masked text, or nothing. */
export function sightOf(
  who: string,
  texts: readonly string[],
  personal: Personal,
  display: { readonly name: string; readonly phone: string; readonly address: string } | undefined,
): Sight {
  const all = texts.join('\n')
  const look = (clear: PersonalText | undefined, masked: string | undefined): string => {
    if (clear !== undefined && holds(all, reveal(clear))) return 'in clear'
    return masked !== undefined && holds(all, masked) ? masked : '—'
  }
  return {
    who,
    name: look(personal.name, display?.name),
    phone: look(personal.phone ?? personal.telephone, display?.phone),
    address: look(personal.address, display?.address),
  }
}

/** Whether a text stands in another, also as JSON writes it. */
export function holds(all: string, text: string): boolean {
  return all.includes(text) || all.includes(JSON.stringify(text).slice(1, -1))
}

/** Every clear value of a person that must not be seen. Texts of one character would be found anywhere. */
export function clearValues(personal: Personal): string[] {
  return Object.values(personal)
    .map(text => reveal(text))
    .filter(text => text.length > 1)
}
