import { mailboxGroup } from './mailbox-group.js'

/** Mailboxes of people, beside those of the big groups. */
const FREEMAIL: ReadonlySet<string> = new Set([
  ...['icloud.com', 'me.com', 'mac.com', 'proton.me', 'protonmail.com', 'gmx.com', 'gmx.net', 'gmx.de', 'gmx.at', 'web.de'],
  ...['t-online.de', 'freenet.de', 'mail.com', 'orange.fr', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'libero.it'],
  ...['virgilio.it', 'tiscali.it', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'seznam.cz', 'btinternet.com', 'sky.com'],
  ...['talktalk.net', 'virginmedia.com', 'ziggo.nl', 'kpnmail.nl', 'telenet.be', 'bluewin.ch', 'comcast.net', 'yandex.com'],
])

/** An address a person has from a mailbox provider, rather than from an employer: law takes it for an individual's. */
export function isFreemail(address: string): boolean {
  const group = mailboxGroup(address.slice(address.lastIndexOf('@') + 1))
  // The big providers are groups without a dot.
  return (group !== '' && !group.includes('.')) || FREEMAIL.has(group)
}
