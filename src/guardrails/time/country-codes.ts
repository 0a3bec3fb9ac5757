import { countries, countryZones } from './country-zones.js'

/**
 * ISO 3166 alpha-2 of a country as contacts have it: by a code of two or three letters or by its name, in English and in
 * the languages of the countries whose laws are kept. Undefined = it is none.
 */
export function countryCode(text: string): string | undefined {
  if (text.length === 2 && countryZones(text).length > 0) return text.toUpperCase()
  const letters = lettersOf(text)
  if (letters.length === 2) return letters === 'UK' ? 'GB' : countryZones(letters).length > 0 ? letters : undefined
  codes ??= new Map(ALPHA_3.split(/\s/).map((pair): [string, string] => [pair.slice(0, 3), pair.slice(4)]))
  if (letters.length === 3) return codes.get(letters) ?? OTHER_NAMES.get(letters)
  return namedCountry(text) ?? partsCountry(text)
}

function namedCountry(text: string): string | undefined {
  const name = nameOf(text)
  if (name === '') {
    foreignNames ??= readNames(FOREIGN, foreignOf)
    return foreignNames.get(foreignOf(text))
  }
  names ??= readNames(LANGUAGES, nameOf)
  const known = OTHER_NAMES.get(name) ?? names.get(name)
  if (known !== undefined) return known
  const short = name.replace(/^(?:(?:FEDERAL)?REPUBLIC|KINGDOM|COMMONWEALTH|PRINCIPALITY|GRANDDUCHY)OF/, '')
  return short === name ? undefined : (OTHER_NAMES.get(short) ?? names.get(short))
}

/** "United States (US)", "US - United States", "Moldova, Republic of": all parts that are no title mean the same. */
function partsCountry(text: string): string | undefined {
  const parts = text
    .slice(0, LONGEST)
    .split(/[,()/]|\s[-–—]\s/)
    .filter((part) => part.trim() !== '' && !/\bof\b/i.test(part))
  if (parts.length === 0 || parts[0] === text) return undefined
  const [first, ...others] = parts.map(countryCode)
  return others.every((code) => code === first) ? first : undefined
}

const LONGEST = 60

/** Letters alone, upper case, without accents: `Québec` → `QUEBEC`. */
export function lettersOf(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toUpperCase()
}

/** The letters of a name without what some leave out: `The Bahamas`, `Trinidad & Tobago`, `St. Lucia`. */
function nameOf(text: string): string {
  return lettersOf(text.replace(/\b(?:the|and)\b/gi, '').replace(/\bsaint\b/gi, 'st'))
}

/** The letters of another alphabet. */
function foreignOf(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize('NFC')
    .replace(/[^\p{L}]/gu, '')
    .toUpperCase()
}

let codes: ReadonlyMap<string, string> | undefined
let names: ReadonlyMap<string, string> | undefined
let foreignNames: ReadonlyMap<string, string> | undefined

/** As the runtime's own data write them; read once, and only for what is no code. */
function readNames(languages: readonly string[], keyOf: (name: string) => string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const language of languages) {
    const shown = new Intl.DisplayNames(language, { type: 'region' })
    for (const code of countries()) {
      const shownName = shown.of(code) ?? ''
      const name = keyOf(shownName)
      if (name !== '' && shownName !== code && !found.has(name)) found.set(name, code)
    }
  }
  return found
}

const LANGUAGES = 'en de fr es it nl pt pl sv da fi cs sk hu ro hr sl et lv lt'.split(' ')
/** Of other alphabets. */
const FOREIGN = 'el bg ru uk ja ko zh ar he'.split(' ')

const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  `UNITEDSTATESOFAMERICA=US AMERICA=US EEUU=US ESTADOSUNIDOSDEAMERICA=US GREATBRITAIN=GB ENGLAND=GB SCOTLAND=GB WALES=GB NORTHERNIRELAND=GB
EIRE=IE HOLLAND=NL CZECHREPUBLIC=CZ SLOVAKREPUBLIC=SK HONGKONG=HK HONGKONGSAR=HK HONGKONGCHINA=HK MACAU=MO MACAO=MO MACAUSAR=MO KOREA=KR
KOREADEMOCRATICPEOPLESREPUBLICOF=KP DEMOCRATICPEOPLESREPUBLICOFKOREA=KP UAE=AE KSA=SA RSA=ZA DRC=CD PRC=CN PEOPLESREPUBLICOFCHINA=CN
REPUBLICOFCHINA=TW IVORYCOAST=CI RUSSIANFEDERATION=RU MACEDONIA=MK PALESTINE=PS STATEOFPALESTINE=PS BURMA=MM MYANMAR=MM TURKEY=TR
TURKIYE=TR SWAZILAND=SZ CABOVERDE=CV CONGO=CG REPUBLICOFCONGO=CG DEMOCRATICREPUBLICOFCONGO=CD CONGODEMOCRATICREPUBLICOF=CD VATICAN=VA
HOLYSEE=VA LAOPDR=LA SYRIANARABREPUBLIC=SY BRUNEIDARUSSALAM=BN EASTTIMOR=TL TRINIDAD=TT BOSNIA=BA`
    .split(/\s/)
    .map((pair): [string, string] => [pair.slice(0, -3), pair.slice(-2)]),
)

/** ISO 3166-1, alpha-3 and alpha-2. */
const ALPHA_3 = `AND=AD ARE=AE AFG=AF ATG=AG AIA=AI ALB=AL ARM=AM AGO=AO ATA=AQ ARG=AR ASM=AS AUT=AT AUS=AU ABW=AW ALA=AX AZE=AZ BIH=BA BRB=BB
BGD=BD BEL=BE BFA=BF BGR=BG BHR=BH BDI=BI BEN=BJ BLM=BL BMU=BM BRN=BN BOL=BO BES=BQ BRA=BR BHS=BS BTN=BT BVT=BV BWA=BW BLR=BY
BLZ=BZ CAN=CA CCK=CC COD=CD CAF=CF COG=CG CHE=CH CIV=CI COK=CK CHL=CL CMR=CM CHN=CN COL=CO CRI=CR CUB=CU CPV=CV CUW=CW CXR=CX
CYP=CY CZE=CZ DEU=DE DJI=DJ DNK=DK DMA=DM DOM=DO DZA=DZ ECU=EC EST=EE EGY=EG ESH=EH ERI=ER ESP=ES ETH=ET FIN=FI FJI=FJ FLK=FK
FSM=FM FRO=FO FRA=FR GAB=GA GBR=GB GRD=GD GEO=GE GUF=GF GGY=GG GHA=GH GIB=GI GRL=GL GMB=GM GIN=GN GLP=GP GNQ=GQ GRC=GR SGS=GS
GTM=GT GUM=GU GNB=GW GUY=GY HKG=HK HMD=HM HND=HN HRV=HR HTI=HT HUN=HU IDN=ID IRL=IE ISR=IL IMN=IM IND=IN IOT=IO IRQ=IQ IRN=IR
ISL=IS ITA=IT JEY=JE JAM=JM JOR=JO JPN=JP KEN=KE KGZ=KG KHM=KH KIR=KI COM=KM KNA=KN PRK=KP KOR=KR KWT=KW CYM=KY KAZ=KZ LAO=LA
LBN=LB LCA=LC LIE=LI LKA=LK LBR=LR LSO=LS LTU=LT LUX=LU LVA=LV LBY=LY MAR=MA MCO=MC MDA=MD MNE=ME MAF=MF MDG=MG MHL=MH MKD=MK
MLI=ML MMR=MM MNG=MN MAC=MO MNP=MP MTQ=MQ MRT=MR MSR=MS MLT=MT MUS=MU MDV=MV MWI=MW MEX=MX MYS=MY MOZ=MZ NAM=NA NCL=NC NER=NE
NFK=NF NGA=NG NIC=NI NLD=NL NOR=NO NPL=NP NRU=NR NIU=NU NZL=NZ OMN=OM PAN=PA PER=PE PYF=PF PNG=PG PHL=PH PAK=PK POL=PL SPM=PM
PCN=PN PRI=PR PSE=PS PRT=PT PLW=PW PRY=PY QAT=QA REU=RE ROU=RO SRB=RS RUS=RU RWA=RW SAU=SA SLB=SB SYC=SC SDN=SD SWE=SE SGP=SG
SHN=SH SVN=SI SJM=SJ SVK=SK SLE=SL SMR=SM SEN=SN SOM=SO SUR=SR SSD=SS STP=ST SLV=SV SXM=SX SYR=SY SWZ=SZ TCA=TC TCD=TD ATF=TF
TGO=TG THA=TH TJK=TJ TKL=TK TLS=TL TKM=TM TUN=TN TON=TO TUR=TR TTO=TT TUV=TV TWN=TW TZA=TZ UKR=UA UGA=UG UMI=UM USA=US URY=UY
UZB=UZ VAT=VA VCT=VC VEN=VE VGB=VG VIR=VI VNM=VN VUT=VU WLF=WF WSM=WS YEM=YE MYT=YT ZAF=ZA ZMB=ZM ZWE=ZW`
