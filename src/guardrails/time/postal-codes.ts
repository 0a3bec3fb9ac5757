import { regionPlace } from './area-codes.js'
import { type Place, zonesOf } from './place.js'

/** Where a ZIP code lies, with the zones of its first three digits; undefined for military and unassigned ones. */
export function zipPlace(zip: string): Place | undefined {
  if (!/^\d{5}(?:-?\d{4})?$/.test(zip)) return undefined
  const island = ISLANDS.find(([start]) => zip.startsWith(start))
  if (island !== undefined) return toPlace(`US-${island[1]}`)
  const prefix = Number(zip.slice(0, 3))
  let found: Range | undefined
  for (const range of readRanges()) {
    if (range.from > prefix) break
    found = range
  }
  return found?.place
}

/** Where a Canadian postal code lies, by its first letter. */
export function canadianPlace(code: string): readonly Place[] {
  if (!/^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i.test(code)) return []
  return (LETTERS[code.charAt(0).toUpperCase()] ?? []).flatMap((text) => toPlace(`CA-${text}`) ?? [])
}

interface Range {
  readonly from: number
  readonly place: Place | undefined
}

let ranges: readonly Range[] | undefined

function readRanges(): readonly Range[] {
  ranges ??= RANGES.split(/\s+/).map((item) => ({
    from: Number(item.slice(0, 3)),
    place: item.length > 3 ? toPlace(`US-${item.slice(3)}`) : undefined,
  }))
  return ranges
}

/** `US-FL:EC` → Florida, there Eastern or Central. */
function toPlace(text: string): Place | undefined {
  const [id = '', letters] = text.split(':')
  return letters === undefined ? regionPlace(id) : { id, zones: zonesOf(letters) }
}

/**
 * First prefix of each range of ZIP codes, the state, and its zones where the state has several (letters as in
 * place.ts); a bare number ends a range. Ranges as the USPS gives them out, zones as 49 CFR 71 draws them.
 */
const RANGES = `005NY 006PR 008VI 009PR 010MA 028RI 030NH 039ME 050VT 055MA 056VT 060CT 070NJ 090
100NY 150PA 197DE 200
201VA 202DC 206MD 220VA 247WV 269 270NC 290SC 300GA 320FL:E 324FL:EC 325FL:C 326FL:E 340 341FL:E 343 344FL:E 345 346FL:E 348 349FL:E
350AL 370TN:C 373TN:EC 374TN:E 377TN:EC 378TN:E 380TN:C 386MS 398GA
400KY:E 401KY:EC 402KY:E 420KY:C 425KY:EC 428 430OH 460IN:E 463IN:C 465IN:EC 467IN:E 469IN:EC 470IN:E 475IN:EC 477IN:C 478IN:E 479IN:EC
480MI:E 498MI:EC
500IA 529 530WI 550MN 568
570SD:C 575SD:CM 577SD:M 578 580ND:C 585ND:CM 589 590MT
600IL 630MO 659 660KS:C 677KS:CM 679KS:C 680NE:C 690NE:CM 693NE:M 694
700LA 715 716AR 730OK 733TX:C 734OK 750TX:C 798TX:CM 799TX:M
800CO 817 820WY 832ID:M 835ID:MP 836ID:M 838ID:P 839 840UT 848 850AZ:Z 860AZ:ZM 861AZ:Z 865AZ:ZM 866 870NM 885TX:M 886 889NV:P 898NV:PM 899
900CA 962 967HI 969 970OR:P 979OR:MP 980WA 995AK`

/** Parts of the Pacific's 967 and 969; Palau, Micronesia and the Marshall Islands are countries of their own. */
const ISLANDS = [
  ['96799', 'AS'],
  ['9691', 'GU'],
  ['9692', 'GU'],
  ['9693', 'GU'],
  ['9695', 'MP'],
] as const

const LETTERS: Readonly<Record<string, readonly string[]>> = {
  A: ['NL'],
  B: ['NS'],
  C: ['PE'],
  E: ['NB'],
  G: ['QC'],
  H: ['QC:t'],
  J: ['QC:t'],
  K: ['ON:t'],
  L: ['ON:t'],
  M: ['ON:t'],
  N: ['ON:t'],
  P: ['ON'],
  R: ['MB'],
  S: ['SK'],
  T: ['AB'],
  V: ['BC'],
  X: ['NT', 'NU'],
  Y: ['YT'],
}
