import { json, sends } from './calls.ts'
import { takes } from './parameters.ts'
import { ofKnownCallers, problems } from './problems.ts'
import { byCourier, byStation } from './security.ts'
import type { Paths } from './types.ts'

const tags = ['custody']

/** Who holds a parcel, and what its hop gets. */
export const custodyPaths: Paths = {
  '/v1/couriers/{courier}/assignments': {
    post: {
      operationId: 'assignHops',
      summary: 'Assign parcels to hops',
      description:
        'Each assignment has the courier’s own router wrap the key to the hop. `epoch` is one more than that of the assignment before; the same assignment again is fine. A statement of leg `done` ends a group: its keys are deleted.',
      tags,
      security: byCourier,
      parameters: takes('courier'),
      requestBody: sends('Assignments', 'Signed assignments, at most 50.'),
      responses: {
        200: json('AssignmentResults', 'What became of each assignment.'),
        ...problems(ofKnownCallers, 'WIRE_INVALID'),
      },
    },
  },
  '/v1/couriers/{courier}/hops/{hop}/orders/{order}': {
    get: {
      operationId: 'fetchRelease',
      summary: 'Fetch seal and capsule, at the hop',
      description:
        'Only for the hop and working day of the last assignment. The station opens the capsule at KMS with its own credentials; nobody else can.',
      tags,
      security: byStation,
      parameters: takes('courier', 'hop', 'order', 'group'),
      responses: {
        200: json('Release', 'The seal, and the key for this hop.'),
        ...problems(ofKnownCallers, 'RELEASE_REFUSED', 'NOTHING_SEALED', 'VALUE_INVALID'),
      },
    },
  },
}
