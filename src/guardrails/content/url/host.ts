import { unitAt } from '../../../core/unit-at.js'
/** Whether a host is an IP address in any spelling a browser takes: dotted, decimal, hexadecimal, octal, IPv6. */
export function isAddress(host: string): boolean {
  if (host.startsWith('[')) return true
  const first = unitAt(host, 0)
  if (!(first >= 48 && first <= 57)) return false
  const parts = host.split('.')
  return (
    parts.length <= 4 &&
    parts.every((part) => /^(?:0x[0-9a-f]{0,8}|\d{1,11})$/i.test(part)) &&
    (parts.length > 1 || host.length >= 7 || host.startsWith('0x'))
  )
}

/** Whether a label mixes scripts, or is written wholly in letters drawn like Latin ones; `xn--` labels are decoded. */
export function isHomograph(host: string): boolean {
  if (/^[a-z0-9.:[\]_-]*$/.test(host) && !host.includes('xn--')) return false
  const labels = host.split('.')
  const top = labels.at(-1) ?? ''
  return labels.some((label) => {
    const shown = label.startsWith('xn--') ? fromPunycode(label.slice(4)) : label
    if (/[\p{Cf}\u2044\u2215\u29f8\uff0f]/u.test(shown)) return true
    const other =
      /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Hebrew}\p{Script=Arabic}]/u.test(shown)
    if (!other) return /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/u.test(shown)
    return /[a-z]/i.test(shown) || (/^[a-z]+$/.test(top) && /^[асеорхуіјѕһԁԛԝѵӏгкмтвнпοαεικνρτυχγ0-9-]+$/u.test(shown))
  })
}

/** RFC 3492; what cannot be decoded is given back as it is. Labels are at most 63 characters, so this is bounded. */
function fromPunycode(label: string): string {
  const dash = label.lastIndexOf('-')
  const output = dash > 0 ? Array.from(label.slice(0, dash), (char) => unitAt(char, 0)) : []
  let code = 128
  let position = 0
  let bias = 72
  let at = dash > 0 ? dash + 1 : 0
  if (label.length > 63) return label
  while (at < label.length) {
    const before = position
    let weight = 1
    for (let k = 36; ; k += 36) {
      const digit = digitOf(unitAt(label, at++))
      if (digit === undefined || at > label.length + 1) return label
      position += digit * weight
      const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
      if (digit < threshold) break
      weight *= 36 - threshold
    }
    const size = output.length + 1
    bias = adapt(position - before, size, before === 0)
    code += Math.floor(position / size)
    if (code > 0x10ffff) return label
    position %= size
    output.splice(position++, 0, code)
  }
  return String.fromCodePoint(...output)
}

function digitOf(code: number): number | undefined {
  if (code >= 48 && code <= 57) return code - 22
  const lower = code | 32
  return lower >= 97 && lower <= 122 ? lower - 97 : undefined
}

function adapt(delta: number, size: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1
  rest += Math.floor(rest / size)
  let k = 0
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35)
  return k + Math.floor((36 * rest) / (rest + 38))
}
