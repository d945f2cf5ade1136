import { Hono } from 'hono'
import { retryHeaders, toGatewayError, toProblem } from '../lib/access/problem.ts'
import { checkPath, type RawRequest, readRequest } from '../lib/access/request.ts'
import { GatewayError } from '../lib/model/errors.ts'

/** Gets the class name of an error that is none of ours: a bug, never the text of it. */
export type Report = (className: string) => void

/** An app whose errors are problem documents, and whose unknown paths are 404. */
export function newApp(report: Report): Hono {
  const app = new Hono()
  app.onError(error => toProblem(error, report))
  app.notFound(() => toProblem(new GatewayError('NOT_FOUND'), report))
  return app
}

/** An answer in a partner's own form. */
interface NativeAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** Further headers of the partner's own, such as a signature. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Answers a native call: whatever goes wrong is said in the partner's own error form.
 *
 * @throws {GatewayError} `NOT_FOUND` for a path that is none of ours, whoever it seems to name
 */
export async function answerNatively(
  request: Request,
  report: Report,
  handlers: {
    handle: (raw: RawRequest) => Promise<NativeAnswer>
    fail: (error: GatewayError, raw: RawRequest) => NativeAnswer
  },
): Promise<Response> {
  checkPath(new URL(request.url).pathname)
  let raw = withoutBody(request)
  try {
    raw = await readRequest(request)
    return toResponse(await handlers.handle(raw))
  } catch (error) {
    return toResponse(handlers.fail(toGatewayError(error, report), raw))
  }
}

/** As much of a request as can be known without reading its body. */
function withoutBody(request: Request): RawRequest {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname,
    query: new Map(url.searchParams),
    headers: new Map(request.headers),
    body: new Uint8Array(),
  }
}

function toResponse({ status, contentType, body, headers = {} }: NativeAnswer): Response {
  const own = { 'content-type': contentType, 'cache-control': 'no-store', ...retryHeaders(status) }
  return new Response(body, { status, headers: { ...headers, ...own } })
}
