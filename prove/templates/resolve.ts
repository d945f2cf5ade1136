/** Where a stack is deployed. */
export interface Place {
  readonly partition: string
  readonly region: string
  readonly account: string
}

type Properties = Readonly<Record<string, unknown>>

/** The parts of a template that this proof reads. */
export interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Properties }>
  >
}

/** `OrdersTableC3D8F3FA` → `Orders`; `FunctionintakeLog01234567` → `FunctionintakeLog`. */
export const plainId = (id: string): string => id.replace(/(Table)?[0-9A-F]{8}$/, '')

/**
 * The ARN that a resource will have. What CloudFormation makes up is left as its plain logical id.
 *
 * @throws {Error} for a type whose ARN nobody has asked for yet
 */
export function arnOf(template: Template, id: string, { partition, region, account }: Place) {
  const { Type, Properties = {} } = template.Resources[id] ?? { Type: 'missing' }
  const at = (service: string, path: string) =>
    `arn:${partition}:${service}:${region}:${account}:${path}`
  const named = (member: string) => String(Properties[member] ?? plainId(id))
  if (Type === 'AWS::DynamoDB::Table') return at('dynamodb', `table/${named('TableName')}`)
  if (Type === 'AWS::KMS::Key') return at('kms', `key/${plainId(id)}`)
  if (Type === 'AWS::Lambda::Function') return at('lambda', `function:${named('FunctionName')}`)
  if (Type === 'AWS::Logs::LogGroup') return at('logs', `log-group:${named('LogGroupName')}:*`)
  if (Type === 'AWS::SNS::Topic') return at('sns', plainId(id))
  if (Type === 'AWS::IAM::Role') return `arn:${partition}:iam::${account}:role/${named('RoleName')}`
  if (Type === 'AWS::IAM::OIDCProvider')
    return `arn:${partition}:iam::${account}:oidc-provider/${named('Url').replace('https://', '')}`
  throw new Error(`no ARN for ${Type} ${id}`)
}

/**
 * A value of a template with its functions worked out.
 *
 * @throws {Error} for a function that is not known
 */
export function resolve(template: Template, place: Place, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(one => resolve(template, place, one))
  if (typeof value !== 'object' || value === null) return value
  const [[name, of] = ['', undefined], ...more] = Object.entries(value)
  if (more.length === 0 && name === 'Ref') return refOf(template, place, String(of))
  if (more.length === 0 && name === 'Fn::GetAtt' && Array.isArray(of))
    return of[1] === 'Arn' ? arnOf(template, String(of[0]), place) : `<${of.join('.')}>`
  if (more.length === 0 && name === 'Fn::Join' && Array.isArray(of)) {
    const parts = resolve(template, place, of[1])
    return Array.isArray(parts) ? parts.join(String(of[0])) : String(parts)
  }
  if (name.startsWith('Fn::')) throw new Error(`unknown function ${name}`)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolve(template, place, inner)]),
  )
}

function refOf(template: Template, place: Place, id: string): string {
  const { partition, region, account } = place
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  }
  const known = pseudo[id]
  if (known !== undefined) return known
  const { Type, Properties = {} } = template.Resources[id] ?? { Type: 'missing' }
  if (Type === 'AWS::SNS::Topic') return arnOf(template, id, place)
  return String(
    Properties.RoleName ?? Properties.FunctionName ?? Properties.TableName ?? plainId(id),
  )
}
