import type { Facts, Outcome } from './decide.ts'

// Written by hand from design section 2 and 6, "Rights" in design-storage.md, and from no template.
// `yes`: allowed. `no`: denied by a Deny, which also beats grants. `-`: nobody allows it. The columns
// after `helper` are people: `admin` may do everything in the gateway's account, `power` in the courier's,
// `deploy` is the courier's CloudFormation role and may do everything too, `stranger` everything elsewhere.
// A line that ends in `*` holds for every column that is left.
const TABLE = `
thing    action                       with                 intake exchange custody sweep router station helper admin deploy keyAdmin power stranger
Orders   dynamodb:GetItem             order#1              - - - - - - - yes *-
Orders   dynamodb:BatchGetItem        order#1              yes yes yes yes - - - yes *-
Orders   dynamodb:BatchGetItem        ref#courier#sf#1     yes yes - yes - - - yes *-
Orders   dynamodb:BatchGetItem        feed#courier#sf#0    - yes - yes - - - yes *-
Orders   dynamodb:Query               ref#platform#d       yes yes - yes - - - yes *-
Orders   dynamodb:Query               feed#courier#sf#0    - yes - yes - - - yes *-
Orders   dynamodb:Query               feed#custody#0       - yes yes yes - - - yes *-
Orders   dynamodb:Query               order#1              - yes - yes - - - yes *-
Orders   dynamodb:Scan                                     - - - - - - - yes *-
Orders   dynamodb:PutItem             order#1,tx           yes yes yes yes - - - yes *-
Orders   dynamodb:PutItem             feed#courier#sf#0,tx yes yes - yes - - - yes *-
Orders   dynamodb:PutItem             order#1              - - - - - - - yes *-
Orders   dynamodb:UpdateItem          order#1,tx           yes yes - yes - - - yes *-
Orders   dynamodb:UpdateItem          order#1              - - - - - - - yes *-
Orders   dynamodb:DeleteItem          feed#courier#sf#0,tx yes yes - yes - - - yes *-
Orders   dynamodb:DeleteItem          feed#courier#sf#0    - - - - - - - yes *-
Orders   dynamodb:BatchWriteItem      feed#courier#sf#0    - yes - - - - - yes *-
Orders   dynamodb:BatchWriteItem      feed#custody#0       - yes yes - - - - yes *-
Orders   dynamodb:BatchWriteItem      feed#custody#0,http  *no
Orders   dynamodb:ExportTableToPointInTime                 - - - - - - - yes *-
Orders   dynamodb:DeleteTable                              - - - - - - - yes *-
Keys     dynamodb:GetItem             key#1                - - yes - - - - yes *-
Keys     dynamodb:GetItem             custody#1#receiver   - - yes - - - - yes *-
Keys     dynamodb:GetItem             key#1,http           *no
Keys     dynamodb:BatchGetItem        key#1                - - - - - - - yes *-
Keys     dynamodb:Query               key#1                - - - - - - - yes *-
Keys     dynamodb:Scan                                     - - yes - - - - yes *-
Keys     dynamodb:PartiQLSelect       key#1                - - - - - - - yes *-
Keys     dynamodb:PutItem             key#1,tx             yes - yes - - - - yes *-
Keys     dynamodb:PutItem             key#1                - - yes - - - - yes *-
Keys     dynamodb:PutItem             custody#1#receiver,tx - - yes - - - - yes *-
Keys     dynamodb:UpdateItem          key#1,tx             yes - yes - - - - yes *-
Keys     dynamodb:UpdateItem          key#1                - - yes - - - - yes *-
Keys     dynamodb:DeleteItem          key#1                - - yes - - - - yes *-
Keys     dynamodb:BatchWriteItem      key#1                - - - - - - - yes *-
Keys     dynamodb:DeleteTable                              - - - - - - - yes *-
Keys     dynamodb:UpdateTable                              - - - - - - - yes *-
Keys     dynamodb:CreateBackup                             *no
Keys     dynamodb:UpdateContinuousBackups                  *no
Keys     dynamodb:ExportTableToPointInTime                 *no
Keys     dynamodb:EnableKinesisStreamingDestination        *no
Audit    dynamodb:GetItem             audit#1              - - yes - - - - yes *-
Audit    dynamodb:Query               audit#1              - - - - - - - yes *-
Audit    dynamodb:PutItem             audit#1,tx           - - yes - - - - yes *-
Audit    dynamodb:PutItem             audit#1              - - - - - - - yes *-
Audit    dynamodb:PutItem             audit#1,tx,http      *no
Audit    dynamodb:UpdateItem          audit#1,tx           *no
Audit    dynamodb:DeleteItem          audit#1,tx           *no
Audit    dynamodb:BatchWriteItem      audit#1              *no
Audit    dynamodb:PartiQLInsert       audit#1              *no
Audit    dynamodb:PartiQLUpdate       audit#1              *no
Audit    dynamodb:PartiQLDelete       audit#1              *no
Audit    dynamodb:DeleteTable                              - - - - - - - yes *-
Custody  dynamodb:DescribeTable                            - - - - yes - - - yes - yes -
Custody  dynamodb:BatchGetItem        epoch#1              - - - - yes - - - yes - yes -
Custody  dynamodb:GetItem             epoch#1              - - - - - - - - yes - yes -
Custody  dynamodb:Query               epoch#1              - - - - - - - - yes - yes -
Custody  dynamodb:PutItem             epoch#1              - - - - yes - - - yes - yes -
Custody  dynamodb:UpdateItem          epoch#1              - - - - yes - - - yes - yes -
Custody  dynamodb:DeleteItem          epoch#1              - - - - - - - - yes - yes -
Custody  dynamodb:PutItem             epoch#1,http         *no
secret_platform  secretsmanager:GetSecretValue             yes yes - - - - - yes *-
secret_bodies    secretsmanager:GetSecretValue             yes - - - - - - yes *-
secret_courier   secretsmanager:GetSecretValue             - yes yes - - - - yes *-
secret_foreign   secretsmanager:GetSecretValue             - - - - - - - yes *-
secret_receipts  secretsmanager:GetSecretValue             - - - - yes - - - yes - yes -
function_intake  lambda:InvokeFunction                     - - - - - - - yes *-
function_custody lambda:InvokeFunction                     - - - - - - - yes *-
function_router  lambda:InvokeFunction                     - - yes - - - - yes yes - yes -
function_helper  lambda:InvokeFunction                     - - - - - - - - yes - yes -
log_intake       logs:PutLogEvents                         yes - - - - - - yes *-
log_exchange     logs:PutLogEvents                         - yes - - - - - yes *-
log_custody      logs:PutLogEvents                         - - yes - - - - yes *-
log_sweep        logs:PutLogEvents                         - - - yes - - - yes *-
log_intake       logs:CreateLogStream                      yes - - - - - - yes *-
log_exchange     logs:CreateLogStream                      - yes - - - - - yes *-
log_custody      logs:CreateLogStream                      - - yes - - - - yes *-
log_sweep        logs:CreateLogStream                      - - - yes - - - yes *-
log_router       logs:CreateLogStream                      - - - - yes - - - yes - yes -
log_helper       logs:CreateLogStream                      - - - - - - yes - yes - yes -
log_router       logs:PutLogEvents                         - - - - yes - - - yes - yes -
log_helper       logs:PutLogEvents                         - - - - - - yes - yes - yes -
log_intake       logs:GetLogEvents                         - - - - - - - yes *-
key_custody kms:Decrypt               rsa                  *no
key_custody kms:ReEncryptFrom         rsa                  no no no no yes no no no no no no no
key_custody kms:ReEncryptFrom         sha1                 no no no no - no no no no no no no
key_custody kms:ReEncryptTo           rsa                  - - - - no - no - - - - -
key_custody kms:Encrypt               rsa                  - - - - - - no - - - - -
key_custody kms:GetPublicKey                               - - - - - - no - yes yes - -
key_custody kms:PutKeyPolicy                               - - - - no - no - yes yes - -
key_custody kms:ScheduleKeyDeletion                        - - - - no - no - yes yes - -
key_custody kms:CreateGrant                                *no
key_custody kms:ReplicateKey                               *no
key_hop     kms:Decrypt               H1                   no no no no no yes no no no no no no
key_hop     kms:Decrypt               H2                   no no no no no - no no no no no no
key_hop     kms:Decrypt               yesterday            no no no no no - no no no no no no
key_hop     kms:Decrypt                                    no no no no no - no no no no no no
key_hop     kms:ReEncryptTo           H1                   no no no no yes no no no no no no no
key_hop     kms:ReEncryptTo           eight                no no no no - no no no no no no no
key_hop     kms:ReEncryptTo           six                  no no no no - no no no no no no no
key_hop     kms:ReEncryptFrom         H1                   *no
key_hop     kms:Encrypt               H1                   *no
key_hop     kms:GenerateDataKey       H1                   *no
key_hop     kms:PutKeyPolicy                               - - - - no - no - yes yes - -
key_hop     kms:ScheduleKeyDeletion                        - - - - no - no - yes yes - -
key_hop     kms:CreateGrant                                *no
key_hop     kms:ReplicateKey                               *no
key_plain   kms:ReEncryptTo           H1                   - - - - no - no - yes - yes -
key_plain   kms:Decrypt               H1                   - - - - no - no - yes - yes -
key_signing kms:Sign                  ecdsa                yes no no no no no no no no no no no
key_signing kms:Sign                  rsa-pss              - no no no no no no no no no no no
key_signing kms:GetPublicKey                               - - - - - - no yes - - - -
key_signing kms:PutKeyPolicy                               - - - - no - no yes - - - -
key_signing kms:ScheduleKeyDeletion                        - - - - no - no yes - - - -
key_signing kms:CreateGrant                                *no
role_station sts:AssumeRole                                *no
role_station sts:TagSession                                - - - - - - - - - - - -
role_router  sts:AssumeRole                                - - - - - - no - - - - -
role_intake  sts:AssumeRole                                - - - - - - no - - - - -
role_custody sts:AssumeRole                                - - - - - - no - - - - -
`

/** One request, and what the table says of it. */
export interface Cell {
  readonly who: string
  readonly action: string
  readonly on: string
  readonly facts: Facts
  /** Words of the facts: `key#1,tx`. */
  readonly given: string
  readonly expected: Outcome
}

const PEOPLE = ['admin', 'deploy', 'keyAdmin', 'power', 'stranger']
const COURIERS =
  /^(Custody|secret_receipts|function_(router|helper)|log_(router|helper)|key_(custody|hop|plain)|role_(station|router|helper))$/

/** Whether a thing lies in the courier's account. */
export const isCouriers = (thing: string): boolean => COURIERS.test(thing.replace(' ', '_'))

/**
 * The cells of the table. In one account everybody who may do everything may do so with all of it: the
 * README says that this is for demonstration.
 */
export function cellsOf(oneAccount: boolean): Cell[] {
  const [head = '', ...rows] = TABLE.trim().split('\n')
  const columns = head.split(/ +/).slice(3)
  return rows.flatMap(row => {
    const { thing, action, given, outcomes } = readRow(row, columns.length)
    const facts = factsOf(given)
    const on = thing.replace('_', ' ')
    return columns.map((who, i): Cell => {
      const own = outcomes[i]
      const master = outcomes[columns.indexOf(isCouriers(thing) ? 'power' : 'admin')]
      const isMaster = PEOPLE.includes(who) && !/^(keyAdmin|stranger)$/.test(who)
      const expected = oneAccount && isMaster && own === '-' ? master : own
      if (expected === undefined) throw new Error(`no cell: ${row}`)
      return { who, action, on, facts, given, expected }
    })
  })
}

function readRow(row: string, width: number) {
  const [, thing = '', action = '', rest = ''] = /^(\S+) +(\S+) +(.*)$/.exec(row) ?? []
  const words = rest.split(/ +/)
  const isOutcome = (word: string) => /^\*?(yes|no|-)$/.test(word)
  const given = isOutcome(words[0] ?? '') ? '' : (words.shift() ?? '')
  const outcomes = words.flatMap((word, i): Outcome[] => {
    const outcome = word.replace('*', '')
    if (outcome !== 'yes' && outcome !== 'no' && outcome !== '-')
      throw new Error(`no outcome: ${row}`)
    return word.startsWith('*') ? Array<Outcome>(width - i).fill(outcome) : [outcome]
  })
  if (outcomes.length !== width) throw new Error(`${outcomes.length} cells: ${row}`)
  return { thing, action, given, outcomes }
}

const CONTEXT = {
  v: '1',
  courier: 'sf',
  order: 'o_1',
  group: 'receiver',
  rev: '1',
  hop: 'H1',
  day: '2026-01-05',
}
const { hop: _, ...SIX } = CONTEXT
const context = (of: Readonly<Record<string, string>>): Facts => ({
  'kms:EncryptionContextKeys': Object.keys(of),
  ...Object.fromEntries(
    Object.entries(of).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
  ),
})

const FACTS: Readonly<Record<string, Facts>> = {
  http: { 'aws:SecureTransport': 'false' },
  tx: { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
  rsa: { 'kms:EncryptionAlgorithm': 'RSAES_OAEP_SHA_256' },
  sha1: { 'kms:EncryptionAlgorithm': 'RSAES_OAEP_SHA_1' },
  ecdsa: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
  'rsa-pss': { 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256' },
  H1: context(CONTEXT),
  H2: context({ ...CONTEXT, hop: 'H2' }),
  yesterday: context({ ...CONTEXT, day: '2026-01-04' }),
  eight: context({ ...CONTEXT, more: '1' }),
  six: context(SIX),
}

function factsOf(given: string): Facts {
  const words = given === '' ? [] : given.split(',')
  return Object.assign(
    {},
    ...words.map(word => (word.includes('#') ? { 'dynamodb:LeadingKeys': [word] } : named(word))),
  )
}

function named(word: string): Facts {
  const facts = FACTS[word]
  if (facts === undefined) throw new Error(`no facts: ${word}`)
  return facts
}
