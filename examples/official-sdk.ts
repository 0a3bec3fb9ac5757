// The official GHL SDK behind the gate. Runs as it is: `npx tsx examples/official-sdk.ts`.
import { HighLevel } from '@gohighlevel/api-client'
import { createGateway, isApprovalPending, isGatewayBlocked, isOutcomeUnknown, memoryStorage, withGateway } from 'sendwarden'
import { createFakeGhl, fakeClock } from 'sendwarden/testing'

// In production: no fake and no clock; your token, and fileStorage('.sendwarden') from 'sendwarden/storage/file'.
const clock = fakeClock()
const fake = await createFakeGhl({ clock })
const ada = fake.addContact({ firstName: 'Ada', email: 'ada@example.com', timezone: 'America/New_York' })
const client = new HighLevel({ privateIntegrationToken: fake.accessToken, logLevel: 'none' })
client.getHttpClient().defaults.baseURL = fake.url

const gateway = createGateway({ agents: { outreach: 'GHL_MASTER' }, storage: memoryStorage(), mode: 'live', clock })
const outreach = gateway.agent('outreach')
const ghl = withGateway(client, outreach)

/** What an agent's tool does: look the contact up, write, and tell the model what became of it. */
async function writeTo(contactId: string, html: string): Promise<string> {
  const { contact } = await ghl.contacts.getContact({ contactId })
  const grounding = { source: 'ghl', dataId: contactId, verifiedAt: clock.now() }
  const subject = `Notes for ${contact?.firstName}`
  // subType and status: the SDK's types demand them, GHL does not.
  const body = { type: 'Email', contactId, subject, html, subType: {}, status: 'pending' }
  try {
    await outreach.run({ grounding }, () => ghl.conversations.sendANewMessage(body))
    return 'Sent.'
  } catch (error) {
    if (isGatewayBlocked(error)) {
      const { reasons, retryAt } = error.outcome
      const when = retryAt === undefined ? '' : ` Not before ${new Date(retryAt).toISOString()}.`
      return `Not sent: ${reasons.map(({ message }) => message).join(' ')}${when}`
    }
    if (isApprovalPending(error)) return 'Not sent yet: a human has to approve it. Do not send it again.'
    if (isOutcomeUnknown(error)) return 'It may have been sent. Do not send it again.'
    throw error // the SDK's own error: GHL said no
  }
}

console.log(await writeTo(ada.id, '<p>Here are the notes of our call.</p>'))
console.log(
  await writeTo(
    ada.id,
    `<p>Here are the notes of our call.</p><p>Example Agency, 100 Main Street, New York, NY 10001</p>
    <p><a href="https://agency.example/unsubscribe">Unsubscribe</a></p>`,
  ),
)
console.log(`${fake.sent.length} mail left.`)
await gateway.close()
await fake.close()
