export { decideRollout } from './decide-rollout.js'
export { liveShare, type RolloutMode, rolloutMode, strictest } from './mode.js'
export { modeFromEnv } from './mode-from-env.js'
