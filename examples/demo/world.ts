import { createFakeGhl, fakeClock } from 'sendwarden/testing'
import { createNarrator } from './narrator.js'
import { mail, openOffice, type Person } from './office.js'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

export type World = Awaited<ReturnType<typeof createWorld>>

/** The clock, the GoHighLevel inside this process, the people in it, the office that works with them, and who tells of it. */
export async function createWorld(folder: string) {
  const clock = fakeClock('2026-03-02T08:00:00-05:00')
  const fake = await createFakeGhl({ clock })
  const story = createNarrator(clock.now, (line) => process.stdout.write(`${line}\n`))
  const person = (firstName: string, domain: string, more = {}): Person =>
    fake.addContact({ firstName, email: `${firstName.toLowerCase()}@${domain}`, timezone: 'America/New_York', ...more })

  const world = {
    clock,
    fake,
    story,
    office: openOffice(folder, fake, clock),
    ann: person('Ann', 'acme.example', { phone: '+12125550101' }),
    ben: person('Ben', 'birch.example'),
    cleo: person('Cleo', 'cedar.example', { dndSettings: { Email: { status: 'active' } } }),
    dov: person('Dov', 'dune.example'),
    kyra: person('Kyra', 'koala.example', { timezone: 'Australia/Sydney', country: 'AU' }),
    eve: person('Eve', 'bigco.example'),
    colleagues: ['Finn', 'Gia', 'Hal', 'Ida', 'Jon'].map((name) => person(name, 'bigco.example')),
    leads: Array.from({ length: 200 }, (_, n) => person(`Lead-${n + 1}`, `company${n % 50}.example`)),

    /** The outreach agent looks somebody's data up, then writes to them through the SDK. */
    mailTo:
      (to: Person, more: Parameters<typeof mail>[1] = {}, { checkedMinutesAgo = 0, idempotencyKey = '' } = {}) =>
      () => {
        const { agent, sdk, checked } = world.office
        const context = { grounding: checked(to, checkedMinutesAgo), ...(idempotencyKey !== '' && { idempotencyKey }) }
        return agent.outreach.run(context, () => sdk.outreach.conversations.sendANewMessage(mail(to, more)))
      },
    read: (who: Person) => () => world.office.sdk.outreach.contacts.getContact({ contactId: who.id }),
    tag: (who: Person) => () => world.office.sdk.ops.contacts.addTags({ contactId: who.id }, { tags: ['met'] }),
    /** E-mails that left since `from`. */
    mailsSince: (from: number) => fake.sent.filter(({ type, sentAt }) => type === 'Email' && (sentAt ?? 0) > from).length,
    /** Goes on writing to the next leads, one every `everyMs`. */
    routine: (count: number, everyMs: number) =>
      story.many(
        'outreach',
        'mails a lead',
        world.leads.splice(0, count).map((lead) => () => {
          clock.advance(everyMs)
          return world.mailTo(lead)()
        }),
      ),
    /** Ends the process, as far as the gateway can see, and starts another one on the same folder. */
    async restart() {
      await world.office.gateway.close()
      world.office = openOffice(folder, fake, clock)
      story.listenTo(world.office.gateway)
    },
  }
  story.listenTo(world.office.gateway)
  return world
}
