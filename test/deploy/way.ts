import { createPrivateKey } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { courierClient } from '../../lib/cli/courier-client.ts'
import { play } from '../../lib/cli/demo/demo.ts'
import { openScreen, type Screen } from '../../lib/cli/demo/screen.ts'
import { builtIn, type Stage } from '../../lib/cli/demo/stage.ts'
import { courierNamed, platformNamed } from '../../lib/cli/partners.ts'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { stationPorts, tokenIssuer } from '../../lib/cli/station-client.ts'
import { type Control, signControl } from '../../lib/custody/control.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { scanTables } from '../../lib/local/scan.ts'
import { HOPS } from '../../lib/local/world.ts'
import { readSealPins, signingKey } from '../../lib/seal/index.ts'
import type { DeployedStacks, Site } from './stacks.ts'

/**
 * Plays the demonstration through the deployed API Gateway and functions: the way of two orders, a hub
 * and a wrong hop refused, and the helper of handhelds, which opens what was assigned to its hop.
 *
 * @returns 0 when everything that had to hold did, else 1
 */
export async function playWay(site: Site, deployed: DeployedStacks): Promise<number> {
  const write = (text: string) => void process.stdout.write(text)
  const screen = openScreen(write)
  await registerHops(site, screen)
  const stage = setStage(site, deployed)
  const { platform, courier } = site.names
  screen.step(`The stacks are deployed; the gateway is at ${deployed.origin}`)
  const request = builtIn(platformNamed(platform), courierNamed(courier))
  const evidence = await play(stage, request, screen)
  await openByHelper(stage, deployed.stationOrigin, evidence.opened, screen)
  const { failed } = screen
  write(failed.length === 0 ? '\nEverything held.\n' : `\n${failed.length} expectations failed.\n`)
  return failed.length === 0 ? 0 : 1
}

function setStage(site: Site, deployed: DeployedStacks): Stage {
  const { aws, endpoint, accounts, names, identities, custody: account } = site
  const platform = identities.platforms[names.platform]
  const courier = identities.couriers[names.courier]
  if (platform === undefined || courier === undefined) throw new Error('no such partner')
  const hubRole = aws.putRole({
    ...{ account: account.account, name: `lasthop-${names.courier}-hub`, trust: HUB_TRUST },
    policies: [EVERY_KEY],
  })
  const { origin, custody, hop } = deployed
  const keys = { account, custody: { ...custody, jwk: { ...custody.jwk } }, hop, hubRole }
  const pins = readSealPins({
    custodyKeys: [{ kid: custody.kid }],
    gatewayKeys: [{ ...deployed.signing }],
  })
  const trust = { pins, router: account.roles.router }
  const credentials = { accessKeyId: accounts.gateway, secretAccessKey: 'test' }
  return {
    gateway: {
      ...{ origin, aws, identities, stop: async () => {} },
      scan: () => scanTables(endpoint, accounts.region, credentials),
    },
    ...{ platformName: names.platform, courierName: names.courier, keys, pins, calls: site.calls },
    platform: platformClient(origin, names.platform, platform),
    courier: courierClient(origin, names.courier, courier, trust),
    station: stationPorts(origin, keys, aws, pins),
    issuer: tokenIssuer(`https://${account.issuer}`, courier),
  }
}

const HUB_TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

const EVERY_KEY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['kms:*'], Resource: '*' }],
}

/** The courier registers its hops at its router, and opens the new table. */
async function registerHops(site: Site, screen: Screen): Promise<void> {
  const { endpoint, accounts, names, identities } = site
  const identity = identities.couriers[names.courier]
  if (identity === undefined) throw new Error('no such courier')
  const { roles } = site.custody
  const credentials = { accessKeyId: accounts.courier, secretAccessKey: 'test' }
  const lambda = new LambdaClient({ endpoint, region: accounts.region, credentials })
  const key = signingKey(createPrivateKey({ key: identity.control, format: 'jwk' }))
  const order = async (control: Control) => {
    const to = { aud: roles.router, courier: names.courier, now: new Date() }
    const Payload = JSON.stringify({ control: signControl(control, to, key) })
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: roles.router, Payload }),
    )
    screen.expect(`the router takes ${control.action}`, FunctionError === undefined)
  }
  await order({ action: 'raise-floor', notBefore: 0 })
  for (const [hop, kind] of Object.entries(HOPS)) {
    await order({ action: 'register-hop', hop, kind, limit: 100_000 })
  }
}

/** A handheld without AWS credentials: the right hop is given the plaintext, another hop nothing. */
async function openByHelper(
  stage: Stage,
  origin: string,
  opened: Awaited<ReturnType<typeof play>>['opened'],
  screen: Screen,
): Promise<void> {
  const [held] = opened.filter(({ group }) => group === 'receiver')
  if (held === undefined) return screen.expect('a receiver was opened', false)
  const { order, group, rev, hop, personal } = held
  const ask = (asked: string) =>
    fetch(`${origin}/v1/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ order, group, rev },
        ...stage.issuer.tokens(asked, workingDay(new Date())),
      }),
    })
  const right = await ask(hop)
  const text = await right.text()
  screen.step(`The helper of handhelds opens for ${hop}: HTTP ${right.status}`)
  screen.expect('the helper gives the right hop the plaintext', text === JSON.stringify(personal))
  const wrong = await ask(hop === 'station-1' ? 'station-2' : 'station-1')
  screen.step(`It opens nothing for another hop: HTTP ${wrong.status}`)
  screen.expect('the helper refuses another hop', wrong.status === 403)
}
