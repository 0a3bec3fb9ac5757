const REDACTED = '[redacted]'
const SECRET_HEADER = /^(authorization|cookie|proxy-authorization|x-api-key)$/i

/** Takes the credentials out of what a client gives back: axios answers carry the request they came from. */
export function scrubAnswer<T>(value: T): T {
  if (typeof value !== 'object' || value === null || !('config' in value) || !('status' in value) || !('headers' in value))
    return value
  scrubParts(value as Record<string, unknown>)
  return value
}

/** The same for what a client throws, which stays the client's own error otherwise. */
export function scrubError<T>(error: T): T {
  let current: unknown = error
  for (let depth = 0; typeof current === 'object' && current !== null && depth < 5; depth++) {
    const parts = current as Record<string, unknown>
    scrubParts(parts)
    if (typeof parts.response === 'object' && parts.response !== null) scrubParts(parts.response as Record<string, unknown>)
    current = parts.cause
  }
  return error
}

function scrubParts(owner: Record<string, unknown>): void {
  for (const name of ['config', 'request']) {
    const part = owner[name]
    if (typeof part !== 'object' || part === null) continue
    const { headers } = part as { headers?: unknown }
    // A live request object of node:http holds the header block as text.
    replace(owner, name, name === 'request' && !isPlainConfig(part) ? undefined : { ...part, headers: withoutSecrets(headers) })
  }
}

function isPlainConfig(part: object): boolean {
  return 'url' in part && 'headers' in part && !('socket' in part) && !('_header' in part)
}

function withoutSecrets(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => typeof value !== 'function')
      .map(([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : value]),
  )
}

function replace(owner: object, name: string, value: unknown): void {
  try {
    Object.defineProperty(owner, name, { value, configurable: true, enumerable: value !== undefined, writable: true })
  } catch {
    // A frozen error keeps what it has; the official client's newer versions redact by themselves.
  }
}
