import type { Storage } from '../../src/storage/storage.js'
import type { OwnServer } from '../storage/own-server.js'

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
  prepare(namespace: string, url?: string): Promise<void>
  connect(namespace: string, url?: string): Promise<Connection>
  drop(namespace: string): Promise<void>
  /** Missing for an engine without a server, which nobody can kill and whose answers nobody can lose. */
  readonly network?: Network
}

/** What proofs need that kill a server, or lose its answers. */
export interface Network {
  /** The server the tests use. */
  readonly url: string
  /** Why no server can be started here. */
  missing(): string | undefined
  /** Starts one. A careless one acknowledges what it has not kept: the control. */
  launch(how: 'careful' | 'careless'): Promise<OwnServer>
  /** A counter as one makes it with the driver alone: what throws is tried again. */
  bareCounter(namespace: string, url: string): Promise<BareCounter>
}

export interface BareCounter {
  add(): Promise<void>
  close(): Promise<void>
  /** Asked of the server directly. */
  value(): Promise<number>
}

/** The peer's windows are longer than any proof: all of it falls into one. */
export const PEER_WINDOW_S = 86_400
