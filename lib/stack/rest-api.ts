import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib'
import {
  AccessLogFormat,
  RestApi as CdkRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import { addGatewayResponses } from './gateway-responses.ts'
import type { Route } from './routes.ts'

/** A domain of its own, in ACM's own region; without one API Gateway's default endpoint is on. */
export interface Domain {
  /** `gateway.example` */
  readonly name: string
  /** `prefix` of `https://gateway.example/prefix` */
  readonly basePath?: string
  readonly certificate: string
  /** `s3://bucket/callers.pem`: callers must have a certificate of one of these. */
  readonly truststore?: string
}

/** What a REST API is made of. */
export interface RestApiProps<Name extends string> {
  readonly name: string
  readonly routes: readonly Route<Name>[]
  readonly functions: Readonly<Record<Name, LambdaFunction>>
  readonly throttle: { readonly rate: number; readonly burst: number }
  readonly domain?: Domain
  /** ARN of a regional web ACL. */
  readonly webAcl?: string
}

/**
 * What is logged of a call: enough to find and time it. Never the path, which may hold a secret or an
 * order, never a query, a header, an address.
 */
export const ACCESS_LOG = {
  id: '$context.extendedRequestId',
  resource: '$context.resourcePath',
  method: '$context.httpMethod',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
}

/**
 * A REST API (v1) before functions of ours: every body byte for byte, one resource for each literal
 * path, each method throttled by itself, nothing traced.
 *
 * @see design-storage.md, "API Gateway"
 */
export class RestApi<Name extends string> extends Construct {
  constructor(scope: Construct, id: string, props: RestApiProps<Name>) {
    super(scope, id)
    const { routes, functions, domain, throttle } = props
    const api = new CdkRestApi(this, 'Api', {
      restApiName: props.name,
      // Without it text bodies lose bytes.
      binaryMediaTypes: ['*/*'],
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: domain !== undefined,
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'live',
        accessLogDestination: new LogGroupLogDestination(this.newLog()),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        methodOptions: throttled(routes, throttle),
      },
    })
    addGatewayResponses(api)
    for (const { method, path, to } of routes) {
      const integration = new LambdaIntegration(functions[to], { scopePermissionToMethod: false })
      api.root.resourceForPath(path).addMethod(method, integration)
    }
    if (domain !== undefined) this.addDomain(api, domain)
    if (props.webAcl !== undefined) {
      const { stageArn } = api.deploymentStage
      new CfnWebACLAssociation(this, 'Firewall', { resourceArn: stageArn, webAclArn: props.webAcl })
    }
  }

  private newLog(): LogGroup {
    return new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
  }

  private addDomain(api: CdkRestApi, domainOf: Domain): void {
    const { name, basePath, certificate, truststore } = domainOf
    const domain = api.addDomainName('Domain', {
      domainName: name,
      ...(basePath === undefined ? {} : { basePath }),
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(truststore === undefined ? {} : { mtls: this.truststoreAt(truststore) }),
    })
    new CfnOutput(this, 'DomainTarget', {
      description: `Where the DNS record of ${name} points to`,
      value: domain.domainNameAliasDomainName,
    })
  }

  /** Pattern and scheme of the address are checked where the context is read. */
  private truststoreAt(url: string) {
    const { hostname, pathname } = new URL(url)
    return { bucket: Bucket.fromBucketName(this, 'Truststore', hostname), key: pathname.slice(1) }
  }
}

function throttled(
  routes: readonly Route<string>[],
  { rate, burst }: RestApiProps<string>['throttle'],
) {
  const limits = {
    throttlingRateLimit: rate,
    throttlingBurstLimit: burst,
    dataTraceEnabled: false,
    loggingLevel: MethodLoggingLevel.OFF,
  }
  return Object.fromEntries(routes.map(({ method, path }) => [`${path}/${method}`, limits]))
}
