import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { begin } from './layer.ts'
import { type Ask, methods, type Refusal, type Said, type Start } from './process.ts'
import type { Subject } from './subject.ts'
import type { Gateway } from './world.ts'

/** Processes that run the gateway, one at a time, and are killed by SIGKILL. */
export interface Processes {
  /** The clock by which they go. */
  now: () => number
  /** The process that lives, or a fresh one. */
  start(): Gateway
  /** Kills the process in the middle of the next request, when so many calls have left it. */
  killAfter(calls: number): void
  /** Processes that were killed while a request was on its way. */
  readonly kills: number
  stop(): Promise<void>
}

const FILE = join(import.meta.dirname, 'process.ts')

/** Runs the code below a folder, in processes, over a database at an endpoint. */
export function createProcesses(
  { GatewayError }: Subject,
  from: Omit<Start, 'seed'>,
  seed: number,
): Processes {
  let current: { readonly child: ChildProcess; readonly gateway: Gateway } | undefined
  let callsLeft = Number.POSITIVE_INFINITY
  let started = 0
  let kills = 0
  const onCall = (child: ChildProcess) => {
    callsLeft -= 1
    if (callsLeft > 0) return
    callsLeft = Number.POSITIVE_INFINITY
    if (child.kill('SIGKILL')) kills += 1
  }
  const begun = () => {
    const start: Start = { ...from, seed: seed + started++ }
    const child = fork(FILE, [JSON.stringify(start)], { serialization: 'advanced' })
    const line = { GatewayError, child, now: () => processes.now(), onCall: () => onCall(child) }
    return { child, gateway: gatewayOf(line) }
  }
  const processes: Processes = {
    now: () => 0,
    start() {
      if (current === undefined || current.gateway.life.isDead) current = begun()
      return current.gateway
    },
    killAfter(calls) {
      callsLeft = calls
    },
    get kills() {
      return kills
    },
    async stop() {
      if (current === undefined || current.gateway.life.isDead) return
      const ended = once(current.child, 'exit')
      current.child.kill('SIGKILL')
      await ended
    },
  }
  return processes
}

/** What leads to a process. */
interface Line extends Pick<Subject, 'GatewayError'> {
  readonly child: ChildProcess
  readonly now: () => number
  readonly onCall: () => void
}

/** A gateway in another process, in the form of one in this. */
function gatewayOf({ GatewayError, child, now, onCall }: Line): Gateway {
  const life = begin()
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let isUp = () => {}
  const up = new Promise<void>(resolve => {
    isUp = resolve
  })
  const errorOf = ({ code, at, retry }: Refusal) =>
    new GatewayError(code, at, retry === 'later' ? { retry } : {})
  child.once('exit', () => life.kill())
  child.on('message', (said: Said) => {
    if (said.is === 'up') isUp()
    else if (said.is === 'calling') onCall()
    else if (said.is === 'done') asked.get(said.id)?.resolve(said.value)
    else if (said.is === 'broken') asked.get(said.id)?.reject(new Error(said.text))
    else asked.get(said.id)?.reject(errorOf(said.error))
  })
  let last = 0
  const ask = (method: Ask['method'], args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last
      asked.set(id, { resolve, reject })
      const send = () => {
        // A process that was just killed no longer listens; whoever asked hears that it died.
        if (child.connected) child.send({ id, now: now(), method, args }, () => {})
      }
      void up.then(send)
    })
  const far = methods.map(method => [method, (...args: unknown[]) => ask(method, args)])
  return Object.assign(Object.create(null), { life, ...Object.fromEntries(far) })
}
