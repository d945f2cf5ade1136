import { type CfnResource, RemovalPolicy } from 'aws-cdk-lib'

/**
 * Keeps a resource when its stack goes or no longer names it. One that a failed first deployment made
 * does go, or its fixed name would block the next try.
 */
export function keep(resource: CfnResource): void {
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
}
