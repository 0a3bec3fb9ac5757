import { createServer } from 'node:http'

/** The part of GHL that a mail needs, on this machine: it answers every contact and takes every message, and notes when. */
export interface LoopbackGhl {
  readonly url: string
  /** When each message arrived, ns of this machine's steady clock, which all processes share. */
  readonly messages: readonly bigint[]
  /** Resolves when that many messages have arrived. */
  arrived(count: number): Promise<void>
  close(): Promise<void>
}

export async function loopbackGhl(): Promise<LoopbackGhl> {
  const messages: bigint[] = []
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    request.resume()
    if (request.method === 'POST') {
      const number = messages.push(process.hrtime.bigint())
      if (waiting !== undefined && number >= waiting.count) waiting.resolve()
      request.on('end', () => answer(201, { conversationId: 'conversation', messageId: `message-${number}` }))
      return
    }
    const id = request.url?.split('/').at(-1)
    const contact = { id, email: `${id}@acme.example`, timezone: 'America/New_York', country: 'US', locationId: 'loc' }
    request.on('end', () => answer(200, { contact }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    messages,
    arrived: (count) =>
      new Promise((resolve) => {
        waiting = { count, resolve }
        if (messages.length >= count) resolve()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
