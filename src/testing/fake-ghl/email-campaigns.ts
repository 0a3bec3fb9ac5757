import { type Answer, badRequest, created, notFound, ok, unprocessable } from './answer.js'
import { dispatch, dndText, storeMessage } from './delivery.js'
import { nested, number, text, texts } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeCampaign, FakeContact } from './state.js'

const CAMPAIGNS = '/emails/locations/{locationId}/campaigns/emails'

/** Mass mail (v3 only) and the templates of both API generations (read only). */
export const emailCampaignRoutes: readonly Route[] = [
  { method: 'POST', path: CAMPAIGNS, scope: 'emails/campaigns.write', v3Only: true, handle: create },
  { method: 'GET', path: CAMPAIGNS, scope: 'emails/campaigns.readonly', v3Only: true, handle: listCampaigns },
  { method: 'POST', path: `${CAMPAIGNS}/{campaignId}/schedule`, scope: 'emails/campaigns.write', v3Only: true, handle: schedule },
  {
    method: 'GET',
    path: '/emails/builder',
    scope: 'emails/builder.readonly',
    handle: (context) => templates(context, 'builders'),
  },
  {
    method: 'GET',
    path: '/emails/locations/{locationId}/templates',
    scope: 'emails/templates.readonly',
    v3Only: true,
    handle: (context) => templates(context, 'templates'),
  },
]

function create({ world, body, locationId }: Context): Answer {
  const campaign: FakeCampaign = {
    id: world.nextId('campaign'),
    name: text(body, 'name') ?? '',
    locationId,
    subject: text(body, 'subject'),
    html: text(body, 'html'),
    status: 'draft',
  }
  world.state.campaigns.push(campaign)
  return created(campaign)
}

/** One call, one mail to each recipient it may be sent to, each paid for. Recipients: contact ids, tags, or everybody (a segment). */
function schedule(context: Context): Answer {
  const { world, body, params, locationId, now } = context
  const campaign = world.state.campaigns.find(({ id }) => id === params.campaignId)
  if (!campaign) throw notFound('Campaign not found')
  const type = text(body, 'scheduleType') ?? 'immediate'
  const scheduledFor = type === 'immediate' ? null : startOf(context)
  const audience = recipients(context).filter(
    (contact) => contact.email && !contact.unsubscribeEmail && !dndText(contact, 'Email'),
  )
  for (const contact of audience) {
    const message = storeMessage(world, {
      type: 'Email',
      contactId: contact.id,
      locationId,
      source: 'campaign',
      to: contact.email ? [contact.email] : [],
      subject: campaign.subject,
      html: campaign.html,
      scheduledFor,
    })
    dispatch(world, message)
    world.state.money.push({
      kind: 'campaign_mail',
      amount: 0.001,
      currency: 'USD',
      locationId,
      contactId: contact.id,
      reference: campaign.id,
      at: now,
    })
  }
  campaign.status = scheduledFor === null ? 'sent' : 'scheduled'
  return created({ id: campaign.id, status: campaign.status, recipients: audience.length })
}

function startOf({ body, now }: Context): number {
  const config = nested(body, 'scheduleConfig')
  const given = text(config, 'startTime') ?? text(config, 'scheduledAt') ?? text(config, 'date')
  const at = given === null ? number(config, 'startTime') : Date.parse(given)
  if (at === null || Number.isNaN(at)) throw unprocessable('scheduleConfig.startTime must be a time')
  return Math.max(at, now)
}

function recipients({ world, body, locationId }: Context): FakeContact[] {
  const wanted = nested(body, 'recipients')
  const [ids, tags] = [texts(wanted, 'contactIds'), texts(wanted, 'tagIds')]
  if (ids.length === 0 && tags.length === 0 && !text(wanted, 'type') && !text(wanted, 'segmentId'))
    throw badRequest('recipients are missing')
  const everybody = ids.length === 0 && tags.length === 0
  return world.state.contacts.filter(
    (contact) =>
      contact.locationId === locationId &&
      (everybody || ids.includes(contact.id) || contact.tags.some((tag) => tags.includes(tag) || tags.includes(`tag_${tag}`))),
  )
}

function listCampaigns({ world, locationId }: Context): Answer {
  return ok({ campaigns: world.state.campaigns.filter((one) => one.locationId === locationId) })
}

function templates({ world, locationId }: Context, name: string): Answer {
  const here = world.state.templates.filter((template) => template.locationId === locationId)
  return ok({ [name]: here.map(({ html, ...template }) => template), total: here.length })
}
