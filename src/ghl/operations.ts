import type { Risk } from '../core/action.js'
import type { Permission } from '../core/permission.js'
import { permissionOf } from './operation-permission.js'
import { OPERATION_ROWS } from './operations-data.js'
import { createPathIndex } from './path-index.js'

export type OperationKind = 'read' | 'write' | 'admin' | 'delete' | 'billing' | 'send' | 'bulk'

/** Whom a call reaches outside the CRM: a person at once, people through automation, or the public. */
export type Reach = 'direct' | 'indirect' | 'public'

interface OperationFlags {
  /** The `Version` header GHL documents; the newest dated one where there is one, else `v3`. Default 2021-07-28. */
  readonly version?: string
  readonly reach?: Reach
  /** Costs or moves money. */
  readonly money?: true
  /** Changes or reaches many records with one call. */
  readonly bulk?: true
  /** Only ever makes things safer (cancel a send, leave a workflow): allowed while everything else is stopped. */
  readonly protective?: true
  /** Answers with tokens or keys. */
  readonly secret?: true
  /** Can change whether a person may be contacted: do-not-disturb, a subscription, or what can be subscribed to. */
  readonly consent?: 'dnd' | 'subscription' | 'subtypes'
  /** Body field whose length is the number of records. */
  readonly count?: string
  /** Body fields that name people. */
  readonly recipients?: readonly string[]
  /** Body field with the time of a delayed send. */
  readonly schedule?: string
  readonly contactId?: 'path' | 'query' | 'body' | 'body-nested' | 'body-array'
  readonly locationId?: 'path' | 'query' | 'body' | 'altId'
}

export type OperationRow = readonly [
  id: string,
  service: string,
  sdkMethod: string | null,
  kind: OperationKind,
  risk: Risk,
  flags?: OperationFlags,
]

/** One GHL call: method and path template, what it does and what it may cost. */
export interface Operation {
  /** `POST /conversations/messages` */
  readonly id: string
  readonly method: string
  /** Template: `/contacts/{contactId}/tags`. */
  readonly path: string
  /** Service of the official client (`contacts`), whether or not the client can call it. */
  readonly service: string
  /** Method of the official client 3.1.0; null where it has none. */
  readonly sdkMethod: string | null
  readonly kind: OperationKind
  readonly risk: Risk
  readonly permission: Permission
  readonly version: string
  readonly reach?: Reach
  readonly money?: true
  readonly bulk?: true
  readonly protective?: true
  readonly secret?: true
  readonly consent?: 'dnd' | 'subscription' | 'subtypes'
  readonly contactIdLocation: 'none' | 'path' | 'query' | 'body' | 'body-nested' | 'body-array'
  readonly locationIdLocation: 'none' | 'path' | 'query' | 'body' | 'altId'
  readonly countField?: string
  readonly recipientFields?: readonly string[]
  readonly scheduleField?: string
}

/** Every operation GHL documents. What is not here is not allowed. */
export const OPERATIONS: readonly Operation[] = OPERATION_ROWS.map(readRow)

const index = createPathIndex(OPERATIONS)

/**
 * The operation a request is, with the decoded values of its path parameters; null when there is none or when
 * servers could disagree about which one it is (see `createPathIndex`), so that null always means: deny.
 */
export function findOperation(method: string, path: string): { operation: Operation; params: Record<string, string> } | null {
  return index(method, path)
}

function readRow([id, service, sdkMethod, kind, risk, flags = {}]: OperationRow): Operation {
  const space = id.indexOf(' ')
  const { version = '2021-07-28', contactId = 'none', locationId = 'none', count, recipients, schedule, ...rest } = flags
  const facts = { id, method: id.slice(0, space), path: id.slice(space + 1), service, sdkMethod, kind, risk, version, ...rest }
  return Object.freeze({
    ...facts,
    ...(facts.secret ? { risk: 'critical' as const } : {}),
    permission: permissionOf(facts),
    contactIdLocation: contactId,
    locationIdLocation: locationId,
    ...(count === undefined ? {} : { countField: count }),
    ...(recipients === undefined ? {} : { recipientFields: recipients }),
    ...(schedule === undefined ? {} : { scheduleField: schedule }),
  })
}
