import { DisableKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import { startLocalAws } from '../../../lib/local/aws-server.ts'
import { COURIER } from '../cell.ts'
import { startLocalEmu } from './localemu.ts'
import type { Backend } from './script.ts'

/** The embedded KMS, for the root of an account. Key states are set as its console would. */
export async function startOurs(): Promise<Backend> {
  const aws = await startLocalAws()
  const { endpoint, region } = aws
  const credentials = aws.credentials(`arn:aws:iam::${COURIER.account}:root`)
  const kms = new KMSClient({ endpoint, region, credentials, maxAttempts: 1 })
  return {
    kms,
    disable: async arn => aws.setKeyState(arn, 'Disabled'),
    doom: async arn => aws.setKeyState(arn, 'PendingDeletion'),
    stop: async () => {
      kms.destroy()
      await aws.stop()
    },
  }
}

/**
 * LocalEmu's KMS.
 *
 * @throws {Error} saying why it cannot run here.
 */
export async function startTheirs(): Promise<Backend> {
  const { endpoint, stop } = await startLocalEmu()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const kms = new KMSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  return {
    kms,
    disable: async KeyId => void (await kms.send(new DisableKeyCommand({ KeyId }))),
    doom: async KeyId => void (await kms.send(new ScheduleKeyDeletionCommand({ KeyId }))),
    stop: async () => {
      kms.destroy()
      await stop()
    },
  }
}
