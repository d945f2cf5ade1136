import { json, sends } from './calls.ts'
import { nativeAnswers, nativeBody } from './native.ts'
import { takes } from './parameters.ts'
import { ofKnownCallers, problems } from './problems.ts'
import { byPlatform } from './security.ts'
import type { Paths } from './types.ts'

const tags = ['platforms']

/** What platforms call. */
export const platformPaths: Paths = {
  '/v1/platforms/{platform}/orders': {
    post: {
      operationId: 'postOrders',
      summary: 'Post orders, natively',
      description:
        'One native order request, which may hold many orders; each is answered by itself. Until its courier has answered, an order is pending in the platform’s own codes: the same call again brings the number, or the event does. A repeat changes nothing. The query holds what the platform’s scheme puts there.',
      tags,
      security: byPlatform,
      parameters: takes('platform'),
      requestBody: nativeBody,
      responses: nativeAnswers('The native answer, order by order.'),
    },
  },
  '/v1/platforms/{platform}/cancellations': {
    post: {
      operationId: 'changeOrders',
      summary: 'Cancel or change orders, natively',
      description:
        'One native request to cancel an order or to change its receiver, or messages that the platform pushes about orders. Before the courier’s answer a cancellation counts at once, and a change replaces what the courier is owed; after it the courier is asked about a cancellation, and the same call again, or the event, brings the outcome; a change then comes too late. What was signed before a newer wish undoes nothing. The query holds what the platform’s scheme puts there.',
      tags,
      security: byPlatform,
      parameters: takes('platform'),
      requestBody: nativeBody,
      responses: nativeAnswers('The native answer.'),
    },
  },
  '/v1/platforms/{platform}/events': {
    get: {
      operationId: 'readPlatformEvents',
      summary: 'Read what is owed to a platform',
      description:
        'Acceptances, refusals, tracking and outcomes of cancellations, in the platform’s native documents. An entry stays until it is acknowledged.',
      tags,
      security: byPlatform,
      parameters: takes('platform', 'limit', 'after', 'shard'),
      responses: {
        200: json('EventPage', 'A page of the feed.'),
        ...problems(ofKnownCallers, 'VALUE_INVALID'),
      },
    },
  },
  '/v1/platforms/{platform}/events/acks': {
    post: {
      operationId: 'ackPlatformEvents',
      summary: 'Take events off the feed',
      description: 'What is gone already, never was, or is another’s is passed over.',
      tags,
      security: byPlatform,
      parameters: takes('platform'),
      requestBody: sends('Acks', 'Ids of entries.'),
      responses: {
        200: json('AckResults', 'What became of them.'),
        ...problems(ofKnownCallers, 'WIRE_INVALID'),
      },
    },
  },
  '/v1/platforms/{platform}/orders/{order}': {
    get: {
      operationId: 'readOrder',
      summary: 'Read where an order stands',
      description:
        'By the platform’s own order number. Another’s number answers as an unknown one.',
      tags,
      security: byPlatform,
      parameters: takes('platform', 'platformOrder', 'shop'),
      responses: {
        200: json('OrderStates', 'Its parcels.'),
        ...problems(ofKnownCallers),
      },
    },
  },
}
