/**
 * An error as AWS answers it, by its real code: `AccessDeniedException`, `InvalidCiphertextException`.
 * Not a `GatewayError`: the codes belong to AWS and reach only its SDK clients.
 * The text names keys, actions and parameters, never a plaintext, a tag's value or a token.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  /** HTTP status: KMS answers 400 for nearly all, STS 403 for what is forbidden. */
  readonly status: number

  constructor(code: string, text: string, status = 400) {
    super(text)
    this.code = code
    this.status = status
  }
}
