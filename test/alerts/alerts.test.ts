import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type Alert, consoleAlerts, oncePer, slackAlerts, webhookAlerts } from '../../src/alerts/index.js'
import { mail, world } from '../gateway/world.js'

const news: Alert = { level: 'critical', code: 'breaker.open', subject: 'ghl_api', message: 'It opened.', at: 1_000 }

/** A receiver on loopback that answers `status` and keeps what it got. */
async function receiver(status: number) {
  const bodies: unknown[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    bodies.push(JSON.parse(text))
    response.writeHead(status).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook-secret`
  return { url, bodies, close: () => new Promise((closed) => server.close(closed)) }
}

test('a console alert is one line with level, code and message', async () => {
  const lines: string[] = []
  await consoleAlerts((line) => lines.push(line)).send(news)
  expect(lines).toEqual(['[sendwarden] 1970-01-01T00:00:01.000Z critical breaker.open: It opened.'])
})

test('Slack gets an attachment in the colour of the level', async () => {
  const { url, bodies, close } = await receiver(200)
  await slackAlerts({ webhookUrl: url }).send(news)
  expect(bodies).toMatchObject([{ attachments: [{ color: '#ff0000', title: 'breaker.open', text: 'It opened.' }] }])
  await close()
})

test('a receiver that refuses is an error without its secret address', async () => {
  const { url, close } = await receiver(500)
  await expect(webhookAlerts({ url }).send(news)).rejects.toThrow(/^The alert receiver answered 500\.$/)
  await close()
  await expect(webhookAlerts({ url }).send(news)).rejects.toThrow(/^(?!.*secret).*did not answer/)
})

test('the same news is said once per period, and again when saying it failed', async () => {
  const said: number[] = []
  let works = false
  const channel = oncePer(1000, {
    async send({ at }) {
      if (!works) throw new Error('down')
      said.push(at)
    },
  })
  await expect(channel.send(news)).rejects.toThrow('down')
  works = true
  for (const at of [1_100, 1_500, 2_050, 2_200]) await channel.send({ ...news, at })
  expect(said).toEqual([1_100, 2_200])
})

test('a gateway tells of stops and unknown outcomes, and a broken channel changes nothing', async () => {
  const codes: string[] = []
  const { gateway, outreach, ann, fake } = await world({
    alerts: {
      async send({ code }) {
        codes.push(code)
        throw new Error('channel down')
      },
    },
  })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'unknown' })
  await gateway.system.emergencyStop({ reason: 'something is wrong' })
  expect(codes).toEqual(['outcome.unknown', 'system.emergency_stop'])
})
