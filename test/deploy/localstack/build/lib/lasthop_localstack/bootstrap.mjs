// A function's process: loads the handler, takes invocations on PORT, and tells LocalStack the results.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { LAMBDA_TASK_ROOT, LOCALSTACK_RUNTIME_ENDPOINT, LOCALSTACK_RUNTIME_ID, PORT, _HANDLER } =
  process.env

const tell = (path, body) =>
  fetch(`${LOCALSTACK_RUNTIME_ENDPOINT}${path}`, {
    method: 'POST',
    body: JSON.stringify(body ?? null),
  })

const told = ({ name = 'Error', message = '' }) => ({
  errorType: name,
  errorMessage: message,
  stackTrace: [],
})

async function load() {
  const at = _HANDLER.lastIndexOf('.')
  const file = ['.mjs', '.js', '.cjs']
    .map(ending => join(LAMBDA_TASK_ROOT, _HANDLER.slice(0, at) + ending))
    .find(existsSync)
  if (file === undefined) throw new Error('the handler is not there')
  return (await import(pathToFileURL(file).href))[_HANDLER.slice(at + 1)]
}

async function invoke(handler, request) {
  const { 'invoke-id': id, 'invoked-function-arn': arn, payload } = request
  const context = {
    awsRequestId: id,
    invokedFunctionArn: arn,
    getRemainingTimeInMillis: () => 20_000,
  }
  try {
    await tell(`/invocations/${id}/response`, await handler(JSON.parse(payload), context))
  } catch (error) {
    await tell(`/invocations/${id}/error`, told(error))
  }
}

try {
  const handler = await load()
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    response.end()
    await invoke(handler, JSON.parse(Buffer.concat(chunks).toString()))
  })
  server.listen(Number(PORT), '127.0.0.1', () => tell(`/status/${LOCALSTACK_RUNTIME_ID}/ready`))
} catch (error) {
  await tell(`/status/${LOCALSTACK_RUNTIME_ID}/error`, told(error))
  process.exitCode = 1
}
