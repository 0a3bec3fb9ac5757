// A day of five agents behind the gate: the official GHL SDK, wrapped, against a GoHighLevel that runs inside this process.
// Nothing leaves this machine. Every attempt has to end as the chapters say, or the demo says so and exits with 1.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approvals, evening, nextMorning, restart, stops, unknownOutcome } from './demo/afternoon.js'
import { guardrails, limits, roles, rollout } from './demo/morning.js'
import { StoryError } from './demo/narrator.js'
import { audited, intro, received } from './demo/telling.js'
import { createWorld } from './demo/world.js'

const folder = mkdtempSync(join(tmpdir(), 'sendwarden-demo-'))
const world = await createWorld(folder)
try {
  intro()
  await rollout(world)
  await roles(world)
  const kyraAwakeAt = await guardrails(world)
  await limits(world)
  await approvals(world)
  await unknownOutcome(world)
  await stops(world)
  await restart(world)
  await evening(world, kyraAwakeAt)
  await nextMorning(world)
  console.log('\nAll that was tried, what happened, and why:')
  world.story.table()
  received(world)
  await audited(world)
} catch (error) {
  console.log(error instanceof StoryError ? `\nThe story did not go as told: ${error.message}` : error)
  process.exitCode = 1
} finally {
  await world.office.gateway.close()
  await world.fake.close()
  rmSync(folder, { recursive: true, force: true })
}
