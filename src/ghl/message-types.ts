import type { Channel } from '../core/contact.js'

const TYPE_NAMES: Readonly<Record<string, Channel>> = {
  sms: 'sms',
  rcs: 'rcs',
  email: 'email',
  whatsapp: 'whatsapp',
  ig: 'instagram',
  instagram: 'instagram',
  fb: 'facebook',
  facebook: 'facebook',
  livechat: 'live_chat',
  tiktok: 'tiktok',
  call: 'call',
  voicemail: 'call',
}

/** The channel of a message as lists and events name it: `TYPE_SMS`, `SMS`, `CustomEmail` and the like. */
export function channelOf(messageType: unknown): Channel | undefined {
  const name = nameOf(messageType)
  if (name === undefined) return undefined
  if (name.startsWith('custom')) return TYPE_NAMES[name.slice('custom'.length)] ?? 'custom'
  return Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name] : undefined
}

/** `sms` for `TYPE_SMS`; undefined where nothing is named. */
export function nameOf(messageType: unknown): string | undefined {
  if (typeof messageType !== 'string') return undefined
  return messageType
    .replace(/^TYPE_/i, '')
    .replace(/[^a-z]/gi, '')
    .toLowerCase()
}
