import { createPrivateKey } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { createRouter, type Router } from '../../lib/custody/router.ts'
import type { RouterNote } from '../../lib/custody/router-ports.ts'
import { type SigningKey, signingKey } from '../../lib/seal/keys.ts'
import { loadRouterFile, type RouterFile, readRouterConfig } from './config.ts'
import { reEncryptBy } from './re-encrypt.ts'
import { openStore } from './store.ts'
import { openRouterTable } from './table.ts'

const file = loadRouterFile(process.env)
const store = openStore(new DynamoDBClient(), file.table)
const reEncrypt = reEncryptBy(new KMSClient())
let router: Promise<Router> | undefined

/** The router, invoked directly by the gateway's custody function: one request, one answer. */
export const handler: Router = async request => {
  router ??= startRouter(file).catch(error => {
    router = undefined
    throw error
  })
  return (await router)(request)
}

async function startRouter(of: RouterFile): Promise<Router> {
  const now = () => new Date()
  const { windowSeconds } = of.brake
  const table = openRouterTable(store, { now, keepSeconds: of.keepSeconds, windowSeconds })
  const receiptKey = await readReceiptKey(of.receiptSecret)
  return createRouter(readRouterConfig(of), { table, reEncrypt, receiptKey, now, note })
}

async function readReceiptKey(SecretId: string): Promise<SigningKey> {
  const secrets = new SecretsManagerClient()
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }))
  return signingKey(createPrivateKey({ key: JSON.parse(SecretString), format: 'jwk' }))
}

function note(entry: RouterNote): void {
  console.log(JSON.stringify({ router: file.courier, ...entry }))
}
