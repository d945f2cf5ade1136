import { readFileSync } from 'node:fs'
import type { LocalAws } from '../../lib/local/aws-server.ts'

/** A synthesized template, as far as it concerns who may do what. */
interface Template {
  readonly Resources: Readonly<Record<string, { Type: string; Properties?: Members }>>
  readonly Outputs?: Readonly<Record<string, { Value: unknown }>>
}

type Members = Readonly<Record<string, unknown>>

/** What was deployed: the synthesized template, and what the emulator said came out of it. */
export interface Deployed {
  readonly template: string
  readonly account: string
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * Sets up in our own KMS and STS what a template deployed: every role with its trust and with what its
 * policies say of KMS and STS, every key under its ARN and its synthesized policy.
 * Emulators keep all that and enforce none of it.
 */
export async function mirror(aws: LocalAws, deployed: Deployed): Promise<void> {
  const template: Template = JSON.parse(readFileSync(deployed.template, 'utf8'))
  const resolve = resolver(template, deployed.outputs)
  const ofType = (type: string) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => ({ id, ...membersOf(resolve(Properties)) }) as Members)
  const policies = ofType('AWS::IAM::Policy')
  for (const role of ofType('AWS::IAM::Role')) {
    const name = String(role.RoleName ?? '')
    if (name === '') continue
    const own = policies.filter(({ Roles }) => Array.isArray(Roles) && Roles.includes(name))
    aws.putRole({
      account: deployed.account,
      name,
      trust: role.AssumeRolePolicyDocument,
      policies: own.map(({ PolicyDocument }) => keysOnly(PolicyDocument)),
      ...(role.MaxSessionDuration ? { maxSessionSeconds: Number(role.MaxSessionDuration) } : {}),
    })
  }
  for (const key of ofType('AWS::KMS::Key')) {
    const arn = resolve({ 'Fn::GetAtt': [key.id, 'Arn'] })
    await aws.createKey({
      account: deployed.account,
      id: String(arn).split('/').at(-1) ?? '',
      spec: String(key.KeySpec ?? 'SYMMETRIC_DEFAULT'),
      policy: JSON.stringify(key.KeyPolicy),
    })
  }
}

/** The statements about KMS and STS: our evaluator refuses what it does not know, such as tables. */
function keysOnly(document: unknown): unknown {
  const { Statement, ...rest } = membersOf(document)
  const statements = Array.isArray(Statement) ? Statement : [Statement]
  return {
    ...rest,
    Statement: statements.filter(statement =>
      [membersOf(statement).Action].flat().every(action => /^(kms|sts):/.test(String(action))),
    ),
  }
}

/** Puts in what CloudFormation would: ARNs that are outputs, names of roles, joined text. */
function resolver(template: Template, outputs: Deployed['outputs']) {
  const arns = new Map<string, string>()
  for (const [name, { Value }] of Object.entries(template.Outputs ?? {})) {
    const [id, attribute] = [membersOf(Value)['Fn::GetAtt']].flat().map(String)
    const value = outputs[name]
    if (id !== undefined && attribute === 'Arn' && value !== undefined) arns.set(id, value)
  }
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = membersOf(value)
    if (typeof Ref === 'string') return template.Resources[Ref]?.Properties?.RoleName ?? Ref
    if (Array.isArray(attribute)) return arns.get(String(attribute[0])) ?? attribute.join('.')
    if (Array.isArray(join)) return [resolve(join[1])].flat().join(String(join[0]))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, resolve(of)]))
  }
  return resolve
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
