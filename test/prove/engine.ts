import type { Storage } from '../../src/storage/storage.js'

/** A window of rate-limiter-flexible: consuming rejects when it is full. */
export interface PeerWindow {
  consume(key: string): Promise<unknown>
  used(key: string): Promise<number>
}

/** One process's way into an engine, within a namespace of its own. */
export interface Connection {
  readonly storage: Storage
  /** The same server under rate-limiter-flexible: `points` per window. */
  peer(name: string, points: number): PeerWindow
  close(): Promise<void>
}

/** An engine that several processes may share, on the server the tests use. */
export interface SharedEngine {
  /** Why it cannot be proven here; undefined = its server answers. */
  missing(): Promise<string | undefined>
  /** Makes the namespace ready for processes that start at the same moment. */
  prepare(namespace: string): Promise<void>
  connect(namespace: string): Promise<Connection>
  drop(namespace: string): Promise<void>
}

/** The peer's windows are longer than any proof: all of it falls into one. */
export const PEER_WINDOW_S = 86_400
