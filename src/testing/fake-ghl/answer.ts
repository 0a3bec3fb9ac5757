/** What an endpoint answers. `body` objects get a `traceId` on the way out. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })

/** Thrown by an endpoint to answer with an error. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(status: number, body: unknown) {
    super(`answered ${status}`)
    this.name = 'Refusal'
    this.answer = { status, body }
  }
}

export const badRequest = (message: string, more: object = {}) => new Refusal(400, { statusCode: 400, message, ...more })
/** Business errors of POST /conversations/messages carry `status`, not `statusCode`. */
export const messageRefused = (message: string) => new Refusal(400, { status: 400, message })
export const unauthorized = (message: string) => new Refusal(401, { statusCode: 401, message, error: 'Unauthorized' })
export const wrongLocation = () =>
  new Refusal(403, { statusCode: 403, message: 'The token does not have access to this location.', error: 'Forbidden' })
export const notFound = (message: string) => new Refusal(404, { statusCode: 404, message, error: 'Not Found' })
export const unprocessable = (...message: string[]) =>
  new Refusal(422, { statusCode: 422, message, error: 'Unprocessable Entity' })
export const tooMany = () => new Refusal(429, { statusCode: 429, message: 'Too Many Requests' })
