import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on a free loopback port that can lose the server's answer to what it passed on. */
export interface LossyProxy {
  readonly port: number
  /** The next answer of the server is swallowed, and its connection reset. */
  loseNextAnswer(): void
  /** Answers swallowed so far. */
  lost(): number
  close(): Promise<void>
}

export async function lossyProxy(target: { readonly host: string; readonly port: number }): Promise<LossyProxy> {
  const sockets = new Set<Socket>()
  let losing = false
  let lost = 0
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    client.pipe(upstream)
    upstream.on('data', (answer) => {
      if (!losing) return client.write(answer)
      losing = false
      lost++
      client.destroy()
      upstream.destroy()
    })
    upstream.on('end', () => client.end())
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    loseNextAnswer() {
      losing = true
    },
    lost: () => lost,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
