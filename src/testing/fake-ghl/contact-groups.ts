import { type Answer, created, ok, unprocessable } from './answer.js'
import { shown } from './contact-views.js'
import { flag, needTexts, texts } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeContact, FakeEnrolment } from './state.js'
import { enrol, runWorkflows } from './workflows.js'
import { needContact } from './world.js'

const WRITE = 'contacts.write'

/** What puts contacts into groups and takes them out: tags, workflows, campaigns. */
export const contactGroupRoutes: readonly Route[] = [
  { method: 'POST', path: '/contacts/{contactId}/tags', scope: WRITE, handle: addTags },
  { method: 'DELETE', path: '/contacts/{contactId}/tags', scope: WRITE, handle: removeTags },
  { method: 'POST', path: '/contacts/bulk/tags/update/{type}', handle: bulkTags },
  {
    method: 'POST',
    path: '/contacts/{contactId}/workflow/{groupId}',
    scope: WRITE,
    handle: (context) => enter(context, 'workflow'),
  },
  {
    method: 'DELETE',
    path: '/contacts/{contactId}/workflow/{groupId}',
    scope: WRITE,
    handle: (context) => leave(context, 'workflow'),
  },
  {
    method: 'POST',
    path: '/contacts/{contactId}/campaigns/{groupId}',
    scope: WRITE,
    handle: (context) => enter(context, 'campaign'),
  },
  {
    method: 'DELETE',
    path: '/contacts/{contactId}/campaigns/{groupId}',
    scope: WRITE,
    handle: (context) => leave(context, 'campaign'),
  },
  {
    method: 'DELETE',
    path: '/contacts/{contactId}/campaigns/removeAll',
    scope: WRITE,
    handle: (context) => leave(context, 'campaign'),
  },
  {
    method: 'DELETE',
    path: '/contacts/{contactId}/campaigns/remove-all',
    scope: WRITE,
    v3Only: true,
    handle: (context) => leave(context, 'campaign'),
  },
  { method: 'GET', path: '/workflows', scope: 'workflows.readonly', handle: listWorkflows },
  { method: 'GET', path: '/campaigns', scope: 'campaigns.readonly', handle: () => ok({ campaigns: [] }) },
  { method: 'GET', path: '/locations/{locationId}/tags', scope: 'locations/tags.readonly', handle: listTags },
]

function addTags(context: Context): Answer {
  const contact = wanted(context)
  const tagsAdded = tag(context, contact, needTexts(context.body, 'tags'))
  return created({ tags: contact.tags, tagsAdded })
}

function removeTags(context: Context): Answer {
  const contact = wanted(context)
  const tagsRemoved = untag(context, contact, needTexts(context.body, 'tags'))
  return ok({ tags: contact.tags, tagsRemoved })
}

/** One call, many contacts; each tag may start a workflow for each of them. */
function bulkTags(context: Context): Answer {
  const { body, params } = context
  if (params.type !== 'add' && params.type !== 'remove')
    throw unprocessable('type must be one of the following values: add, remove')
  const contacts = needTexts(body, 'contacts').map((id) => needContact(context, id))
  const tags = texts(body, 'tags')
  for (const contact of contacts) {
    if (params.type === 'add') tag(context, contact, tags)
    else untag(context, contact, flag(body, 'removeAllTags') ? contact.tags : tags)
  }
  return created({ succeded: true, errorCount: 0, responses: contacts.map(({ id }) => id) })
}

function tag(context: Context, contact: FakeContact, tags: readonly string[]): string[] {
  const gained = [...new Set(tags)].filter((one) => !contact.tags.includes(one))
  contact.tags = [...contact.tags, ...gained]
  if (gained.length > 0) announce(context, contact)
  runWorkflows(
    context.world,
    contact,
    gained.map((one) => ({ tag: one })),
  )
  return gained
}

function untag(context: Context, contact: FakeContact, tags: readonly string[]): string[] {
  const lost = contact.tags.filter((one) => tags.includes(one))
  contact.tags = contact.tags.filter((one) => !lost.includes(one))
  if (lost.length > 0) announce(context, contact)
  return lost
}

function announce({ world }: Context, contact: FakeContact): void {
  world.emit({ ...shown(contact), type: 'ContactTagUpdate' })
}

function enter(context: Context, kind: FakeEnrolment['kind']): Answer {
  enrol(context.world, wanted(context), kind, context.params.groupId ?? '')
  return created({ succeded: true })
}

/** Without a group in the path: out of all of that kind. */
function leave(context: Context, kind: FakeEnrolment['kind']): Answer {
  const contact = wanted(context)
  for (const enrolment of context.world.state.enrolments) {
    const meant = context.params.groupId === undefined || context.params.groupId === enrolment.id
    if (enrolment.kind === kind && enrolment.contactId === contact.id && meant) enrolment.removedAt ??= context.now
  }
  return ok({ succeded: true })
}

function listWorkflows({ world, locationId }: Context): Answer {
  const here = world.state.workflows.filter((workflow) => workflow.locationId === locationId)
  return ok({ workflows: here.map(({ id, name }) => ({ id, name, status: 'published', version: 1, locationId })) })
}

function listTags({ world, locationId }: Context): Answer {
  const names = new Set(world.state.contacts.filter((contact) => contact.locationId === locationId).flatMap(({ tags }) => tags))
  return ok({ tags: [...names].map((name) => ({ id: `tag_${name}`, name, locationId })) })
}

function wanted(context: Context): FakeContact {
  return needContact(context, context.params.contactId ?? '')
}
