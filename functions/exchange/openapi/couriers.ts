import { json, sends } from './calls.ts'
import { nativeAnswers, nativeBody } from './native.ts'
import { takes } from './parameters.ts'
import { ofKnownCallers, problems } from './problems.ts'
import { byAnybody, byCourier, byPusher } from './security.ts'
import type { Operation, Paths } from './types.ts'

const tags = ['couriers']

const push: Omit<Operation, 'operationId' | 'security' | 'parameters'> = {
  summary: 'Push events, natively',
  description:
    'A native push, taken all or nothing. It moves tracking and nothing else. One about an unknown waybill is acknowledged, too.',
  tags,
  requestBody: nativeBody,
  responses: nativeAnswers('The native acknowledgement.'),
}

/** What couriers call, but for custody. */
export const courierPaths: Paths = {
  '/v1/couriers/{courier}/waybills': {
    get: {
      operationId: 'readWaybills',
      summary: 'Pull what is owed to a courier',
      description:
        'Native documents, the parties’ open data, and seals without their keys. Reading moves nothing: an entry stays until it is answered, or acknowledged where it wants no answer. A parameter that is not listed here is refused.',
      tags,
      security: byCourier,
      parameters: takes('courier', 'limit', 'after', 'shard'),
      responses: {
        200: json('WaybillPage', 'A page of the feed.'),
        ...problems(ofKnownCallers, 'VALUE_INVALID'),
      },
    },
  },
  '/v1/couriers/{courier}/answers': {
    post: {
      operationId: 'answerWaybills',
      summary: 'Answer entries',
      description:
        'Each answer takes its entry off the feed and brings the platform its event. The same answer again is fine; another one is refused.',
      tags,
      security: byCourier,
      parameters: takes('courier'),
      requestBody: sends('Answers', 'Answers, at most 100.'),
      responses: {
        200: json('AnswerResults', 'What became of each answer.'),
        ...problems(ofKnownCallers, 'WIRE_INVALID'),
      },
    },
  },
  '/v1/couriers/{courier}/waybills/acks': {
    post: {
      operationId: 'ackWaybills',
      summary: 'Take entries off the feed that need no answer',
      description: 'What is gone already, never was, or is another’s is passed over.',
      tags,
      security: byCourier,
      parameters: takes('courier'),
      requestBody: sends('Acks', 'Ids of entries.'),
      responses: {
        200: json('AckResults', 'What became of them.'),
        ...problems(ofKnownCallers, 'WIRE_INVALID'),
      },
    },
  },
  '/v1/couriers/{courier}/waybills/parked': {
    post: {
      operationId: 'parkWaybills',
      summary: 'Move entries aside that cannot be digested',
      description:
        'They no longer come with the pages of the feed, and stay owed: an answer by their id is taken, and their deadline counts. The operator gives them back. What is gone already, never was, or is another’s is passed over.',
      tags,
      security: byCourier,
      parameters: takes('courier'),
      requestBody: sends('Acks', 'Ids of entries.'),
      responses: {
        200: json('ParkResults', 'How many lie aside now.'),
        ...problems(ofKnownCallers, 'WIRE_INVALID'),
      },
    },
  },
  '/v1/couriers/{courier}/events': {
    post: {
      operationId: 'pushEvents',
      ...push,
      security: byPusher,
      parameters: takes('courier'),
    },
  },
  '/v1/couriers/{courier}/events/{token}': {
    post: {
      operationId: 'pushUnsignedEvents',
      ...push,
      security: byAnybody,
      parameters: takes('courier', 'pushToken'),
    },
  },
}
