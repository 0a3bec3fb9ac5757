import dns from 'node:dns'
import net from 'node:net'

// Preloaded into an example's process: whatever would leave this machine ends it with 99.

const isLoopback = (host: string) => /^(127\.|::1$|localhost$)/.test(host)

function refuse(host: string): never {
  process.stderr.write(`not loopback: ${host}\n`)
  process.exit(99)
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  // net.connect() passes its arguments on as one normalised list.
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const host: unknown = typeof first === 'object' && first !== null ? (first as { host?: unknown }).host : args[1]
  const path: unknown = typeof first === 'object' && first !== null ? (first as { path?: unknown }).path : undefined
  if (typeof path !== 'string' && typeof host === 'string' && !isLoopback(host)) refuse(host)
  return Reflect.apply(connect, this, args)
} as typeof connect

const lookup = dns.lookup
dns.lookup = ((host: string, ...rest: unknown[]) => {
  if (!isLoopback(host)) refuse(host)
  return Reflect.apply(lookup, dns, [host, ...rest])
}) as typeof lookup
