import { AwsError } from './aws-error.ts'

/** What is known of a request, by lower-case condition key: `kms:encryptioncontext:hop` → `['H1']`. */
export type Facts = ReadonlyMap<string, readonly string[]>
/** Does this text of the request satisfy a text of the policy? */
export type Test = (value: string, facts: Facts) => boolean

type Part = { text: string } | { wild: string } | { key: string; otherwise: string | undefined }

// Condition keys are not case sensitive, the names of KMS contexts and tags in them included (documented:
// KMS guide, "Case sensitivity of the encryption context condition"; IAM guide, "Tags as variables").
// So only `kms:EncryptionContextKeys`, whose *values* are compared, tells `Hop` from `hop`.
const singleValued = new RegExp(
  `^(?:${[
    'kms:encryptioncontext:.+',
    'kms:(?:encryptionalgorithm|signingalgorithm|reencryptonsamekey|grantisforawsresource)',
    'aws:principal(?:arn|account)',
    'aws:(?:principaltag|requesttag)/.+',
    'aws:sourceidentity',
    'sts:rolesessionname',
    '[a-z0-9-]+(?:\\.[a-z0-9-]+)+(?:/[\\w.~/-]*)?:(?:aud|sub)',
  ].join('|')})$`,
  'i',
)
const multiValued = /^(?:kms:encryptioncontextkeys|aws:tagkeys|sts:transitivetagkeys)$/i

/** The error of a policy that does not load; it names what is not known. */
export const malformed = (text: string) => new AwsError('MalformedPolicyDocumentException', text)

/**
 * A text of a policy as a test: literal text, `*` and `?` where `wildcards`, and variables:
 * `${aws:PrincipalTag/hop}`, `${aws:PrincipalTag/hop, 'none'}`, `${*}`, `${?}`, `${$}`.
 * What a variable stands for is literal, a `*` in it too; without a value it matches nothing
 * (documented: IAM guide, "Policy variables with no value").
 *
 * @throws {AwsError} `MalformedPolicyDocumentException` for an unknown variable.
 */
export function readPattern(source: string, wildcards: boolean): Test {
  const parts = [...source.matchAll(/\$\{([^}]*)\}|\$\{|[*?]|[^$*?]+|\$/g)].map(
    ([token, name]): Part => {
      if (name !== undefined) return readVariable(token, name)
      if (token === '${') throw malformed(`unclosed policy variable in ${source}`)
      return wildcards && /^[*?]$/.test(token)
        ? { wild: token === '*' ? '.*' : '.' }
        : { text: token }
    },
  )
  return (value, facts) => {
    const pieces = parts.map(part => resolvePart(part, facts))
    return !pieces.includes(undefined) && new RegExp(`^${pieces.join('')}$`, 'su').test(value)
  }
}

function readVariable(token: string, name: string): Part {
  if (/^[*?$]$/.test(name)) return { text: name }
  const [, key, otherwise] = /^([^,']+)(?:, '([^']*)')?$/.exec(name) ?? []
  if (key === undefined || !singleValued.test(key))
    throw malformed(`unknown policy variable ${token}`)
  return { key: key.toLowerCase(), otherwise }
}

function resolvePart(part: Part, facts: Facts): string | undefined {
  if ('wild' in part) return part.wild
  const values = 'text' in part ? [part.text] : (facts.get(part.key) ?? [])
  const text = values.length === 1 ? values[0] : 'otherwise' in part ? part.otherwise : undefined
  return text?.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/**
 * An ARN pattern: each of the six parts is compared by itself, a wildcard does not reach over a colon,
 * variables stand in the last part only (documented: IAM guide, ARN operators; "Resource element").
 */
export function readArn(source: string): Test {
  const parts = splitArn(source)
  if (parts[0] !== 'arn') throw malformed(`not an ARN: ${source}`)
  if (parts.slice(0, 5).some(part => part.includes('$'))) throw malformed(`variable in ${source}`)
  const tests = parts.map(part => readPattern(part, true))
  return (value, facts) => {
    const found = splitArn(value)
    return found.length === 6 && tests.every((test, at) => test(found[at] ?? '', facts))
  }
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length < 6 ? [] : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/**
 * One line of a `Condition`, `StringEquals`, `kms:EncryptionAlgorithm`, `['RSAES_OAEP_SHA_256']`, as a test.
 * A missing key fails, but passes where the operator is negated, ends in `IfExists` or begins with `ForAllValues:`.
 * Several values of a single-valued key (context names that differ by case only) pass if one does: assumed,
 * as the reading that favours an attacker.
 *
 * @throws {AwsError} `MalformedPolicyDocumentException` for an unknown operator or key, and for a set operator
 *   on a single-valued key or none on a multi-valued one (documented as wrong, by KMS refused).
 */
export function readCondition(
  operator: string,
  key: string,
  values: string[],
): (facts: Facts) => boolean {
  const shape =
    /^(ForAllValues:|ForAnyValue:)?(Null|Bool|(String|Arn)(Not)?(Equals|Like))(IfExists)?$/
  const [, set, base, family, negated, verb, ifExists] = shape.exec(operator) ?? []
  if (base === undefined) throw malformed(`unknown condition operator ${operator}`)
  const many = multiValued.test(key)
  if (!many && !singleValued.test(key)) throw malformed(`unknown condition key ${key}`)
  const misfit =
    base === 'Null'
      ? set !== undefined || ifExists !== undefined
      : many !== (set !== undefined) || (family === 'Arn' && !/^aws:principalarn$/i.test(key))
  if (misfit) throw malformed(`operator ${operator} does not fit condition key ${key}`)
  const name = key.toLowerCase()
  if (family === undefined && values.some(value => !/^(true|false)$/.test(value)))
    throw malformed(`operator ${operator} compares true or false`)
  if (base === 'Null') return facts => values.includes(String((facts.get(name) ?? []).length === 0))
  const tests = values.map(text =>
    family === 'Arn' ? readArn(text) : readPattern(text, verb === 'Like'),
  )
  return facts => {
    const found = facts.get(name) ?? []
    if (found.length === 0)
      return Boolean(ifExists) || (set !== 'ForAnyValue:' && Boolean(set ?? negated))
    const matches = (value: string) => tests.some(test => test(value, facts))
    const passes = (value: string) => matches(value) !== Boolean(negated)
    return set === 'ForAllValues:' || (negated && !set) ? found.every(passes) : found.some(passes)
  }
}
