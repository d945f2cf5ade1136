declare const personal: unique symbol

/**
 * A name, a phone, an address: at run time a plain string, to the compiler not one.
 *
 * Generated types carry it wherever a schema says `"x-personal": true`. Nothing that takes a
 * `string` takes it, so no codec can trim, join, log or compare it by accident.
 *
 * @example a row carries it as it is: `row('/contact/name', '/name')`
 */
export interface PersonalText {
  readonly [personal]: 'text'
}

/**
 * The text inside, to be read on purpose: to seal it, to mask it, to tell a virtual number from a
 * phone. Every call is a place to review.
 *
 * @example reveal(receiver.phone) // '13800000000'
 */
export const reveal = (text: PersonalText): string => text as unknown as string

/**
 * Marks a text as personal again, for a codec that had to take one apart.
 *
 * @example personalText(`${street}${detail}`)
 */
export const personalText = (text: string): PersonalText => text as unknown as PersonalText
