import { expect, test } from 'vitest'
import type { Alert } from '../../src/alerts/index.js'
import type { DomainStop, Gateway } from '../../src/gateway/index.js'
import { hearing } from './webhook-route.js'
import { codesOf, mail, world } from './world.js'

const DAY = 86_400_000
/** Where agency.example.com belongs to: that is what mailbox providers judge. */
const DOMAIN = 'example.com'

function listen(gateway: Gateway): readonly DomainStop[] {
  const stops: DomainStop[] = []
  gateway.on('domain', (stop) => stops.push(stop))
  return stops
}

test('bounces that stop a sending domain are told once, with the reason and the end, and people are alerted', async () => {
  const alerts: Alert[] = []
  const { gateway, outreach, ann, clock } = await world({ alerts: { send: async (alert) => void alerts.push(alert) } })
  const stops = listen(gateway)
  await gateway.health.record(DOMAIN, 'bounce', { count: 20 })
  const { coolingUntil: until } = await gateway.health.of(DOMAIN)
  expect(stops).toEqual([{ domain: DOMAIN, until, reason: expect.stringContaining('bounces') }])
  expect(codesOf(await outreach.execute(mail(ann.id)))).toContain('domain.cooling')
  await gateway.health.record(DOMAIN, 'bounce')
  expect(stops).toHaveLength(1)
  expect(alerts).toMatchObject([{ level: 'warning', code: 'domain.stopped', subject: DOMAIN, at: clock.now() }])
  expect(alerts[0]?.message).toContain(new Date(until ?? 0).toISOString())
})

test('a domain that came back and is stopped again is told again', async () => {
  const { gateway, clock } = await world()
  const stops = listen(gateway)
  await gateway.health.record(DOMAIN, 'bounce', { count: 20 })
  clock.advance(40 * DAY)
  expect(await gateway.health.of(DOMAIN)).toMatchObject({ healthy: true })
  await gateway.health.record(DOMAIN, 'bounce', { count: 20 })
  expect(stops).toHaveLength(2)
})

test('what GHL tells of mails stops their domain the same way', async () => {
  const { fake, gateway, outreach, ann } = await hearing()
  const stops = listen(gateway)
  fake.deliver(() => ({ status: 'failed', error: '550 5.7.1 blocked for poor reputation' }))
  for (const subject of ['First', 'Second', 'Third', 'Fourth']) {
    await outreach.execute(mail(ann.id, { subject }))
    await fake.tick()
  }
  expect(stops).toMatchObject([{ domain: DOMAIN, reason: expect.stringContaining('bounces') }])
  expect(codesOf(await outreach.execute(mail(ann.id, { subject: 'Fifth' })))).toContain('domain.cooling')
})
