import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { isThere, type OwnServer, ownServer, unprivileged } from './own-server.js'

export function missingPostgres(): string | undefined {
  return programs() === undefined ? 'there is no initdb and postgres to start: install PostgreSQL' : undefined
}

/** A PostgreSQL of our own, made from nothing, with its defaults (`fsync = on`) but for the settings. */
export function ownPostgres(settings: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const bin = programs()
  if (bin === undefined) throw new Error(missingPostgres())
  const user = unprivileged()
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ownServer({
    user,
    prepare(dir) {
      const args = ['-D', 'data', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
      execFileSync(join(bin, 'initdb'), args, { cwd: dir, stdio: 'ignore', ...user })
    },
    command: (dir, port) => [
      join(bin, 'postgres'),
      ...['-D', 'data', '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${dir}`],
      ...options,
    ],
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    async answers(connectionString) {
      const client = new pg.Client({ connectionString })
      client.on('error', () => undefined)
      await client.connect()
      try {
        await client.query('select 1')
      } finally {
        await client.end()
      }
    },
  })
}

/** The folder of the newest server programs; '' = they are on the path. */
function programs(): string | undefined {
  const home = '/usr/lib/postgresql'
  const folders = (() => {
    try {
      return readdirSync(home)
        .sort((one, other) => Number(other) - Number(one))
        .map((version) => join(home, version, 'bin'))
    } catch {
      return []
    }
  })()
  return ['', ...folders].find((folder) => ['initdb', 'postgres'].every((program) => isThere(join(folder, program))))
}
