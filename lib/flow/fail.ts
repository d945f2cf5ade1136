import type { RawRequest } from '../access/request.ts'
import { couriers } from '../couriers/index.ts'
import type { GatewayError } from '../model/errors.ts'
import { platforms } from '../platforms/index.ts'
import type { NativeAnswer } from '../platforms/platform.ts'
import { byName } from './ports.ts'

/**
 * An error on a platform's call, in the platform's own form.
 *
 * @throws {GatewayError} `NOT_FOUND` for a platform that is not served
 */
export function failPlatform(name: string, error: GatewayError, request: RawRequest): NativeAnswer {
  return byName(platforms, name).fail(error, request)
}

/**
 * An error on a courier's push, in the courier's own form.
 *
 * @throws {GatewayError} `NOT_FOUND` for a courier that is not served
 */
export function failCourier(name: string, error: GatewayError): NativeAnswer {
  return byName(couriers, name).fail(error)
}
