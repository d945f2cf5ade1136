import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'

/** A request of the SDK, ready for the socket. */
interface Outgoing {
  readonly body?: unknown
}

/**
 * Settings of a DynamoDB client that has nobody at the other end: each request is made whole, serialised
 * and signed, and answered at once as kept. `bodies` collects them while it is there.
 */
export function nowhere(): { settings: DynamoDBClientConfig; bodies: string[]; keep: boolean } {
  const end = {
    bodies: [] as string[],
    keep: false,
    settings: {
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: {
        async handle({ body }: Outgoing) {
          if (end.keep) end.bodies.push(textOf(body))
          return { response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } }
        },
      },
    } as DynamoDBClientConfig,
  }
  return end
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)
}
