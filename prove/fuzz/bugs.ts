import type { Patch } from '../planted/copy.ts'

/** A mistake at the gateway's doors. Where two checks guard the same, both are taken out. */
export interface Bug {
  readonly name: string
  readonly patches: readonly Patch[]
}

const bug = (name: string, file: string, find: string, put: string): Bug => ({
  name,
  patches: [{ file, find, put }],
})

/** Mistakes, each planted by itself. */
export const bugs: readonly Bug[] = [
  bug(
    'an app without a handler of errors',
    'functions/http.ts',
    '  app.onError(error => toProblem(error, report))\n',
    '',
  ),
  bug(
    'the Lambda adapter lets an error through',
    'functions/lambda.ts',
    'return toResult(toProblem(error, report))',
    'throw error',
  ),
  bug(
    'what is no HTTP request is not caught',
    'functions/lambda.ts',
    "throw new GatewayError('MALFORMED')",
    "throw new TypeError('no request')",
  ),
  bug(
    'what is no JSON is not caught',
    'lib/access/strict.ts',
    "    // The engine's message quotes the input.\n    throw new GatewayError('MALFORMED')",
    "    throw new SyntaxError('no JSON')",
  ),
  bug(
    'a broken escape is not caught',
    'lib/access/strict.ts',
    "// Not a whole escape, or not UTF-8: the error's own text would repeat the input.",
    "throw new URIError('no escape')",
  ),
  bug(
    'a key may come twice',
    'lib/access/strict.ts',
    "  if (found.members !== shape.members) throw new GatewayError('MALFORMED')\n",
    '',
  ),
  bug(
    'JSON may be of any depth',
    'lib/access/strict.ts',
    "    if (depth > maxDepth) throw new GatewayError('MALFORMED')\n",
    '',
  ),
  bug('a member may be named __proto__', 'lib/access/strict.ts', 'refusedNames.has(name) || ', ''),
  bug(
    'bytes that are no UTF-8 are replaced',
    'lib/access/strict.ts',
    '{ fatal: true, ignoreBOM: true }',
    '{ fatal: false, ignoreBOM: true }',
  ),
  bug(
    'a byte order mark is passed over',
    'lib/access/strict.ts',
    'ignoreBOM: true',
    'ignoreBOM: false',
  ),
  bug(
    'half a surrogate pair is text',
    'lib/access/strict.ts',
    "return text.isWellFormed() && !text.includes('\\0')",
    "return !text.includes('\\0')",
  ),
  bug('NUL is text', 'lib/access/strict.ts', " && !text.includes('\\0')", ''),
  bug(
    'a long number loses its digits',
    'lib/access/strict.ts',
    'shape.longNumbers ? keepNumbers : undefined',
    'undefined',
  ),
  bug(
    'a field of a form may come twice',
    'lib/access/strict.ts',
    "    if (fields.has(name)) throw new GatewayError('MALFORMED')\n",
    '',
  ),
  bug('a path may climb', 'lib/access/request.ts', " && text !== '.' && text !== '..'", ''),
  bug(
    'a path may hold anything',
    'lib/access/request.ts',
    "segment.test(text) && text !== '.' && text !== '..'",
    'text.length < 4000',
  ),
  bug(
    'a compressed body is taken',
    'lib/access/request.ts',
    "  if (encoding.toLowerCase() !== 'identity') throw new GatewayError('MALFORMED')\n",
    '',
  ),
  bug(
    'a query name may come twice',
    'lib/access/request.ts',
    "  if (query.size !== pairs.length) throw new GatewayError('UNAUTHENTICATED')\n",
    '',
  ),
  bug(
    'a body may be of any size',
    'lib/access/request.ts',
    "    if (size > maxBytes) throw new GatewayError('TOO_LARGE')\n",
    '',
  ),
  bug(
    'a problem is plain JSON',
    'lib/access/problem.ts',
    "'application/problem+json'",
    "'application/json'",
  ),
  bug(
    'a problem has a status that nobody described',
    'lib/access/problem.ts',
    'MALFORMED: 400',
    'MALFORMED: 418',
  ),
  bug(
    'who shall come back is not told when',
    'lib/access/problem.ts',
    "return comesBack(status) ? { 'retry-after': String(retryAfterSeconds) } : {}",
    'return {}',
  ),
  bug(
    'a native error quotes the call',
    'lib/platforms/douyin/answers.ts',
    'return failWith(faultOf(error), request, error.code)',
    'return failWith({ ...faultOf(error), text: Buffer.from(request.body).toString() }, request, error.code)',
  ),
  bug(
    'a native error has a status of its own',
    'lib/platforms/kuaishou/answers.ts',
    'function failed({ code, sub, text, status = 200 }',
    'function failed({ code, sub, text, status = 400 }',
  ),
  bug(
    'a native answer lacks a member',
    'lib/platforms/vmall/answers.ts',
    'const answer = { resultCode, resultMsg, ...more }',
    'const answer = { resultCode, ...more }',
  ),
  bug(
    'an id may be anything',
    'lib/flow/answer.ts',
    "if (typeof answer.id !== 'string')",
    'if (Array.isArray(answer.id))',
  ),
  bug(
    'an answer holds more than is described',
    'lib/flow/feeds.ts',
    'return { acknowledged: ids.length - unanswered.length, unanswered }',
    'return { acknowledged: ids.length - unanswered.length, unanswered, ...{ ids } }',
  ),
  bug(
    'a member that was asked for is named in the answer',
    'lib/flow/serve-platform.ts',
    "if (heads.length === 0) throw new GatewayError('NOT_FOUND')",
    "if (heads.length === 0) throw new GatewayError('NOT_FOUND', '/' + platformOrder)",
  ),
  bug(
    'a promise is left alone',
    'lib/flow/caller.ts',
    '  requireOn(ports.config.platforms, platform.name)\n',
    "  requireOn(ports.config.platforms, platform.name)\n  void ports.secrets.platforms.load('').then()\n",
  ),
]
