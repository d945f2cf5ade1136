import { deflateSync, gzipSync } from 'node:zlib'
import { hashes, hashOf } from './marks.ts'

type Encode = (value: string) => Buffer

const text = (encode: (value: string) => string): Encode => {
  return value => Buffer.from(encode(value))
}
const based = (form: 'base64' | 'base64url', offset: number): Encode =>
  text(value => Buffer.from('abc'.slice(0, offset) + value).toString(form))
const escaped = (value: string): string =>
  Array.from(value, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const percent = (value: string): string =>
  Buffer.from(value).toString('hex').replace(/../g, '%$&').toUpperCase()
const big = (value: string): Buffer => Buffer.from(value, 'utf16le').swap16()
const dump = (value: string): string =>
  Buffer.from(value)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ')
const hexed: Encode = text(value => Buffer.from(value).toString('hex'))
const gzipped: Encode = value => gzipSync(value)

/** How a value may be written where it leaks. */
export const encodings: Readonly<Record<string, Encode>> = {
  raw: text(value => value),
  ...Object.fromEntries(
    [0, 1, 2].flatMap(offset => [
      [`base64 at ${offset}`, based('base64', offset)],
      [`base64url at ${offset}`, based('base64url', offset)],
    ]),
  ),
  'base64 twice': value => Buffer.from(based('base64', 0)(value).toString('base64')),
  hex: hexed,
  'hex, upper case': text(value => Buffer.from(value).toString('hex').toUpperCase()),
  'hex behind half a byte': text(value => `f${Buffer.from(value).toString('hex')}`),
  'dump of bytes': text(dump),
  'bytes in JSON': text(value => JSON.stringify(Buffer.from(value))),
  'URL-encoded': text(percent),
  'URL-encoded twice': text(value => percent(value).replaceAll('%', '%25')),
  'JSON escapes': text(escaped),
  'JSON escapes, upper case': text(value => escaped(value).toUpperCase().replaceAll('\\U', '\\u')),
  'JSON escapes in JSON': text(value => escaped(value).replaceAll('\\', '\\\\')),
  'HTML escapes': text(value => Array.from(value, one => `&#${one.charCodeAt(0)};`).join('')),
  'UTF-16LE': value => Buffer.from(value, 'utf16le'),
  'UTF-16BE': big,
  'UTF-16LE in base64': value => Buffer.from(Buffer.from(value, 'utf16le').toString('base64')),
  gzip: gzipped,
  deflate: value => deflateSync(value),
  'gzip in base64': value => Buffer.from(gzipped(value).toString('base64')),
  'gzip in hex': value => Buffer.from(gzipped(value).toString('hex')),
}

/** Which six characters of a mark leak. */
export const fragments: Readonly<Record<string, (mark: string) => string>> = {
  first: mark => mark.slice(0, 6),
  middle: mark => mark.slice(1, 7),
  last: mark => mark.slice(-6),
}

/** Unsalted hashes of a number, in each form. */
export const hashForms: Readonly<Record<string, Encode>> = Object.fromEntries(
  hashes.flatMap(name => [
    [`${name}, bytes`, (value: string) => hashOf(name, value)],
    [`${name}, hex`, text(value => hashOf(name, value).toString('hex'))],
    [`${name}, base64`, text(value => hashOf(name, value).toString('base64'))],
    [`${name}, base64url`, text(value => hashOf(name, value).toString('base64url'))],
  ]),
)
