import { expect } from './narrator.js'
import { mail, type Person, SPAM, text, UNRENDERED, WITHOUT_OPT_OUT } from './office.js'
import { HOUR, MINUTE, SECOND, type World } from './world.js'

export async function rollout({ office, story, clock, fake, ann, leads, mailTo }: World): Promise<void> {
  story.chapter('Shadow', 'A new gateway sends nothing. It says what it would have done.')
  await story.attempt('outreach', 'mails Ann', 'shadowed', mailTo(ann))
  expect(fake.sent.length === 0, 'a mail left in shadow mode')

  story.chapter('Pilot', 'A quarter of the contacts go live, picked by a hash: whoever is in stays in.')
  await office.gateway.system.setMode({ pilot: 0.25 }, { by: 'maria' })
  const sides = new Map<string, Person>()
  for (const lead of leads.splice(0, 6)) {
    clock.advance(30 * SECOND)
    const { ending } = await story.attempt('outreach', `mails ${lead.firstName}`, ['executed', 'shadowed'], mailTo(lead))
    sides.set(ending, lead)
  }
  for (const side of ['executed', 'shadowed'] as const) {
    const lead = sides.get(side)
    expect(lead !== undefined, `nobody of the pilot was ${side}`)
    clock.advance(30 * SECOND)
    await story.attempt('outreach', `mails ${lead.firstName} again`, side, mailTo(lead))
  }
}

export async function roles({ office, story, clock, fake, ann, ben, mailTo, tag }: World): Promise<void> {
  const { gateway, agent, sdk, client, checked } = office
  story.chapter('Live', 'Everybody, within the rules.')
  await gateway.system.setMode('live', { by: 'maria' })
  clock.advance(MINUTE)
  await story.attempt('outreach', 'mails Ann', 'executed', mailTo(ann))
  await story.attempt('outreach', 'texts Ann', 'executed', () =>
    agent.outreach.run({ grounding: checked(ann) }, () => sdk.outreach.conversations.sendANewMessage(text(ann))),
  )
  await story.attempt('crafter', "reads Ben's data", 'executed', () => sdk.crafter.contacts.getContact({ contactId: ben.id }))
  await story.attempt('ops', 'tags Ben', 'executed', tag(ben))

  story.chapter('Who may do what', 'A role decides. The final request is what is judged, so tricks with options change nothing.')
  await story.attempt('crafter', 'mails Ben', 'permission.denied', () => sdk.crafter.conversations.sendANewMessage(mail(ben)))
  await story.attempt('scout', 'reads the pipelines', 'permission.platform', () =>
    sdk.scout.opportunities.getPipelines({ locationId: fake.locationId }),
  )
  await story.attempt('ops', 'turns a read into a text message', 'permission.denied', () =>
    sdk.ops.contacts.getContact({ contactId: ben.id }, { method: 'POST', url: '/conversations/messages', data: text(ben) }),
  )
  await story.attempt('outreach', 'calls what nobody has mapped', 'unmapped_operation', () =>
    sdk.outreach.contacts.getContact({ contactId: ben.id }, { url: '/internal/everything' }),
  )
  await story.attempt('outreach', 'names another host', 'foreign_host', () =>
    sdk.outreach.contacts.getContact({ contactId: ben.id }, { baseURL: 'https://elsewhere.example' }),
  )
  await story.attempt('nobody', 'uses the client that was wrapped', 'no_agent_context', () =>
    client.contacts.getContact({ contactId: ben.id }),
  )
}

/** Gives back when Kyra in Sydney may be written to. */
export async function guardrails({ office, story, clock, ben, cleo, dov, kyra, mailTo }: World): Promise<number> {
  story.chapter('What a mail has to be', 'Whom it goes to, what it says, what it rests on, and what time it is there.')
  await office.gateway.suppressions.add({ channel: 'email', address: 'dov@dune.example' }, { cause: 'unsubscribed', by: 'maria' })
  await story.attempt('outreach', 'mails Cleo', 'recipient.dnd', mailTo(cleo))
  await story.attempt('outreach', 'mails Dov', 'recipient.suppressed', mailTo(dov))
  await story.attempt(
    'outreach',
    'mails Ben without a way out',
    'compliance.opt_out_missing',
    mailTo(ben, { html: WITHOUT_OPT_OUT }),
  )
  await story.attempt('outreach', 'mails Ben, shouting', 'content.spam', mailTo(ben, { html: SPAM }))
  await story.attempt('outreach', 'mails Ben, half finished', 'content.merge_tag', mailTo(ben, { html: UNRENDERED }))
  await story.attempt('outreach', 'mails Ben on old facts', 'grounding.stale', mailTo(ben, {}, { checkedMinutesAgo: 95 }))
  await story.attempt('outreach', 'mails Ben on no facts', 'grounding.missing', () =>
    office.sdk.outreach.conversations.sendANewMessage(mail(ben)),
  )
  const night = await story.attempt('outreach', 'mails Kyra in Sydney', 'time.outside_hours', mailTo(kyra))
  clock.advance(30 * SECOND)
  const fromNewDomain = mailTo(ben, { emailFrom: 'sam@new-domain.example' })
  await story.attempt('outreach', 'mails Ben from a new domain', 'executed', fromNewDomain)
  await office.gateway.health.record('new-domain.example', 'bounce', { count: 2, by: 'mail provider' })
  await story.attempt('outreach', 'mails Ben from it, after bounces', 'domain.cooling', fromNewDomain)
  expect(night.retryAt !== undefined, 'nobody said when Kyra wakes up')
  return night.retryAt
}

export async function limits(world: World): Promise<void> {
  const { story, clock, ann, ben, dov, eve, colleagues, mailTo, mailsSince, read, routine, tag } = world
  story.chapter('Limits', 'Counted before anything leaves, and every refusal says when to come back.')
  clock.advance(30 * SECOND)
  await story.attempt('outreach', 'mails Ben', 'executed', mailTo(ben))
  await story.attempt('outreach', 'mails Eve in the same breath', 'email.min_delay', mailTo(eve))
  await story.many(
    'outreach',
    'mails five people at bigco',
    colleagues.map((colleague) => () => {
      clock.advance(30 * SECOND)
      return mailTo(colleague)()
    }),
  )
  clock.advance(30 * SECOND)
  await story.attempt('outreach', 'mails Eve, the sixth at bigco', 'email.domain_limit', mailTo(eve))
  await routine(20 - mailsSince(clock.now() - HOUR), 30 * SECOND)
  clock.advance(30 * SECOND)
  await story.attempt('outreach', 'mails a 21st time in an hour', 'email.hourly_limit', mailTo(ann))
  await story.many('ops', 'tags two more', [tag(ann), tag(dov)])
  await story.attempt('ops', 'tags a fourth', 'agent.hourly_limit', tag(eve))
  clock.advance(30 * SECOND)
  const hundred = Array.from({ length: 100 }, () => read(ann))
  await story.many('outreach', 'reads 100 times at once', hundred, 'together')
  await story.attempt('outreach', 'reads a 101st time', 'ghl.rate_limit', read(ann))
  clock.advance(11 * SECOND)
  await story.attempt('outreach', 'reads 11 seconds later', 'executed', read(ann))
}
