import { domainToASCII } from 'node:url'

/**
 * A host name of two labels or more in its one spelling: lower case, ASCII (punycode), no dot at the end. Undefined for
 * anything else: a URL, a port, several names, an IP address.
 */
export function hostName(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')
  const ascii = /^[ -~]*$/.test(plain) ? plain : domainToASCII(plain)
  return ascii.length <= 253 && HOST.test(ascii) ? ascii : undefined
}

/** Labels of letters, digits and inner hyphens (underscores are seen, too); the last one is no number. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
