import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** What a client's requests took, as the database itself says. */
export interface Meter {
  requests: number
  /** Capacity units; NaN where the database does not say. */
  units: number
}

interface Metered {
  readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]
}

/** Has every request of a client say what it consumes. */
export function meterOf(client: DynamoDBClient): Meter {
  const meter = { requests: 0, units: 0 }
  client.middlewareStack.add(
    next => async args => {
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const }
      const result = await next({ ...args, input })
      const { ConsumedCapacity = [] } = result.output as Metered
      const said = [ConsumedCapacity].flat()
      meter.requests += 1
      meter.units += said.reduce((sum, one) => sum + (one.CapacityUnits ?? Number.NaN), 0)
      if (said.length === 0) meter.units = Number.NaN
      return result
    },
    { step: 'initialize', name: 'meter' },
  )
  return meter
}
