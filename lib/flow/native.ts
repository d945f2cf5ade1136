import type { RawRequest } from '../access/request.ts'
import { GatewayError } from '../model/errors.ts'
import { platforms } from '../platforms/index.ts'
import type { NativeAnswer, Platform, PlatformCredential } from '../platforms/platform.ts'
import { callerOfPlatform } from './caller.ts'
import { byName, type Ports, type Secrets } from './ports.ts'

/**
 * Serves a platform's native call: who calls, then the call itself. Once the caller is known, errors
 * are answers too, and every answer is signed where the platform wants that.
 *
 * @throws {GatewayError} `NOT_FOUND` for the platform, `UNAUTHENTICATED`
 */
export async function answerPlatform(
  ports: Ports & { readonly secrets: Secrets },
  name: string,
  request: RawRequest,
  serve: (platform: Platform, credential: PlatformCredential) => Promise<NativeAnswer>,
): Promise<NativeAnswer> {
  const platform = byName(platforms, name)
  const credential = await callerOfPlatform(ports, platform, request)
  const answer = await serve(platform, credential).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error
    return platform.fail(error, request)
  })
  return platform.sign?.(answer, credential, ports.now()) ?? answer
}
