import { expect } from './narrator.js'
import { HOUR, MINUTE, SECOND, type World } from './world.js'

const SEND = 'POST /conversations/messages'
/** 18 an hour. */
const EVERY = 200 * SECOND
const BULK = 'POST /contacts/bulk/tags/update/add'

export async function approvals({ office, story, clock, fake, ann, ben, leads, routine }: World): Promise<void> {
  const { gateway, agent, sdk, checked } = office
  story.chapter('Approval', 'What cannot be taken back waits for a human. A yes works once, for exactly what was asked.')
  clock.advance(HOUR)
  await routine(54, EVERY)
  const crowd = leads.slice(0, 40).map(({ id }) => id)
  const held = await story.attempt('outreach', 'tags 40 contacts at once', 'pending_approval', () =>
    agent.outreach.run({ grounding: { ...checked(ann), dataId: crowd[0] ?? '' } }, () =>
      sdk.outreach.contacts.createAssociation(
        { type: 'add' },
        { contacts: crowd, tags: ['spring'], locationId: fake.locationId },
      ),
    ),
  )
  expect(fake.received(BULK).length === 0, 'the bulk action ran before anybody approved it')
  expect(agent.outreach.approvals === undefined, 'outreach can approve its own requests')
  await story.attempt('maria', 'approves it', 'executed', () => gateway.approvals.approve(held.approvalId, { by: 'maria' }))
  expect(fake.received(BULK).length === 1, 'the approved bulk action did not run exactly once')
  await story.refused('maria', 'approves it again', 'approval.not_pending', gateway.approvals.approve(held.approvalId))
  await story.refused('maria', 'runs it again', 'approval.used', gateway.approvals.run(held.approvalId))
  expect(fake.received(BULK).length === 1, 'the approved bulk action ran twice')

  const removal = await story.attempt('ops', 'deletes Ben', 'pending_approval', () =>
    agent.ops.run({ grounding: checked(ben) }, () => sdk.ops.contacts.deleteContact({ contactId: ben.id })),
  )
  const no = await agent.keeper.approvals?.reject(removal.approvalId, { note: 'Ben is a customer.' })
  expect(no?.approval?.status === 'rejected', 'the gatekeeper could not reject')
  story.done('keeper', 'rejects it', 'Ben is a customer.')
}

export async function unknownOutcome({ office, story, clock, fake, ann, mailTo }: World): Promise<void> {
  const { gateway } = office
  story.chapter(
    'The answer is lost',
    'GHL stored the mail, then the line broke. It may have happened, so it is never sent again.',
  )
  clock.advance(5 * MINUTE)
  const before = fake.sent.length
  const followUp = mailTo(ann, { subject: 'The figures you asked for' }, { idempotencyKey: 'figures-for-ann' })
  fake.fail({ match: SEND, drop: 'after' })
  await story.attempt('outreach', 'mails Ann the figures', 'unknown', followUp)
  await story.attempt('outreach', 'tries the same again', 'unknown', followUp)
  const { sent, held } = await gateway.unknowns.reconcile()
  expect(sent.length === 1 && held.length === 0, `reconcile found ${sent.length} and holds ${held.length}`)
  story.done('gateway', 'reads GHL back', 'The mail did leave, and the record says so now.')
  await story.attempt('outreach', 'tries once more, is told it left', 'executed', followUp)
  expect(fake.sent.length === before + 1, 'the mail with the lost answer left more than once')
}

export async function stops({ office, story, clock, fake, ann, ben, mailTo, read, routine }: World): Promise<void> {
  const { gateway, sdk } = office
  story.chapter('Maintenance', 'An operator closes the gate for a while.')
  clock.advance(MINUTE)
  await gateway.system.enterMaintenance({ reason: 'new phone numbers', by: 'maria' })
  await story.attempt('outreach', 'mails Ben', 'system.maintenance', mailTo(ben))
  await gateway.system.leaveMaintenance({ by: 'maria' })
  await story.attempt('outreach', 'mails Ben after it', 'executed', mailTo(ben))

  story.chapter('GHL is ill', 'Five errors in a row open the circuit breaker: GHL is left alone for a minute.')
  clock.advance(HOUR)
  const atThree = Date.parse('2026-03-02T15:00:00-05:00') / SECOND
  const later = mailTo(ann, { subject: 'Shall we talk?', scheduledTimestamp: atThree })
  const scheduled = await story.attempt('outreach', 'schedules a mail for 15:00', 'executed', later)
  await routine(20, 30 * SECOND)
  fake.fail({ match: 'GET /contacts/*', times: 5, status: 500 })
  for (let n = 0; n < 5; n++) await story.attempt('outreach', 'reads Ann', 'failed', read(ann))
  const calls = fake.calls.length
  await story.attempt('outreach', 'reads Ann', 'breaker.open', read(ann))
  expect(fake.calls.length === calls, 'a call went out through an open breaker')

  story.chapter('Emergency stop', 'Nothing runs, except what takes something back.')
  await gateway.system.emergencyStop({ reason: 'a customer called', by: 'maria' })
  await story.attempt('outreach', 'mails Ben', 'system.emergency_stop', mailTo(ben))
  await story.attempt('outreach', 'cancels the scheduled mail', 'executed', () =>
    sdk.outreach.conversations.cancelScheduledEmailMessage({ emailMessageId: scheduled.value?.emailMessageId ?? '' }),
  )
}

/** The same again, by a gateway that was just opened on the folder: it has to know everything. */
export async function restart(world: World): Promise<void> {
  const { story, clock, fake, ann, mailTo, read, mailsSince } = world
  story.chapter('Restart', 'The process ends and another one opens the same folder. Nothing is forgotten.')
  await world.restart()
  const { gateway } = world.office
  await story.attempt('outreach', 'mails Ann', 'system.emergency_stop', mailTo(ann))
  await gateway.system.liftEmergencyStop({ by: 'maria' })
  await story.attempt('outreach', 'reads Ann', 'breaker.open', read(ann))
  clock.advance(30 * SECOND)
  await story.attempt('outreach', 'mails a 21st time in an hour', 'email.hourly_limit', mailTo(ann))
  clock.advance(30 * SECOND)
  await story.many('outreach', 'reads Ann: three probes', [read(ann), read(ann), read(ann)])
  const { ghl_api } = await gateway.breakers.status()
  expect(ghl_api?.state === 'closed', `the breaker is ${ghl_api?.state} after its probes`)
  await story.attempt('outreach', 'reads Ann: the breaker is closed', 'executed', read(ann))
  expect(mailsSince(clock.now() - HOUR) <= 20, 'more than 20 mails left within an hour')
  expect(
    fake.state.messages.every(({ subject, sentAt }) => subject !== 'Shall we talk?' || sentAt === null),
    'a cancelled mail left',
  )
}

export async function evening(world: World, kyraAwakeAt: number): Promise<void> {
  const { story, clock, kyra, ben, mailTo, mailsSince, routine } = world
  const today = Date.parse('2026-03-02T00:00:00-05:00')
  story.chapter(
    'The day fills up',
    'Leads are written to all afternoon, Kyra once she is awake, until the 150 mails of the day are used.',
  )
  clock.advance(HOUR)
  await routine(Math.floor((kyraAwakeAt - clock.now()) / EVERY), EVERY)
  clock.set(kyraAwakeAt + MINUTE)
  await story.attempt('outreach', 'mails Kyra: Tuesday morning in Sydney', 'executed', mailTo(kyra))
  // One of the 150 is the mail that was cancelled: what was promised to GHL stays counted.
  await routine(149 - mailsSince(today), EVERY)
  clock.advance(EVERY)
  await story.attempt('outreach', 'mails Ben, the 151st today', 'email.daily_limit', mailTo(ben))
}

export async function nextMorning({ story, clock, fake, ann, ben, mailTo, read, mailsSince, routine }: World): Promise<void> {
  const month = Date.parse('2026-03-01T00:00:00-05:00')
  story.chapter('The next morning', 'A new day has 150 mails again. This demo allows itself 155 a month, to show that limit too.')
  clock.set('2026-03-03T09:00:00-05:00')
  await story.attempt('outreach', 'mails Ben', 'executed', mailTo(ben))
  await routine(154 - mailsSince(month), 30 * SECOND)
  clock.advance(30 * SECOND)
  await story.attempt('outreach', 'mails Ann, the 156th this month', 'email.monthly_limit', mailTo(ann))
  // Other programs use the same location; GHL tells with every answer how many calls of the day are left.
  fake.limits.daily = fake.calls.filter(({ at }) => at > Date.parse('2026-03-03T00:00:00Z')).length + 1
  await story.attempt('outreach', 'reads Ann: the last call of the day', 'executed', read(ann))
  const calls = fake.calls.length
  await story.attempt('outreach', 'reads Ann, one call too many', 'ghl.daily_limit', read(ann))
  expect(fake.calls.length === calls, 'a call went out that GHL had no room for')
}
