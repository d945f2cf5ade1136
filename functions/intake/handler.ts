import { KMSClient } from '@aws-sdk/client-kms'
import { createSealSigner } from '../../lib/seal/index.ts'
import { handleRest } from '../lambda.ts'
import { openGateway, PATIENCE } from '../settings.ts'
import { intakeApp } from './app.ts'
import { bodyKeysFrom } from './body-keys.ts'
import { certifyByKms } from './certify.ts'
import { signingKeyOf } from './signing-key.ts'

const gateway = openGateway(process.env, 'intake')
const { arn, kid } = signingKeyOf(process.env, gateway.config)
const certify = certifyByKms(new KMSClient(PATIENCE), arn, kid)
const signer = createSealSigner({ certify, now: gateway.now })
const bodyKeys = bodyKeysFrom(gateway.secrets.platforms)

/** What platforms post, behind API Gateway. */
export const handler = handleRest(
  intakeApp({ ...gateway, signer, bodyKeys }, gateway.report),
  gateway.report,
)
