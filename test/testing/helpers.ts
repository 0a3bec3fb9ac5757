import { HighLevel } from '@gohighlevel/api-client'
import type { FakeGhl } from '../../src/testing/index.js'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly body: any
}

/** One plain HTTP call: `call(fake, 'POST /contacts/', body)`. */
export async function call(fake: FakeGhl, line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const [method = 'GET', path = '/'] = line.split(' ')
  const response = await fetch(fake.url + path, {
    method,
    headers: {
      authorization: `Bearer ${fake.accessToken}`,
      version: '2021-07-28',
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** The official SDK, pointed at the fake. */
export function sdk(fake: FakeGhl): HighLevel {
  const ghl = new HighLevel({ privateIntegrationToken: fake.accessToken, logLevel: 'none' })
  ghl.getHttpClient().defaults.baseURL = fake.url
  return ghl
}

/** A body of POST /conversations/messages in the SDK's type, which wrongly requires `subType` and `status`. */
export function textTo(contactId: string, message = 'Hello', more: object = {}) {
  return { type: 'SMS', contactId, message, subType: {}, status: 'pending', ...more }
}

export function mailTo(contactId: string, more: object = {}) {
  return { type: 'Email', contactId, subject: 'Hello', html: '<p>Hello</p>', subType: {}, status: 'pending', ...more }
}
