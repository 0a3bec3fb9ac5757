import { dispatch, dndText, storeMessage } from './delivery.js'
import type { FakeContact, FakeEnrolment, FakeWorkflow } from './state.js'
import type { World } from './world.js'

export type Trigger = { readonly tag: string } | { readonly opportunityStatus: string } | { readonly appointment: true }

/** Starts every workflow of the contact's location that one of these triggers wakes. */
export function runWorkflows(world: World, contact: FakeContact, triggers: readonly Trigger[]): void {
  for (const trigger of triggers) {
    for (const workflow of world.state.workflows) {
      if (workflow.locationId !== contact.locationId || !wakes(workflow, trigger)) continue
      enrol(
        world,
        contact,
        'workflow',
        workflow.id,
        'tag' in trigger ? 'tag' : 'appointment' in trigger ? 'appointment' : 'opportunity',
      )
    }
  }
}

/** Records the enrolment and sends what the workflow sends. An unknown workflow is recorded too: it may exist elsewhere. */
export function enrol(
  world: World,
  contact: FakeContact,
  kind: FakeEnrolment['kind'],
  id: string,
  cause: FakeEnrolment['cause'] = 'api',
): void {
  world.state.enrolments.push({ kind, id, contactId: contact.id, at: world.clock.now(), removedAt: null, cause })
  const workflow = kind === 'workflow' ? world.state.workflows.find((other) => other.id === id) : undefined
  for (const send of workflow?.sends ?? []) {
    const to = send.type === 'Email' ? contact.email : contact.phone
    if (!to || dndText(contact, send.type)) continue
    const message = storeMessage(world, {
      type: send.type,
      contactId: contact.id,
      locationId: contact.locationId,
      source: 'workflow',
      to: [to],
      subject: send.subject ?? null,
      body: send.message ?? null,
      html: send.html ?? null,
    })
    dispatch(world, message)
  }
}

function wakes({ trigger }: FakeWorkflow, by: Trigger): boolean {
  if (!trigger) return false
  if ('tag' in trigger) return 'tag' in by && by.tag === trigger.tag
  if ('opportunityStatus' in trigger) return 'opportunityStatus' in by && by.opportunityStatus === trigger.opportunityStatus
  return 'appointment' in by
}
