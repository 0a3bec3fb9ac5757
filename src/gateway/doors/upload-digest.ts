import { createHash } from 'node:crypto'

const BOUNDARY = /;\s*boundary="?([^";]+)"?/i

/**
 * SHA-256 of the bytes of an upload, hex. The boundary of a form is made up anew for every call, so what counts is
 * where it stands: the same form has the same digest, whoever wrote it out.
 */
export function uploadDigest(bytes: Buffer<ArrayBuffer>, type: string | undefined): string {
  const boundary = BOUNDARY.exec(type ?? '')?.[1]
  const digest = createHash('sha256')
  if (boundary === undefined) return digest.update(bytes).digest('hex')
  const marks: number[] = []
  let from = 0
  for (let at = bytes.indexOf(boundary); at !== -1; at = bytes.indexOf(boundary, from)) {
    digest.update(bytes.subarray(from, at))
    marks.push(at - marks.length * boundary.length)
    from = at + boundary.length
  }
  return digest.update(bytes.subarray(from)).update(JSON.stringify(marks)).digest('hex')
}
