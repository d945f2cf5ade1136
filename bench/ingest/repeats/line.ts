import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** What happens to one request of an invocation, counted from 0. */
export interface Fault {
  readonly at: number
  /** Its reply is lost; or the process is gone before it, or right after it was carried out. */
  readonly kind: 'lost' | 'gone-before' | 'gone-after'
}

/** The line between a client and the database: counts, loses replies, and ends with its process. */
export interface Line {
  requests: number
  /** Begins an invocation; the promise rejects when its process is gone. */
  begin(fault?: Fault): Promise<never>
  /** What follows is no part of it. */
  end(): void
}

const lost = () => Object.assign(new Error('the reply was lost'), { name: 'TimeoutError' })

/** Puts a line below a client's own retries. */
export function lineOf(client: DynamoDBClient): Line {
  let fault: Fault | undefined
  let at = 0
  let die: (error: Error) => void = () => {}
  const line: Line = {
    requests: 0,
    begin(next) {
      fault = next
      at = 0
      return new Promise((_, reject) => {
        die = reject
      })
    },
    end() {
      fault = undefined
    },
  }
  const forever = new Promise<never>(() => {})
  client.middlewareStack.add(
    next => async args => {
      line.requests += 1
      const kind = fault?.at === at++ ? fault.kind : undefined
      if (kind === 'gone-before') {
        die(new Error('the process is gone'))
        return forever
      }
      const result = await next(args)
      if (kind === 'lost') throw lost()
      if (kind === 'gone-after') {
        die(new Error('the process is gone'))
        return forever
      }
      return result
    },
    { step: 'finalizeRequest', name: 'line', priority: 'low' },
  )
  return line
}
