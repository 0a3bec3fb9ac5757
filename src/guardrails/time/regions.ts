import { regionPlace } from './area-codes.js'
import { lettersOf } from './country-codes.js'
import type { Place } from './place.js'

/** Territories of the US have codes of both kinds: `PR` is a country to ISO and a state to the post. */
const TERRITORIES = ['PR', 'VI', 'GU', 'MP', 'AS']

/** The US territory a country code stands for, as a state. */
export function territoryOf(country: string): Place | undefined {
  return TERRITORIES.includes(country) ? regionPlace(`US-${country}`) : undefined
}

/** The state or province a text names, by code or name, within the country where that is known. */
export function regionOf(text: string, country: string | undefined): Place | undefined {
  const letters = lettersOf(text)
  names ??= new Map(NAMES.split('\n').flatMap(parseLine))
  const code = names.get(letters) ?? letters
  for (const nation of ['US', 'CA']) {
    if (country !== undefined && country !== nation) continue
    const found = regionPlace(`${nation}-${code}`)
    if (found !== undefined) return found
  }
  return undefined
}

let names: ReadonlyMap<string, string> | undefined

function parseLine(line: string): [string, string][] {
  return line.split(' ').map((item) => {
    const [code = '', name = ''] = item.split('=')
    return [name, code]
  })
}

const NAMES = `AL=ALABAMA AK=ALASKA AZ=ARIZONA AR=ARKANSAS CA=CALIFORNIA CO=COLORADO CT=CONNECTICUT DE=DELAWARE
DC=DISTRICTOFCOLUMBIA DC=WASHINGTONDC FL=FLORIDA GA=GEORGIA HI=HAWAII ID=IDAHO IL=ILLINOIS IN=INDIANA IA=IOWA KS=KANSAS
KY=KENTUCKY LA=LOUISIANA ME=MAINE MD=MARYLAND MA=MASSACHUSETTS MI=MICHIGAN MN=MINNESOTA MS=MISSISSIPPI MO=MISSOURI
MT=MONTANA NE=NEBRASKA NV=NEVADA NH=NEWHAMPSHIRE NJ=NEWJERSEY NM=NEWMEXICO NY=NEWYORK NC=NORTHCAROLINA ND=NORTHDAKOTA
OH=OHIO OK=OKLAHOMA OR=OREGON PA=PENNSYLVANIA RI=RHODEISLAND SC=SOUTHCAROLINA SD=SOUTHDAKOTA TN=TENNESSEE TX=TEXAS
UT=UTAH VT=VERMONT VA=VIRGINIA WA=WASHINGTON WV=WESTVIRGINIA WI=WISCONSIN WY=WYOMING PR=PUERTORICO VI=USVIRGINISLANDS
VI=VIRGINISLANDS GU=GUAM MP=NORTHERNMARIANAISLANDS AS=AMERICANSAMOA
AB=ALBERTA BC=BRITISHCOLUMBIA MB=MANITOBA NB=NEWBRUNSWICK NL=NEWFOUNDLANDANDLABRADOR NL=NEWFOUNDLAND NL=NF NS=NOVASCOTIA
NT=NORTHWESTTERRITORIES NU=NUNAVUT ON=ONTARIO PE=PRINCEEDWARDISLAND PE=PEI QC=QUEBEC QC=PQ SK=SASKATCHEWAN YT=YUKON`
