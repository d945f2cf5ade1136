import { md5Base64 } from '../../access/digest.ts'

/**
 * `msgDigest` of a request to Fengqiao, 24 characters: for the courier's own side and for tests,
 * since what SF sends carries no signature. The three texts are encoded as one.
 *
 * @param timestamp as it stands in the request, an input like the others
 * @param checkWord the secret of the customer
 * @see formats/sf.md section 3
 */
export function msgDigest(msgData: string, timestamp: string, checkWord: string): string {
  return md5Base64(javaUrlEncode(msgData + timestamp + checkWord))
}

/** Java's `URLEncoder`: a space is `+`, letters, digits and `.-*_` stay. */
function javaUrlEncode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
