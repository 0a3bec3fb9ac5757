const words = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.flatMap((list) => list.split(',')))

/**
 * What means "stop" wherever it is a clause of its own. Twilio and AWS keyword sets, 47 CFR 64.1200(a)(10)(ii), and what
 * they are in other languages.
 */
export const STOP_WORDS = words(
  'stop,stopp,stops,stop all,stopall,stop it,stop this,stop that,stop stop,stop stop stop,stop stopping,no stop,yes stop',
  'unsubscribe,unsub,unsuscribe,unsubcribe,unsubscibe,unsubscribed,unsubcribed,unsubscribe me,unsubscribe all,optout,opt out,opt me out,opt out all,optout all,opting out',
  'remove me,delete me,take me off,leave me alone,go away,get lost,dnc',
  'arret,arreter,arretez,desabonner,desinscrire,desinscription,desuscribir,baja,no mas,dar de baja',
  'abmelden,stoppen,aufhoren,austragen,abbestellen,disiscrivi,fermati,smetti,cancelar inscricao,afmelden,uitschrijven',
  'wypisz,rezygnuje,стоп,отписаться,отписка,停止,退订,إيقاف,רוצה הסר,הסר',
)

/** Keywords that mean other things beside other words: they have to be all there is, or in capitals. */
export const SHORT_STOP_WORDS = words(
  'end,end all,quit,revoke,cancel,cancel all,remove,td,no more,exit,discontinue,cease,desist',
  'parar,pare,parer,alto,basta,cancelar,detener,salir,cancella,sair,remover,отмена,取消',
)

export const START_WORDS = words('start,unstop,yes,subscribe,opt in,optin,start again,unstop me')
export const HELP_WORDS = words('help,info,aide,ayuda,hilfe,aiuto,help me,who is this,who are you')

/** One slip of the finger away from STOP: two letters swapped, one doubled, one beside it on the keyboard. */
const MISSPELT_STOP = words(
  'stpo,sotp,tsop,stip,stp,sstop,stoop,sttop,stoo,st op,s t o p,s top,sto p,stopo,atop,dtop,stiop,stopl,st0p,stop1',
)

export function isMisspeltStop(word: string): boolean {
  return MISSPELT_STOP.has(word) || /^(?:stop){2,}$/.test(word) || /^s+t+o+p+$/.test(word)
}

/** Lower case without accents, apostrophes gone, everything that is no letter or digit a space. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|\p{Cf}|['’`´]/gu, '')
    .replace(/ł/g, 'l')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Plain words without those that change nothing; all of them when nothing else is left. */
export function bareWords(plain: string): string {
  const bare = plain.replace(POLITE, ' ').replace(/\s+/g, ' ').trim()
  return bare === '' ? plain : bare
}

const POLITE =
  /\b(?:please|pls|plz|plse|thanks|thank you|thx|ty|now|just|immediately|asap|ok|okay|hi|hello|hey|sir|bro|dude|kindly|por favor|gracias|bitte|danke|merci|svp|sil vous plait|per favore|grazie|obrigado|already|text)\b/g
