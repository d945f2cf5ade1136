import { answerNatively, type Report } from '../../functions/http.ts'
import { toProblem } from '../access/problem.ts'
import { failCourier, failPlatform } from '../flow/fail.ts'
import { GatewayError } from '../model/errors.ts'

/** Answers a request, as a server wants it. */
type Serve = (request: Request) => Response | Promise<Response>

/** Native calls of a platform, and native pushes of a courier. */
const PLATFORM = /^\/v1\/platforms\/([^/]+)\/(?:orders|cancellations)$/
const PUSH = /^\/v1\/couriers\/([^/]+)\/events(?:\/[^/]+)?$/

/**
 * Serves at most so many requests at a time. One too many is told at once to come again: 429 with
 * `Retry-After`, in the caller's own form where it has one, as API Gateway's throttles do in AWS. What
 * waits in line grows no longer than that, so an overload is over as soon as it ends.
 */
export function admit(most: number, serve: Serve, report: Report): Serve {
  let inside = 0
  return async request => {
    if (inside >= most) return turnAway(request, report)
    inside += 1
    try {
      return await serve(request)
    } finally {
      inside -= 1
    }
  }
}

/** The body is read for the connection's sake, and so that the answer has the caller's form. */
async function turnAway(request: Request, report: Report): Promise<Response> {
  const { pathname } = new URL(request.url)
  const error = new GatewayError('THROTTLED')
  const handle = () => Promise.reject(error)
  const [, platform] = PLATFORM.exec(pathname) ?? []
  const [, courier] = PUSH.exec(pathname) ?? []
  try {
    if (platform !== undefined) {
      const fail = (why: GatewayError, raw: Parameters<typeof failPlatform>[2]) =>
        failPlatform(platform, why, raw)
      return await answerNatively(request, report, { handle, fail })
    }
    if (courier !== undefined) {
      const fail = (why: GatewayError) => failCourier(courier, why)
      return await answerNatively(request, report, { handle, fail })
    }
    return toProblem(error, report)
  } catch (notFound) {
    return toProblem(notFound, report)
  }
}
