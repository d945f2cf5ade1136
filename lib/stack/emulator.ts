/**
 * Member `emulator` of the context, for tests of a deployment only: where functions find a KMS and an
 * STS that enforce policies, which emulators of AWS do not, and as whom they call.
 */
export interface EmulatorContext {
  /** Of KMS and STS: `http://127.0.0.1:40123`. */
  readonly endpoint: string
  /** By the name of a function's role. */
  readonly credentials: Readonly<
    Record<string, { readonly accessKeyId: string; readonly secretAccessKey: string }>
  >
}

/** Lambda keeps the names of credentials for itself, so they are put in when the process starts. */
const TAKE_CREDENTIALS =
  '--import=data:text/javascript,Object.assign(process.env,JSON.parse(process.env.EMULATED))'

/** What a function's environment holds beside its own, in an emulator; nothing anywhere else. */
export function emulatorEnvironment(
  emulator: EmulatorContext | undefined,
  role: string,
): Record<string, string> {
  if (emulator === undefined) return {}
  const { endpoint, credentials } = emulator
  const { accessKeyId = '', secretAccessKey = '' } = credentials[role] ?? {}
  return {
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    NODE_OPTIONS: TAKE_CREDENTIALS,
    EMULATED: JSON.stringify({
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: '',
    }),
  }
}
