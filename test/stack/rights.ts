import { ofType, type Template, written } from './synthesized.ts'

/** A statement with everything written out. */
export interface Statement {
  readonly effect: string
  readonly actions: readonly string[]
  /** `Orders`, `log`, an ARN; `*` stays as it is. */
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly principals: readonly string[]
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** The identity policies of every role in some templates, by the role's name. */
export function rolesOf(templates: readonly (Template | undefined)[]): Map<string, Statement[]> {
  const roles = new Map<string, Statement[]>()
  const logical = new Map<string, string>()
  for (const template of templates) {
    for (const [id, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
      const name = Properties.RoleName === undefined ? id : written(Properties.RoleName)
      logical.set(`<${id}>`, name)
      const inline = listOf(Properties.Policies).flatMap(policy =>
        statementsOf(policy, 'PolicyDocument'),
      )
      const managed = listOf(Properties.ManagedPolicyArns).map(written).map(managedStatement)
      roles.set(name, [...(roles.get(name) ?? []), ...inline, ...managed])
    }
  }
  for (const template of templates) {
    for (const [, { Properties }] of ofType(template, 'AWS::IAM::Policy')) {
      for (const role of listOf(Properties.Roles).map(written)) {
        const name = logical.get(role) ?? role
        const own = statementsOf(Properties, 'PolicyDocument')
        roles.set(name, [...(roles.get(name) ?? []), ...own])
      }
    }
  }
  return roles
}

/** A managed policy of AWS stands for itself. */
function managedStatement(arn: string): Statement {
  const none = { resources: ['*'], notResources: [], principals: [], condition: {} }
  return { effect: 'Allow', actions: [`managed ${arn.replace(/.*\//, '')}`], ...none }
}

/** The statements of a policy that lies in a member of something. */
export function statementsOf(of: unknown, member: string): Statement[] {
  return listOf(memberOf(memberOf(of, member), 'Statement')).map(statement => ({
    effect: String(memberOf(statement, 'Effect')),
    actions: textsOf(statement, 'Action'),
    resources: textsOf(statement, 'Resource').map(nameOf),
    notResources: textsOf(statement, 'NotResource').map(nameOf),
    principals: principalsOf(memberOf(statement, 'Principal')),
    condition: conditionOf(statement),
  }))
}

/**
 * What a role may do, as one word: `-` nothing, `yes`, or the limits: `key#* tx` for items whose key
 * begins so, and inside a transaction only. Denies are not weighed: there must be none for the cell.
 */
export function cellOf(statements: readonly Statement[], action: string, resource: string): string {
  const hits = statements.filter(
    one =>
      one.actions.some(name => covers(name, action)) &&
      one.resources.some(on => covers(on, resource)),
  )
  if (hits.some(({ effect }) => effect === 'Deny')) return 'denied'
  return hits.map(one => limitsOf(one.condition)).join(' or ') || '-'
}

/** Whether an action or resource of a policy stands for this one. */
export function covers(pattern: string, value: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${source.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(value)
}

/** The condition of an allowing statement in a word; any that is not known is shown as it is. */
function limitsOf(condition: Statement['condition']): string {
  const words: string[] = []
  const { 'ForAllValues:StringLike': keys, Null: present, ...rest } = condition
  if (keys !== undefined || present !== undefined) {
    const isWhole = JSON.stringify(present) === '{"dynamodb:LeadingKeys":"false"}'
    words.push(isWhole ? String(keys?.['dynamodb:LeadingKeys']) : JSON.stringify({ keys, present }))
  }
  const inTransaction = {
    'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
  }
  if (JSON.stringify(rest) === JSON.stringify(inTransaction)) words.push('tx')
  else if (Object.keys(rest).length > 0) words.push(JSON.stringify(rest))
  return words.join(' ') || 'yes'
}

/** `<OrdersTableC3D8F3FA.Arn>` → `Orders`; a log's ARN → `log`. */
function nameOf(resource: string): string {
  const [, id] = /^<(\w+?)\.Arn>$/.exec(resource) ?? []
  if (id === undefined) return resource
  if (/Log[0-9A-F]{8}$/.test(id)) return 'log'
  return id.replace(/(Table)?[0-9A-F]{8}$/, '')
}

function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return []
  if (principal === '*') return ['*']
  return Object.keys(Object(principal)).flatMap(kind => textsOf(principal, kind))
}

function conditionOf(statement: unknown): Statement['condition'] {
  const condition = memberOf(statement, 'Condition')
  return typeof condition === 'object' && condition !== null ? { ...condition } : {}
}

function textsOf(of: unknown, member: string): string[] {
  return listOf(memberOf(of, member)).map(written)
}

/** A member of an object, if it is there. */
export function memberOf(of: unknown, member: string): unknown {
  return typeof of === 'object' && of !== null ? new Map(Object.entries(of)).get(member) : undefined
}

/** IAM writes a list of one without brackets. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
