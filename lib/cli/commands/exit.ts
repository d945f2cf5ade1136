/** An action of a verb that gives its exit code. */
export function exits<A extends readonly unknown[]>(
  run: (...args: A) => number | Promise<number>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    process.exitCode = await run(...args)
  }
}
