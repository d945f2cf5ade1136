import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { CfnPolicy, CfnRole, Role } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { PolicyDocument } from '../custody/policies.ts'

/** Who may assume the role of a function. */
export const FUNCTION_TRUST: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'LambdaRunsIt',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: ['sts:AssumeRole'],
    },
  ],
}

/** What a function is made of. */
export interface NodeFunctionProps {
  /** Also the name of its role. */
  readonly name: string
  readonly description: string
  readonly code: Code
  readonly environment: Readonly<Record<string, string>>
  /** ARN of the role, where it is there already; else one is made. */
  readonly roleArn?: string
  /** Default 20. */
  readonly timeoutSeconds?: number
  /** Traced by X-Ray; its role must be granted that. */
  readonly traced?: true
}

/** Longer than the store's eight seconds and a router's two tries, shorter than API Gateway's 29. */
const TIMEOUT_SECONDS = 20
/** Memory of every function. */
export const MEMORY_MB = 1024

/** A Lambda function of ours with its role and its log. The role may do what it is granted, no more. */
export class NodeFunction extends Construct {
  readonly handler: LambdaFunction
  /** ARN of the log, with the `:*` that stands for its streams. */
  readonly log: string
  private readonly roleName: string
  private readonly role: CfnRole | undefined

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id)
    const { name, description, code, environment, roleArn } = props
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    this.log = logGroup.logGroupArn
    this.roleName = name
    const role = roleArn === undefined ? this.newRole() : undefined
    this.role = role
    this.handler = new LambdaFunction(this, 'Function', {
      functionName: name,
      description,
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(props.timeoutSeconds ?? TIMEOUT_SECONDS),
      // Said either way: a role that is handed in is not granted anything by the CDK.
      tracing: props.traced ? Tracing.ACTIVE : Tracing.DISABLED,
      // Not mutable: the CDK adds no policy to it.
      role: Role.fromRoleArn(this, 'Named', roleArn ?? role?.attrArn ?? '', { mutable: false }),
      logGroup,
      environment: { ...environment },
    })
  }

  /** Attaches a policy to the function's role, before the function is made. */
  grant(policyDocument: PolicyDocument): void {
    const policy = new CfnPolicy(this, 'Grants', {
      policyName: `${this.roleName}-grants`,
      roles: [this.role?.ref ?? this.roleName],
      policyDocument,
    })
    this.handler.node.addDependency(policy)
  }

  /** Makes the role before something else that names it. */
  roleBefore(waits: Construct): void {
    if (this.role !== undefined) waits.node.addDependency(this.role)
  }

  private newRole(): CfnRole {
    return new CfnRole(this, 'Role', {
      roleName: this.roleName,
      assumeRolePolicyDocument: FUNCTION_TRUST,
    })
  }
}
