import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Grant, Target } from '../../lib/stack/grants.ts'
import { policyOf, type TargetArns } from '../../lib/stack/statements.ts'

const arns: TargetArns = {
  'table:Orders': ['orders'],
  'table:Keys': ['keys'],
  'table:Audit': ['audit'],
  'key:gateway-signing': ['key'],
  'secrets:platforms': ['secret-1', 'secret-2'],
  'secrets:couriers': [],
  'secret:body-keys': ['secret-3'],
  'function:router': ['router'],
  'log:own': ['log'],
  'traces:any': ['*'],
}

const grant = (on: Target, actions: string[], more: Partial<Grant> = {}): Grant => ({
  ...{ on, actions, because: '' },
  ...more,
})
const statementOf = (one: Grant) => policyOf([one], arns).Statement[0]

test('a grant is a statement of its service, on its targets', () => {
  assert.deepEqual(policyOf([grant('secrets:platforms', ['GetSecretValue'])], arns), {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'secretsplatforms0',
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: ['secret-1', 'secret-2'],
      },
    ],
  })
  const services: [Target, string][] = [
    ['table:Orders', 'dynamodb:X'],
    ['key:gateway-signing', 'kms:X'],
    ['secret:body-keys', 'secretsmanager:X'],
    ['function:router', 'lambda:X'],
    ['log:own', 'logs:X'],
  ]
  for (const [on, action] of services) {
    assert.deepEqual(statementOf(grant(on, ['X']))?.Action, [action])
  }
})

test('limits are conditions, and a request without leading keys does not slip through', () => {
  const both = grant('table:Keys', ['PutItem'], { keysLike: ['key#*'], inTransaction: true })
  assert.deepEqual(statementOf(both)?.Condition, {
    'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['key#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  })
})

test('a grant on nothing is no statement, rather than one on everything', () => {
  assert.deepEqual(policyOf([grant('secrets:couriers', ['GetSecretValue'])], arns).Statement, [])
})

test('statements of one policy have names of their own', () => {
  const twice = policyOf([grant('table:Orders', ['A']), grant('table:Orders', ['B'])], arns)
  assert.deepEqual(
    twice.Statement.map(({ Sid }) => Sid),
    ['tableOrders0', 'tableOrders1'],
  )
})
