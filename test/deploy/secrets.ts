import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Identities } from '../../lib/local/identities.ts'
import { secretsOf } from '../../lib/local/secrets.ts'
import type { Accounts } from './stacks.ts'

/** Puts everybody's secrets where the functions look for them, each in its own account. */
export async function putSecrets(
  endpoint: string,
  { region, gateway, courier }: Accounts,
  identities: Identities,
  names: { readonly platform: string; readonly courier: string },
): Promise<void> {
  const open = (account: string) =>
    new SecretsManagerClient({
      endpoint,
      region,
      credentials: { accessKeyId: account, secretAccessKey: 'test' },
    })
  const [operator, theirs] = [open(gateway), open(courier)]
  const put = (to: SecretsManagerClient, Name: string, SecretString: string) =>
    to.send(new CreateSecretCommand({ Name, SecretString }))
  const source = secretsOf(identities)
  for (const [side, name] of [
    ['platforms', names.platform],
    ['couriers', names.courier],
  ] as const) {
    const secret = await source(side, name)
    if (secret === undefined) throw new Error(`no secret of ${name}`)
    await put(operator, `lasthop/${side}/${name}`, Buffer.from(secret).toString())
  }
  const bodyKey = JSON.stringify({ current: { secret: identities.bodyKey } })
  await put(operator, 'lasthop/platforms/gateway', bodyKey)
  const receipts = JSON.stringify(identities.couriers[names.courier]?.receipts)
  await put(theirs, `lasthop/${names.courier}/receipts`, receipts)
}
