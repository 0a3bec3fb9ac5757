import { HighLevel } from '@gohighlevel/api-client'
import { HighLevel as HighLevel30 } from 'ghl-api-client-3.0'
import { afterEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock } from '../../src/testing/index.js'

let fake: FakeGhl
afterEach(() => fake.close())

for (const [version, Client] of [
  ['3.1.0', HighLevel],
  ['3.0.0', HighLevel30],
] as const) {
  test(`SDK ${version} creates a contact, writes to it and reads the delivery back`, async () => {
    fake = await createFakeGhl({ clock: fakeClock() })
    const ghl = new Client({ privateIntegrationToken: fake.accessToken })
    ghl.getHttpClient().defaults.baseURL = fake.url
    const { contact } = await ghl.contacts.createContact({
      locationId: fake.locationId,
      email: 'ada@example.com',
      phone: '+12125550123',
    })
    const body = { type: 'SMS', contactId: contact?.id ?? '', message: 'Hello', subType: {}, status: 'pending' }
    const { messageId } = await ghl.conversations.sendANewMessage(body)
    expect(fake.sent).toMatchObject([{ id: messageId, to: ['+12125550123'], body: 'Hello' }])
    // 3.0.0 cannot name the message in getMessage(), so both read it by its path.
    const { data } = await ghl.request({ method: 'GET', url: `/conversations/messages/${messageId}` })
    expect(data).toMatchObject({ status: 'delivered', messageType: 'TYPE_SMS' })
  })
}
