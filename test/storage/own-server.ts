import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A server started for one proof or test, on a free port of this machine, that may be killed. */
export interface OwnServer {
  readonly port: number
  readonly url: string
  /** kill -9, all its processes. */
  kill(): Promise<void>
  /** Starts it again on what it left, at the same address. */
  start(): Promise<void>
  /** Kills it and removes everything it wrote. */
  remove(): Promise<void>
}

interface Program {
  /** Its files are written by nobody else; a server that refuses to run as root gets a user. */
  readonly user?: User | undefined
  prepare?(dir: string, port: number): void
  command(dir: string, port: number): readonly [program: string, ...args: string[]]
  url(port: number): string
  /** Resolves once it answers; rejects where it does not yet. */
  answers(url: string): Promise<unknown>
}

export interface User {
  readonly uid: number
  readonly gid: number
}

const START_MS = 30_000

export async function ownServer({ user, prepare, command, url, answers }: Program): Promise<OwnServer> {
  const dir = mkdtempSync(join(tmpdir(), 'sendwarden-server-'))
  if (user !== undefined) chownSync(dir, user.uid, user.gid)
  const port = await freePort()
  let running: ChildProcess | undefined

  /** The processes that a server starts for its clients outlive it for a moment: they are killed with it. */
  function killAll(): void {
    const pid = running?.pid
    if (pid === undefined) return
    // Halted first: it must not start another process while they are counted.
    signal(pid, 'SIGSTOP')
    for (const one of [...childrenOf(pid), pid]) signal(one, 'SIGKILL')
  }

  function removeAll(): void {
    killAll()
    rmSync(dir, { recursive: true, force: true })
  }

  async function start(): Promise<void> {
    const [program, ...args] = command(dir, port)
    const said: string[] = []
    const launch = () => {
      const child = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], ...user })
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)))
      running = child
      return child
    }
    let child = launch()
    const until = Date.now() + START_MS
    for (;;) {
      try {
        return void (await answers(url(port)))
      } catch (error) {
        if (Date.now() > until) throw new Error(`${program} does not start: ${said.join('').slice(-2000)}`, { cause: error })
        await delay(50)
        // PostgreSQL ends at once while a process of the server that was killed is not quite gone.
        if (child.exitCode !== null) child = launch()
      }
    }
  }

  async function kill(): Promise<void> {
    const child = running
    killAll()
    running = undefined
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  process.once('exit', removeAll)
  prepare?.(dir, port)
  await start()
  return {
    port,
    url: url(port),
    kill,
    start,
    async remove() {
      await kill()
      removeAll()
      process.off('exit', removeAll)
    },
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself.
  }
}

/** Empty where the system does not say (only Linux does). */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Whether a program can be started here. */
export function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}

/** A user a server may run as: undefined = this process's own, which is not root. */
export function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (what: string) => Number(execFileSync('id', [what, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // There is no such user here.
    }
  }
  throw new Error('There is no unprivileged user to run a server as.')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
