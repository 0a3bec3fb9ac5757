/** What a person wants: no more messages, messages again, to know who writes. */
export type Wish = 'stop' | 'start' | 'help'

/** Longest text that is read; a wish stands at the beginning or is short. */
const READ = 2000

/**
 * Reads a wish out of what a person wrote back, in whatever words: the carriers' keywords (also misspelt, with
 * punctuation, in other languages) and sentences such as "please take me off your list". "Stop by tomorrow" is none.
 * Undefined = it says nothing of the kind. 47 CFR 64.1200(a)(10): revocation counts by any reasonable means.
 */
export function readOptOut(text: string): Wish | undefined {
  const plain = plainWords(text.slice(0, READ))
  if (plain === '') return undefined
  const bare = plain.replace(POLITE, ' ').replace(/\s+/g, ' ').trim()
  const word = bare === '' ? plain : bare
  if (STOP_WORDS.has(word) || isMisspeltStop(word)) return 'stop'
  // What loosens is taken by the letter.
  if (START_WORDS.has(plain)) return 'start'
  if (HELP_WORDS.has(word)) return 'help'
  return SENTENCES.some((sentence) => sentence.test(plain)) ? 'stop' : undefined
}

/** The words of a reply without what it quotes: an e-mail that answers carries our own way to unsubscribe. */
export function ownWords(body: string): string {
  const text = body
    .slice(0, 50_000)
    .split(/<blockquote|<div[^>]{0,200}class="?(?:gmail_quote|gmail_extra|moz-cite-prefix)|<hr[^>]{0,100}>/i)[0]
    ?.replace(/<(?:br|\/p|\/div|\/tr|\/li)[^>]{0,200}>/gi, '\n')
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&nbsp;|&#160;/gi, ' ')
    .replace(/&#39;|&apos;|&rsquo;/gi, "'")
  const own: string[] = []
  for (const line of (text ?? '').split(/\r?\n/)) {
    if (QUOTE_BEGINS.test(line)) break
    if (!/^\s*>/.test(line)) own.push(line)
  }
  return own.join('\n').trim()
}

const QUOTE_BEGINS =
  /^\s*(?:-{2,}\s*(?:original message|forwarded message|urspr|message d'origine|mensaje original)|_{10,}|on .{1,200} wrote:|am .{1,200} schrieb|le .{1,200} a .crit|el .{1,200} escribi.:|from:\s.{1,200}@|sent from my )/i

/** Lower case without accents, apostrophes gone, everything that is no letter or digit a space. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|\p{Cf}|['’`´]/gu, '')
    .replace(/ł/g, 'l')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Words around a keyword that change nothing. */
const POLITE =
  /\b(?:please|pls|plz|plse|thanks|thank you|thx|ty|now|just|immediately|asap|ok|okay|hi|hello|hey|sir|bro|dude|kindly|por favor|gracias|bitte|danke|merci|svp|sil vous plait|per favore|grazie|obrigado|already|text)\b/g

const words = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.flatMap((list) => list.split(',')))

/** Twilio and AWS keyword sets, 47 CFR 64.1200(a)(10)(ii), and what they are in other languages. */
const STOP_WORDS = words(
  'stop,stopp,stops,stop all,stopall,stop it,stop this,stop that,stop stop,stop stop stop,stop stopping,unsubscribe,unsub,unsuscribe,unsubcribe',
  'unsubscribe me,no stop,yes stop,end,quit,revoke,optout,opt out,opt me out,cancel,cancel all,remove,remove me,delete me,td,no more,leave me alone,go away',
  'arret,arreter,arretez,desabonner,desinscrire,desinscription,parar,pare,parer,alto,basta,baja,cancelar,detener,salir,no mas,dar de baja',
  'abmelden,stoppen,aufhoren,austragen,abbestellen,cancella,disiscrivi,fermati,smetti,sair,cancelar inscricao,remover,afmelden,uitschrijven',
  'wypisz,rezygnuje,стоп,отписаться,отписка,отмена,停止,退订,取消,إيقاف,רוצה הסר,הסר',
)
const START_WORDS = words('start,unstop,yes,subscribe,opt in,optin,start again,unstop me')
const HELP_WORDS = words('help,info,aide,ayuda,hilfe,aiuto,help me,who is this,who are you')

/** One slip of the finger away from STOP: two letters swapped, one doubled, one beside it on the keyboard. */
const MISSPELT_STOP = words(
  'stpo,sotp,tsop,stip,stp,sstop,stoop,sttop,stoo,st op,s t o p,s top,sto p,stopo,atop,dtop,stiop,stopl,st0p,stop1',
)

function isMisspeltStop(word: string): boolean {
  return MISSPELT_STOP.has(word) || /^(?:stop){2,}$/.test(word) || /^s+t+o+p+$/.test(word)
}

/*
 * The sentences, over plain words. Every repeated group matches one word in one way, so that no text takes long.
 */
const SEND =
  '(?:text|texts|texting|message|messages|messaging|msg|msgs|email|emails|emailing|e mail|mail|mails|mailing|contact|contacting|' +
  'write|writing|call|calling|calls|sms|spam|spamming|bother|bothering|send|sending|reach out|reaching out)'
const MINE =
  '(?:me|us|my (?:number|name|email|e mail|address|phone|contact|info|details|data|cell)|this (?:number|email|address|phone)|our (?:number|email|address))'
const LIST = '(?:list|lists|database|contacts|mailing|system|records|sms|texts|emails|distribution|campaign)'
/** "You don't call me any more" is a complaint, "don't call me" is a wish. */
const NEVER = '(?<!\\b(?:you|u|they|he|she|we|why|did|does) )(?:dont|do not|do nt|never|no longer|may not|must not)'
/** What may follow "stop" without making it a visit: "stop it right now", but not "stop by". */
const END =
  '(?: (?:all|these|this|the|your|any|those|more|me|us|my|to|now|right|away|at|once|of|it|please|from|on|about|number|phone|again|anymore|thanks|thank|you|and|with))*'

const SENTENCES: readonly RegExp[] = [
  // stop texting me, stop sending these, stop all messages
  new RegExp(
    `(?<!\\b(?:dont|never|not|cant|wont) )\\bstop (?:all |the |these |those |this |your |any |with |sending |me )*${SEND}\\b`,
  ),
  new RegExp(`^stop${END}$`),
  new RegExp(
    `\\b(?:please|just|kindly|said|asked you to|told you to|want you to|want this to|need you to|make it|make this) stop${END}$`,
  ),
  // don't text me again, never email me, can you not contact me
  new RegExp(
    `\\b${NEVER} (?:ever |please |again |want you to |wish you to |want to be |wish to be |need you to |need to be |keep )*${SEND} (?:to )?(?:me|us|this|my|again|anymore|any more|any longer|here|any)\\b`,
  ),
  new RegExp(`\\b(?:can|could|would|will) you (?:please )?(?:not|stop) ${SEND}\\b`),
  /\b(?:dont|do not|no longer|not) (?:want|wish|like) (?:to (?:receive|get|hear|be)|any|these|your|this|further|more)\b.{0,40}\b(?:texts?|messages?|msgs?|e ?mails?|mails?|calls|sms|spam|contact(?:ed)?|from you|anymore|any more|list)\b/,
  new RegExp(`\\b(?:no|nothing) (?:more|further) (?:of |these |this |your )*(?:${SEND}|notifications)\\b`),
  // take me off your list, remove my number, delete my data, unsubscribe me
  new RegExp(
    `\\b(?:take|get|remove|delete|drop|erase|scratch|strike|scrub) ${MINE}\\b(?: (?:off|from|out|of|please|the|your|this|that|any|all|permanently|immediately|now)\\b)* ${LIST}\\b`,
  ),
  new RegExp(`\\b(?:remove|delete|erase) ${MINE}\\b`),
  /\btake me off\b/,
  /\b(?:please|pls|plz|want to|wish to|like to|need to|how do i|how can i|let me|can you|could you|would you|kindly) (?:un ?subscribe|opt ?out|unsub)\b/,
  /\b(?:un ?subscribe|unsub|opt) (?:me|us|this number|my number|my email)\b(?! in\b)/,
  /^(?:un ?subscribe|unsub|opt ?out)\b.{0,60}$/,
  /\b(?:revoke|withdraw|take back|cancel) (?:my |all |any )*(?:consent|permission|subscription|authorization)\b/,
  /\b(?:leave me alone|lose my number|lose this number|go away|get lost|fuck off|piss off)\b/,
  // Spanish, Portuguese
  /\b(?:no (?:me )?(?:escriba|escribas|escriban|envie|envies|envien|mande|mandes|manden|llame|llames|llamen|contacte|contactes|contacten|moleste|molestes|molesten)|dej(?:a|e|en) de (?:escribir|enviar|mandar|llamar|molestar|contactar)\w*|quit(?:a|e|en)me de|elimin(?:a|e|en)(?:me)? (?:de |mi )|borr(?:a|e|en)(?:me)? (?:de |mi )|dar(?:me)? de baja|no quiero (?:recibir )?(?:mas )?(?:mensajes|correos|emails|sms|recibir))\b/,
  /\b(?:nao (?:me )?(?:envie|envia|mande|manda|ligue|contate|escreva)|pare de (?:me )?(?:enviar|mandar|ligar|escrever)|me (?:remova|tire|retire|exclua) d|nao quero (?:mais )?(?:receber|mensagens|emails))/,
  // French
  /\b(?:ne (?:m|me |nous )?(?:ecrivez|ecris|envoyez|envoie|contactez|contacte|appelez|appelle|derangez|derange)\w* (?:plus|pas)|arret(?:e|ez|er) de (?:m|me |nous )?\w*|(?:retir|enlev|supprim|desabonn|desinscri)(?:ez|e|er|vez)? ?(?:moi|mon|mes|nous)|me (?:desabonner|desinscrire|retirer)|ne (?:plus|souhaite plus|veux plus) (?:recevoir|etre|me)|plus de (?:messages|sms|mails))\b/,
  // German
  /\b(?:(?:schreib\w*|schick\w*|send\w*|ruf\w*|kontaktier\w*) (?:sie )?(?:mir|mich|uns) (?:bitte )?(?:nicht|keine)|keine (?:weiteren |werbung |nachrichten|sms|mails|emails|e mails)|(?:nimm|nehmen sie|losch\w*|streich\w*|entfern\w*)(?: sie)? (?:mich|meine|uns)|(?:mich|bitte) (?:abmelden|austragen|aus\w* (?:verteiler|liste))|lass(?:en sie)? mich in ruhe|aufhoren (?:mir|mich|zu))\b/,
  // Italian, Dutch, Polish
  /\b(?:non (?:mi )?(?:scriv\w+|invia\w*|manda\w*|contatta\w*|chiama\w*|voglio (?:piu )?ricevere)|(?:cancella|rimuov|toglie|elimina)\w*mi|smett\w+ di (?:scriver|inviar|mandar|chiamar|contattar)\w*)\b/,
  /\b(?:(?:stuur|mail|bel|app|sms|contacteer) (?:me|mij|ons) (?:niet|geen)|geen (?:berichten|mails|sms|emails) meer|haal (?:me|mij|ons) van|verwijder (?:me|mij|mijn)|stop met (?:berichten|mailen|bellen|sturen|sms))\b/,
  /\b(?:prosze (?:nie|o usuniecie|mnie wypisac|przestac)|nie (?:pisz|pisac|dzwon|kontaktuj|wysylaj)\w*|usun\w* (?:mnie|moj))\b/,
]
