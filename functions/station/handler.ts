import { handleRest } from '../lambda.ts'
import { stationApp } from './app.ts'
import { assumeBy, decryptBy } from './aws.ts'
import { loadStationFile } from './config.ts'
import { fetchReleaseFrom } from './gateway.ts'

const file = loadStationFile(process.env)
const report = (bug: string) => console.error(JSON.stringify({ bug }))

/** The station helper behind the courier's own API Gateway. */
export const handler = handleRest(
  stationApp(
    {
      courier: file.courier,
      hopKeyArn: file.hopKey,
      pins: file.pins,
      assume: assumeBy(file.stationRole, {}),
      fetchRelease: fetchReleaseFrom(file.gateway, file.courier),
      decrypt: decryptBy({}),
    },
    report,
    note => console.log(JSON.stringify({ station: file.courier, ...note })),
  ),
  report,
)
