import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from './aws-error.ts'

/** A request of either service: KMS speaks AWS JSON 1.1, STS the Query protocol (forms in, XML out). */
export interface WireRequest {
  service: 'kms' | 'sts'
  operation: string
  input: Record<string, unknown>
  headers: IncomingHttpHeaders
  body: Buffer
}

// The same refusals have other codes in the Query protocol.
const queryCodes = new Map([
  ['AccessDeniedException', 'AccessDenied'],
  ['IncompleteSignatureException', 'IncompleteSignature'],
  ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  ['UnrecognizedClientException', 'InvalidClientTokenId'],
])

/**
 * Reads `POST /` of at most 1 MB.
 *
 * @throws {AwsError} `UnknownOperationException` for anything else, `SerializationException` for a broken body.
 */
export async function readWire(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > 1_048_576)
      throw new AwsError('RequestEntityTooLarge', 'The request is too large', 413)
    chunks.push(chunk)
  }
  const { headers, method, url } = request
  const body = Buffer.concat(chunks)
  const [, target] = /^TrentService\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? []
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  if (method !== 'POST' || url !== '/' || (target === undefined && !isForm))
    throw new AwsError('UnknownOperationException', 'Not a call of KMS or STS', 404)
  if (target !== undefined)
    return { service: 'kms', operation: target, input: readJson(body.toString()), headers, body }
  const input = Object.fromEntries(new URLSearchParams(body.toString()))
  return { service: 'sts', operation: input.Action ?? '', input, headers, body }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text)))
  } catch {
    throw new AwsError('SerializationException', 'The body is not a JSON object')
  }
}

/** Writes an answer of an operation, or an error, in the form of its service. */
export function writeWire(
  to: ServerResponse,
  from: WireRequest | undefined,
  answer: object | AwsError,
): void {
  const id = randomUUID()
  const isXml = from?.service === 'sts'
  const text = isXml ? toXml(from.operation, answer, id) : toJson(answer)
  to.writeHead(answer instanceof AwsError ? answer.status : 200, {
    'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.1',
    'x-amzn-requestid': id,
  })
  to.end(text)
}

const toJson = (answer: object) =>
  JSON.stringify(
    answer instanceof AwsError ? { __type: answer.code, message: answer.message } : answer,
  )

function toXml(operation: string, answer: object, id: string): string {
  const space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
  if (answer instanceof AwsError) {
    const error = {
      Type: 'Sender',
      Code: queryCodes.get(answer.code) ?? answer.code,
      Message: answer.message,
    }
    return `<ErrorResponse ${space}>${elements({ Error: error, RequestId: id })}</ErrorResponse>`
  }
  const whole = elements({ [`${operation}Result`]: answer, ResponseMetadata: { RequestId: id } })
  return `<${operation}Response ${space}>${whole}</${operation}Response>`
}

function elements(from: object): string {
  const escaped = (text: string) => text.replace(/[&<>"]/g, mark => `&#${mark.charCodeAt(0)};`)
  return Object.entries(from)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'object' ? elements(value) : escaped(String(value))}</${name}>`,
    )
    .join('')
}
