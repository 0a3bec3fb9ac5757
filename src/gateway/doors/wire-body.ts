import { PassThrough } from 'node:stream'
import { freezeJson, type Json, JsonFaultError } from '../../core/json.js'
import { MAX_BODY_LENGTH } from '../attempt.js'

/** A body in the only forms that leave: text that was judged, or bytes that are passed on unread. Nothing is computed afterwards. */
export type WireBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly json: Json; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer<ArrayBuffer>; readonly type: string | undefined }
  /** Cannot be judged, and why: ends as a refusal. */
  | { readonly kind: 'fault'; readonly message: string }

/** Longest upload that is passed on: it is held in memory until it has left. GHL takes files of 25 MB at most. */
const MAX_UPLOAD_BYTES = 25 * 1024 * 1024

const UNREAD = /^\s*(multipart\/|application\/octet-stream|image\/|video\/|audio\/)/i
const JSON_TYPE = /^\s*application\/(\w+\+)?json/i

/**
 * Takes a body over from whoever gave it. JSON is written anew from what was read, so that duplicate keys, getters and
 * later changes cannot make a difference; streams and forms are read to their end, so that nobody else names their headers.
 */
export async function readBody(data: unknown, type: string | undefined): Promise<WireBody> {
  if (data === undefined || data === null || data === '') return { kind: 'none' }
  if (typeof data === 'string') return readText(data, type)
  if (data instanceof URLSearchParams) return readText(URLSearchParams.prototype.toString.call(data), type)
  if (data instanceof FormData) {
    // A form of our own, made of the entries themselves: a subclass may answer differently each time.
    const form = new FormData()
    FormData.prototype.forEach.call(data, (value, name) => {
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, value, value.name)
    })
    const written = new Response(form)
    return readBytes(Buffer.from(await written.arrayBuffer()), written.headers.get('content-type') ?? undefined)
  }
  if (data instanceof Blob && data.size > MAX_UPLOAD_BYTES) return tooLong()
  if (data instanceof Blob) return readBytes(Buffer.from(await Blob.prototype.arrayBuffer.call(data)), type)
  if (data instanceof ArrayBuffer) return readBytes(Buffer.from(ArrayBuffer.prototype.slice.call(data, 0)), type)
  if (ArrayBuffer.isView(data)) return readBytes(Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)), type)
  const stream = streamOf(data)
  if (stream !== undefined) {
    const bytes = await drain(stream)
    if (bytes?.length === 0) return { kind: 'none' }
    return bytes === undefined ? tooLong() : readBytes(bytes, formTypeOf(data) ?? type)
  }
  return { kind: 'fault', message: `body is ${nameOf(data)}, which cannot be judged` }
}

/** What keeps a value from being sent as JSON, in words that name the field; undefined where nothing does. */
export function jsonFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !isPlain(value) || isStream(value)) return undefined
  try {
    freezeJson(value)
    return undefined
  } catch (error) {
    return error instanceof JsonFaultError ? named(error) : 'body cannot be read: reading it throws'
  }
}

function readText(text: string, type: string | undefined): WireBody {
  if (text.length > MAX_BODY_LENGTH)
    return { kind: 'fault', message: `body is ${text.length} bytes long, the limit is ${MAX_BODY_LENGTH}` }
  if (type !== undefined && UNREAD.test(type)) return { kind: 'bytes', bytes: Buffer.from(text), type }
  try {
    const json = freezeJson(JSON.parse(text))
    return { kind: 'json', json, text: JSON.stringify(json) }
  } catch (error) {
    if (error instanceof JsonFaultError) return { kind: 'fault', message: named(error) }
    if (type === undefined || JSON_TYPE.test(type)) return { kind: 'fault', message: 'body is not valid JSON' }
    return { kind: 'bytes', bytes: Buffer.from(text), type }
  }
}

/** Bytes may hold JSON as well; what the server would read is what is judged. */
function readBytes(bytes: Buffer<ArrayBuffer>, type: string | undefined): WireBody {
  if (bytes.length > MAX_UPLOAD_BYTES) return tooLong()
  return type !== undefined && UNREAD.test(type) ? { kind: 'bytes', bytes, type } : readText(bytes.toString(), type)
}

function tooLong(): WireBody {
  return { kind: 'fault', message: `body is more than ${MAX_UPLOAD_BYTES} bytes, which is the limit of an upload` }
}

/** Undefined = it goes on for longer than may be sent; the rest of it is not read. */
async function drain(stream: AsyncIterable<unknown>): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array)
    length += bytes.length
    if (length > MAX_UPLOAD_BYTES) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** The form-data package says its boundary by a method; axios would take every other header from there too. */
function formTypeOf(data: unknown): string | undefined {
  const { getHeaders } = data as { getHeaders?: () => Record<string, unknown> }
  const type = typeof getHeaders === 'function' ? getHeaders.call(data)['content-type'] : undefined
  return typeof type === 'string' && type.startsWith('multipart/form-data') ? type : undefined
}

/** The form-data package makes streams of the oldest kind, which can only be piped. */
function streamOf(data: unknown): AsyncIterable<unknown> | undefined {
  if (!isStream(data)) return undefined
  if (Symbol.asyncIterator in data) return data
  const readable = new PassThrough()
  data.on('error', (error: Error) => readable.destroy(error))
  data.pipe(readable)
  return readable
}

/** Where only `pipe` is there, it is a stream of the oldest kind. */
type StreamLike = AsyncIterable<unknown> | Pick<NodeJS.ReadableStream, 'on' | 'pipe'>

function isStream(data: unknown): data is StreamLike {
  if (typeof data !== 'object' || data === null) return false
  if (Symbol.asyncIterator in data) return true
  const { pipe, on } = data as Partial<NodeJS.ReadableStream>
  return typeof pipe === 'function' && typeof on === 'function'
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.prototype.toString.call(value) === '[object Object]'
}

function named({ fault: { path, message } }: JsonFaultError): string {
  return `${path.replace('$', 'body')} ${message}`
}

function nameOf(value: unknown): string {
  return typeof value === 'object' ? 'an object that is neither JSON, text, form nor file' : `a ${typeof value}`
}
