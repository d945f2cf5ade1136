import { GatewayError } from '../model/errors.ts'

/** What `work` gives; its errors have their place put behind `at`: `under('/2', …)` makes `/time` of an element `/2/time`. */
export function under<R>(at: string, work: () => R): R {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const retry = error.retry === 'later' ? { retry: error.retry } : {}
    throw new GatewayError(error.code, at + error.at, { ...retry, cause: error })
  }
}
