/** The embedded services cannot start, and the text says what helps. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
