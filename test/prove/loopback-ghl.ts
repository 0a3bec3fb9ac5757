import { createServer } from 'node:http'

/**
 * The part of GHL that a message needs, on this machine: it answers every contact and takes every message, and notes when.
 * A contact called `sick…` is answered with 500, and the connection breaks once a message to one called `lost…` was taken.
 */
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
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    if (request.method === 'POST') {
      const number = messages.push(process.hrtime.bigint())
      if (waiting !== undefined && number >= waiting.count) waiting.resolve()
      request.on('end', () => {
        if (body.includes('"contactId":"lost')) request.socket.destroy()
        else answer(201, { conversationId: 'conversation', messageId: `message-${number}`, emailMessageId: `mail-${number}` })
      })
      return
    }
    const id = request.url?.split('/').at(-1) ?? ''
    const phone = `+1212555${id.replace(/\D/g, '').padStart(4, '0').slice(-4)}`
    const contact = { id, email: `${id}@acme.example`, phone, timezone: 'America/New_York', country: 'US', locationId: 'loc' }
    request.on('end', () => (id.startsWith('sick') ? answer(500, {}) : answer(200, { contact })))
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
