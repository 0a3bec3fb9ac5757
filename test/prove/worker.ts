import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One process of a proof. */
export interface Worker {
  say(line: string): void
  /** kill -9. */
  kill(): void
  /** Resolves when it has ended and all it said was heard. */
  readonly ended: Promise<void>
}

/** Starts `<script> <task as JSON>` beside this file; resolves when it says `ready`. `heard` gets every line after that. */
export async function startWorker(script: string, task: unknown, heard: (line: string) => void): Promise<Worker> {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] })
  // A worker that was killed does not read any more.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })
  const ended = once(lines, 'close').then(() => undefined)
  const [first] = await Promise.race([once(lines, 'line'), ended.then((): [undefined] => [undefined])])
  if (first !== 'ready') throw new Error(`${script} ended before it was ready.`)
  lines.on('line', heard)
  return {
    say: (line) => child.stdin.write(`${line}\n`),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}
