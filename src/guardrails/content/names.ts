/** A name without case, accents and punctuation: `Zoë O’Hara` as `zoe ohara`. */
export function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}'’.]+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .trim()
    .toLowerCase()
}

/** Whether two names may mean the same person: alike, one short for the other, or a usual nickname. */
export function isSameName(one: string, other: string): boolean {
  const a = folded(one)
  const b = folded(other)
  if (a === '' || b === '' || a === b) return true
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  // An initial, or the first syllables: Alex, Alexander.
  if (long.startsWith(short) && (short.length === 1 || short.length >= 3)) return true
  const groups = GROUPS_OF.get(a)
  return groups !== undefined && (GROUPS_OF.get(b)?.some((group) => groups.includes(group)) ?? false)
}

/** Umlauts are written in two ways. */
function folded(name: string): string {
  return plainName(name.replace(/ä/gi, 'ae').replace(/ö/gi, 'oe').replace(/ü/gi, 'ue'))
    .replaceAll('ae', 'a')
    .replaceAll('oe', 'o')
    .replaceAll('ue', 'u')
}

/** Names that stand for each other; a name may be in several groups. */
const NICKNAMES = `
abigail abby gail; abraham abe; albert al bert; alexander alex sasha xander alec sandy lex alejandro; alexandra alex sasha sandra lexi; alfred al fred alfie; alison allie ali; amanda mandy;
andrew andy drew andreas andre andrei; angela angie; anthony tony antonio antoine; antonia toni; arthur art; barbara barb babs; benjamin ben benny benji; bernard bernie; beverly bev;
bradley brad; cameron cam; caroline carol carrie; carolyn carol; catherine cathy kate katie cat kathy kitty catalina; charles charlie chuck chas carlos karl; charlotte charlie lottie;
christina chris tina christy; christine chris tina chrissy; christopher chris kit topher christian; cynthia cindy; daniel dan danny; danielle dani; david dave davey; deborah deb debbie debra;
dennis denny; dominic dom nick; donald don donnie; dorothy dot dottie; douglas doug; edward ed eddie ted ned teddy eduardo; eleanor ellie nell nora ella; elizabeth liz lizzie beth betty eliza betsy libby lisa elisabeth bess;
emily em emmy; eugene gene; evelyn eve evie; florence flo; frances fran frankie; francis frank frankie francisco paco; franklin frank; frederick fred freddie rick fritz; gabriel gabe; gabrielle gabby;
gerald gerry jerry; geoffrey geoff jeff; george georgie jorge jurgen; gregory greg; gwendolyn gwen; harold harry hal; harriet hattie; heinrich heinz; helen nell ellen lena; henry hank harry hal enrique; isabella bella izzy isabel;
jacob jake jack; jacqueline jackie; james jim jimmy jamie jaime; janet jan; jason jay; jeffrey jeff; jennifer jen jenny jenn; jeremy jerry; jessica jess jessie; joanna jo joanne; johannes hans; john jack johnny jon juan jean;
jonathan jon johnny jonny; jose pepe; joseph joe joey josef; joshua josh; josephine jo josie; judith judy; julia jules julie; karen kari; katherine kate kathy katie kat kathryn kay; kenneth ken kenny; kimberly kim;
konstantin kostya; lawrence larry laurence lars; leonard leo len lenny; leslie les; lillian lily; louis lou louie luis; louise lou; lucas luke luca; madeline maddie; magdalena lena; manuel manny manolo; margaret maggie meg peggy marge greta rita margarita megan;
maria mary mia; martin marty; matthew matt matteo; maximilian max; maxwell max; melissa mel missy; michael mike mick mickey mikey misha michel miguel; michelle shelly; mikhail misha; mohammed mo mohamed muhammad; nancy nan;
natalie nat; nathan nate nathaniel; nicholas nick nicky nico nicolas nikolaus klaus; nicole nicky nikki; olivia liv livvy; oliver ollie; pamela pam; patricia pat patty tricia trish; patrick pat paddy; paul pablo paolo; peter pete pedro; philip phil felipe phillip;
rachel rach; raymond ray; rebecca becca becky; reginald reggie reg; richard rick dick richie rich ricardo; robert bob rob bobby robbie bert roberto; roberta bobbie; roger rog; ronald ron ronnie; rosemary rose rosie; rudolf rudi; russell russ;
samantha sam; samuel sam sammy; sandra sandy; sarah sara sally; sebastian seb basti; sergei sergey; sharon shari; sophia sophie; stanley stan; stefan steffen steve; stephanie steph stefanie; stephen steve stephan steven stevie; susan sue susie suzanne; sylvester sly;
tatiana tanya; teresa terry tess theresa; terence terry; theodore ted theo teddy; thomas tom tommy tomas; timothy tim timmy; tobias toby; valerie val; veronica ronnie; victor vic; victoria vicky tori vicki; vincent vince vinny; virginia ginny;
vladimir vlad vova; walter walt wally; wendy gwen; wilhelm willi; william will bill billy willie liam guillermo; winifred winnie; yevgeny eugene zhenya; zachary zach zack`

const GROUPS_OF: ReadonlyMap<string, readonly number[]> = groupsOf()

function groupsOf(): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [group, names] of NICKNAMES.split(';').entries()) {
    for (const name of names.trim().split(/\s+/)) {
      const key = folded(name)
      const groups = found.get(key)
      if (groups === undefined) found.set(key, [group])
      else groups.push(group)
    }
  }
  return found
}
