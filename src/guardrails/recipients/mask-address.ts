/** An address fit for a log: `j***@acme.com`, `+1***42`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at, at + 60)}`
  return address.length > 6 ? `${address.slice(0, 2)}***${address.slice(-2)}` : '***'
}
