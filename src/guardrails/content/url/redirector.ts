import { registrableDomain } from '../../recipients/registrable-domain.js'
import { hostOf } from '../reading/links.js'

/** Whether an address only passes its reader on to another domain that stands in its query. Sharing links do not. */
export function redirects(href: string, host: string): boolean {
  const query = href.indexOf('?')
  if (query === -1 || query > 500) return false
  const rest = href.slice(query + 1, query + 2000).toLowerCase()
  const at = targetAt(rest)
  if (at === -1) return false
  if (/share|intent|compose|oauth|login|signin/.test(href.slice(0, query).toLowerCase())) return false
  const target = hostOf(rest.slice(at).replace(/%3a/g, ':').replace(/%2f/g, '/').replace(/^\/\//, 'https://'))
  return target !== '' && registrableDomain(target) !== registrableDomain(host)
}

/** Where a value begins that is an address itself; -1 for none. */
function targetAt(query: string): number {
  const match = /(?:^|&)[a-z0-9_.-]{1,30}=((?:https?(?::|%3a)|(?:\/|%2f)(?:\/|%2f)))/.exec(query)
  return match === null ? -1 : match.index + match[0].length - (match[1]?.length ?? 0)
}
