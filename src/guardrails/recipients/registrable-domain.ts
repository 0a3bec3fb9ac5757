import { domainToASCII } from 'node:url'
import { memoize } from '../../core/memo.js'

/**
 * The part of a host somebody registers: `mail.acme.co.uk` -> `acme.co.uk`. Lower case, in ASCII (punycode), without
 * a trailing dot.
 * Knows the usual two-label suffixes only; under a suffix it does not know, two labels are taken.
 */
export const registrableDomain: (host: string) => string = memoize(2000, (host) => {
  const plain = host.normalize('NFKC').trim().toLowerCase()
  const ascii = /^[ -~]*$/.test(plain) ? plain : domainToASCII(plain) || plain
  const labels = ascii.split('.').filter((label) => label !== '')
  if (labels.length <= 2) return labels.join('.')
  const two = labels.slice(-2).join('.')
  return TWO_LABEL_SUFFIXES.has(two) ? labels.slice(-3).join('.') : two
})

/** From the ICANN part of the public suffix list: country codes people register under at the third level. */
const TWO_LABEL_SUFFIXES: ReadonlySet<string> = new Set([
  ...under('uk', 'co org me ltd plc net sch ac gov nhs'),
  ...under('au', 'com net org edu gov asn id'),
  ...under('nz', 'co net org govt ac school geek'),
  ...under('za', 'co net org gov ac web'),
  ...under('jp', 'co or ne ac ad go gr ed lg'),
  ...under('br', 'com net org gov edu ind adv eco'),
  ...under('in', 'co net org gov ac firm gen ind'),
  ...under('kr', 'co or ne go ac re pe'),
  ...under('il', 'co org net ac gov muni'),
  ...under('tr', 'com net org gov edu bel gen web'),
  ...under('mx', 'com net org gob edu'),
  ...under('ar', 'com net org gob edu'),
  ...under('co', 'com net org gov edu'),
  ...under('cn', 'com net org gov edu ac'),
  ...under('tw', 'com net org gov edu idv'),
  ...under('hk', 'com net org gov edu idv'),
  ...under('sg', 'com net org gov edu per'),
  ...under('my', 'com net org gov edu'),
  ...under('th', 'co or ac go in'),
  ...under('id', 'co or ac go web sch'),
  ...under('ph', 'com net org gov edu'),
  ...under('vn', 'com net org gov edu'),
  ...under('pk', 'com net org gov edu'),
  ...under('eg', 'com net org gov edu'),
  ...under('sa', 'com net org gov edu'),
  ...under('ae', 'co net org gov ac'),
  ...under('ng', 'com net org gov edu'),
  ...under('ke', 'co or ne go ac'),
  ...under('pe', 'com net org gob edu'),
  ...under('ua', 'com net org gov edu'),
  ...under('pl', 'com net org gov edu'),
  ...under('pt', 'com org gov edu'),
  ...under('es', 'com nom org gob edu'),
  ...under('at', 'co or ac gv'),
  ...under('hu', 'co org'),
  ...under('cr', 'co or fi ac go'),
])

function under(country: string, second: string): string[] {
  return second.split(' ').map((label) => `${label}.${country}`)
}
