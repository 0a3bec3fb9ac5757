import { badRequest, created, notFound, ok, unprocessable } from './answer.js'
import { type Fields, list, needText, number, text } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeContact, FakeOpportunity } from './state.js'
import { runWorkflows } from './workflows.js'
import { isoTime, needContact, needSameLocation } from './world.js'

const READ = 'opportunities.readonly'
const WRITE = 'opportunities.write'
const STATUSES = ['open', 'won', 'lost', 'abandoned']

export const opportunityRoutes: readonly Route[] = [
  { method: 'GET', path: '/opportunities/pipelines', scope: READ, handle: listPipelines },
  { method: 'GET', path: '/opportunities/search', scope: READ, handle: search },
  { method: 'POST', path: '/opportunities', scope: WRITE, handle: create },
  { method: 'POST', path: '/opportunities/upsert', scope: WRITE, handle: upsert },
  {
    method: 'GET',
    path: '/opportunities/{id}',
    scope: READ,
    handle: (context) => ok({ opportunity: shown(context, wanted(context)) }),
  },
  { method: 'PUT', path: '/opportunities/{id}', scope: WRITE, handle: update },
  { method: 'PUT', path: '/opportunities/{id}/status', scope: WRITE, handle: updateStatus },
  { method: 'DELETE', path: '/opportunities/{id}', scope: WRITE, handle: remove },
]

function create(context: Context) {
  const opportunity = store(context, needContact(context, needText(context.body, 'contactId')))
  return created({ opportunity: shown(context, opportunity) })
}

/** One opportunity per contact and pipeline. */
function upsert(context: Context) {
  const { world, body } = context
  const contact = needContact(context, needText(body, 'contactId'))
  const pipelineId = needText(body, 'pipelineId')
  const held = world.state.opportunities.find((one) => one.contactId === contact.id && one.pipelineId === pipelineId)
  if (held) apply(context, held)
  return ok({ new: !held, opportunity: shown(context, held ?? store(context, contact)) })
}

function update(context: Context) {
  const opportunity = wanted(context)
  apply(context, opportunity)
  return ok({ opportunity: shown(context, opportunity) })
}

function updateStatus(context: Context) {
  apply(context, wanted(context), { status: needText(context.body, 'status') })
  return ok({ succeded: true })
}

function remove(context: Context) {
  const { opportunities } = context.world.state
  opportunities.splice(opportunities.indexOf(wanted(context)), 1)
  return ok({ succeded: true })
}

function store(context: Context, contact: FakeContact): FakeOpportunity {
  const { world, body, now } = context
  const pipelineId = needText(body, 'pipelineId')
  const pipeline = world.state.pipelines.find(({ id }) => id === pipelineId)
  if (!pipeline) throw badRequest('The pipeline does not exist')
  const opportunity: FakeOpportunity = {
    id: world.nextId('opportunity'),
    name: needText(body, 'name'),
    locationId: contact.locationId,
    pipelineId,
    pipelineStageId: text(body, 'pipelineStageId') ?? pipeline.stages[0]?.id ?? null,
    status: known(text(body, 'status') ?? 'open'),
    contactId: contact.id,
    monetaryValue: number(body, 'monetaryValue') ?? 0,
    assignedTo: text(body, 'assignedTo'),
    source: text(body, 'source'),
    followers: [],
    customFields: list(body, 'customFields'),
    createdAt: isoTime(now),
    updatedAt: isoTime(now),
  }
  world.state.opportunities.push(opportunity)
  announce(context, 'OpportunityCreate', opportunity)
  runWorkflows(world, contact, [{ opportunityStatus: opportunity.status }])
  return opportunity
}

function apply(context: Context, opportunity: FakeOpportunity, fields: Fields = context.body): void {
  const before = { ...opportunity }
  opportunity.name = text(fields, 'name') ?? opportunity.name
  opportunity.pipelineId = text(fields, 'pipelineId') ?? opportunity.pipelineId
  opportunity.pipelineStageId = text(fields, 'pipelineStageId') ?? opportunity.pipelineStageId
  opportunity.status = known(text(fields, 'status') ?? opportunity.status)
  opportunity.monetaryValue = number(fields, 'monetaryValue') ?? opportunity.monetaryValue
  opportunity.assignedTo = text(fields, 'assignedTo') ?? opportunity.assignedTo
  opportunity.updatedAt = isoTime(context.now)
  if (opportunity.pipelineStageId !== before.pipelineStageId) announce(context, 'OpportunityStageUpdate', opportunity)
  if (opportunity.status === before.status) return
  announce(context, 'OpportunityStatusUpdate', opportunity)
  const contact = context.world.state.contacts.find(({ id }) => id === opportunity.contactId)
  if (contact) runWorkflows(context.world, contact, [{ opportunityStatus: opportunity.status }])
}

function known(status: string): string {
  if (!STATUSES.includes(status)) throw unprocessable(`status must be one of the following values: ${STATUSES.join(', ')}, all`)
  return status
}

function wanted(context: Context): FakeOpportunity {
  const found = context.world.state.opportunities.find(({ id }) => id === context.params.id)
  if (!found) throw notFound('Opportunity not found')
  needSameLocation(context, found.locationId)
  return found
}

function search({ world, query, locationId }: Context) {
  const [contactId, pipelineId, status] = ['contact_id', 'pipeline_id', 'status'].map((name) => text(query, name))
  const found = world.state.opportunities.filter(
    (one) =>
      one.locationId === locationId &&
      (!contactId || one.contactId === contactId) &&
      (!pipelineId || one.pipelineId === pipelineId) &&
      (!status || status === 'all' || one.status === status),
  )
  const opportunities = found.slice(0, Math.min(number(query, 'limit') ?? 20, 100))
  return ok({ opportunities, meta: { total: found.length, currentPage: 1 } })
}

function listPipelines({ world, locationId }: Context) {
  return ok({ pipelines: world.state.pipelines.filter((pipeline) => pipeline.locationId === locationId) })
}

function shown({ world }: Context, opportunity: FakeOpportunity) {
  const contact = world.state.contacts.find(({ id }) => id === opportunity.contactId)
  return {
    ...opportunity,
    contact: contact ? { id: contact.id, email: contact.email, phone: contact.phone, tags: contact.tags } : null,
  }
}

function announce({ world }: Context, type: string, opportunity: FakeOpportunity): void {
  world.emit({ ...opportunity, type })
}
