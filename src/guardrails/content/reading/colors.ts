/** A colour as a number (0xrrggbb), or one of these. */
export const COLOR = {
  /** Drawn through: nobody sees it. */
  clear: -1,
  /** A picture, or a colour that cannot be read: as unlike any other. */
  unknown: -2,
  white: 0xffffff,
} as const

/** The colour of a value of CSS or of an attribute, lower case, without spaces. */
export function colorOf(value: string): number {
  const named = NAMED.get(value)
  if (named !== undefined) return named
  const hex = /^#?([0-9a-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return hexColor(hex)
  const [, kind = '', list = ''] = /^(rgb|hsl)a?\(([^()]{1,40})\)$/.exec(value) ?? []
  const [first = '', second = '', third = '', alpha] = list.split(/[,/]/)
  if (alpha !== undefined && share(alpha) < CLEAR_BELOW) return COLOR.clear
  if (kind === 'rgb') return rgbColor(channel(first), channel(second), channel(third))
  if (kind === 'hsl' && third === '100%') return COLOR.white
  return kind === 'hsl' && third === '0%' ? 0 : COLOR.unknown
}

/** Whether nobody can read one colour on the other: each channel differs by less than 8 of 255. */
export function isUnreadable(ink: number, paper: number): boolean {
  if (ink === COLOR.clear) return true
  if (ink < 0 || paper < 0) return false
  return isNear(ink >> 16, paper >> 16) && isNear(ink >> 8, paper >> 8) && isNear(ink, paper)
}

function isNear(one: number, other: number): boolean {
  return Math.abs((one & 255) - (other & 255)) < 8
}

const CLEAR_BELOW = 0.05

/** Of three or six digits, or of four or eight with how much it covers; by numbers, because every mail has some. */
function hexColor(digits: string): number {
  const value = Number.parseInt(digits, 16)
  if (digits.length === 6) return value
  if (digits.length === 3) return doubled(value)
  if (digits.length === 8) return value % 256 < 255 * CLEAR_BELOW ? COLOR.clear : Math.floor(value / 256)
  if (digits.length === 4) return value % 16 < 15 * CLEAR_BELOW ? COLOR.clear : doubled(value >> 4)
  return COLOR.unknown
}

/** 0xrgb as 0xrrggbb. */
function doubled(short: number): number {
  return (short & 0xf00) * 0x1100 + (short & 0xf0) * 0x110 + (short & 0xf) * 0x11
}

function rgbColor(...channels: readonly number[]): number {
  return channels.every((one) => one >= 0 && one <= 255)
    ? channels.reduce((sum, one) => sum * 256 + Math.round(one), 0)
    : COLOR.unknown
}

function channel(text: string): number {
  return text.endsWith('%') ? share(text) * 255 : Number.parseFloat(text)
}

function share(text: string): number {
  return Number.parseFloat(text) / (text.endsWith('%') ? 100 : 1)
}

/** Those that mail uses, and those that are nearly white. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ['transparent', COLOR.clear],
  ...(
    'white=ffffff black=000000 red=ff0000 lime=00ff00 blue=0000ff yellow=ffff00 aqua=00ffff cyan=00ffff fuchsia=ff00ff ' +
    'magenta=ff00ff silver=c0c0c0 gray=808080 grey=808080 maroon=800000 olive=808000 green=008000 purple=800080 teal=008080 ' +
    'navy=000080 orange=ffa500 snow=fffafa ghostwhite=f8f8ff whitesmoke=f5f5f5'
  )
    .split(' ')
    .map((pair): [string, number] => [pair.slice(0, pair.indexOf('=')), Number.parseInt(pair.slice(-6), 16)]),
])
