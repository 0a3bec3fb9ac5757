/*
 * The sentences, over plain words. Every repeated group matches one word in one way, so that no text takes long.
 */
const SEND =
  '(?:text|texts|texting|message|messages|messaging|msg|msgs|msging|email|emails|emailing|e mail|mail|mails|mailing|contact|contacting|' +
  'write|writing|call|calling|calls|sms|spam|spamming|bother|bothering|send|sending|reach out|reaching out)'
/** What is sent, in words that mean nothing else to a customer: "stop the ads" is what one says to an agency. */
const SENT =
  '(?:texts|texting|messages|messaging|msgs|msging|emails|e mails|mailings|sms|promos?|promotions|promotional|marketing|alerts|notifications|newsletters?|spam)'
const WANTED = '(?:all |any |the |these |those |this |your |my |more |further |future |with |sending |getting |me |us |of )*'
const MINE =
  '(?:me|us|my (?:number|name|email|e mail|address|phone|contact|info|details|data|cell)|this (?:number|email|address|phone)|our (?:number|email|address))'
const LIST = '(?:list|lists|database|contacts|mailing|system|records|sms|texts|emails|distribution|campaign)'
/** "You don't call me any more" is a complaint, "don't call me" is a wish. */
const NEVER = '(?<!\\b(?:you|u|they|he|she|we|why|did|does) )(?:dont|do not|do nt|never|no longer|may not|must not)'
/** What may follow "stop" without making it a visit: "stop it right now", but not "stop by". */
const END =
  '(?: (?:all|these|this|the|your|any|those|more|me|us|my|to|now|right|away|at|once|of|it|please|from|on|about|number|phone|again|anymore|thanks|thank|you|and|with))*'

/** What leads up to a wish: "I told you to stop", "can you please stop". */
const LEAD =
  '^(?:(?:please|pls|plz|plse|just|kindly|ok|okay|yes|no|nope|hi|hello|hey|so|and|but|now|can you|could you|will you|would you|can u|could u|' +
  'you (?:need to|must|have to|should|better)|i (?:said|say|repeat|want you to|need you to|want to|would like to|asked you to|told you to)) )*'
/** What gives a reason behind "stop": "stop or I will call my lawyer", "stop I am not Dana". */
const REASON =
  '(?: (?:or (?:i|ill|im|we|else)|before (?:i|we)|because|otherwise|i (?:am|do|dont|have|never|already|will|told|said|asked|mean)|im|ive|' +
  'you (?:are|have|got)|u (?:are|have|got)|who is|wrong|not interested)\\b.*)?'
const REACH = '(?:text|texts|message|msg|email|e mail|mail|contact|call|phone|ring|write|sms|spam|solicit|disturb)'
const NO_MORE = '(?:this number|this phone|this email|this address|my number|again|anymore|any more|any longer|ever|at all)'
/** What messages are sent from, and what is a booking or a paper instead: "remove me from the waitlist" is no wish to be left alone. */
const SENDING = `(?:your|ur|this|these|those|all|any|every\\w*|(?:\\w+ ){0,3}(?:${LIST}|${SENT}))`
const BOOKED =
  '(?:the |your |this |that |my )?(?:(?!list)\\w+ )?(?:wait ?list|wait(?:ing)? list|guest list|schedule|calendar|roster|class|course|lessons?|sessions?|appointments?|' +
  'bookings?|reservation|event|webinar|meeting|tour|trip|flight|game|team|policy|insurance|deed|lease|title|loan|mortgage|will|order)' +
  `(?! (?:list|reminders?|of|${SENT})\\b)`
/** "I do not want you to stop", "why did you stop". */
const UNSTOPPED =
  '(?<!\\b(?:dont|do not|never|not|didnt|did not) (?:ever )?(?:want|need|wish|like|ask|tell) (?:you |u |it |them |this |these )?to )(?<!\\bdid (?:you|u) )'
/** Consent to what: to messages, not to an operation. */
const CONSENTED =
  '(?:these|those|this|that|your|any|all|be|being|receiv\\w+|get|getting|further|future|more|messages|texts|texting|sms|emails|marketing|contact)'
/** Consent taken back: "revoking my permission", "withdraw consent". */
const CONSENT = '(?:consent|permission|subscription|authori[sz]ation)'

/** What says so only where it is a whole message: "do not call, I am in a meeting" means later. */
export const WHOLE: readonly RegExp[] = [
  new RegExp(`${LEAD}(?:dont|do not|do nt|never) (?:ever )?${REACH}(?: (?:please|thanks|thank you))*$`),
]

/** What says so where it is a clause. */
export const CLAUSES: readonly RegExp[] = [
  new RegExp(`${LEAD}stop${END}${REASON}$`),
  new RegExp(`${LEAD}stop ?(?:2|to) ?(?:quit|end|all|stop|cancel|unsubscribe|opt ?out)$`),
  // quit texting, stop the promotions, end all messages, cancel texts
  new RegExp(`${LEAD}(?:stop|quit|cease|discontinue) ${WANTED}${SENT}\\b`),
  new RegExp(`${LEAD}(?:end|cancel) ${WANTED}${SENT}${END}$`),
  new RegExp(`^(?:no|enough) ${SENT}(?: (?:please|pls|thanks|thank you|${NO_MORE}))+$`),
  // do not contact, never call this number, do not text or call
  new RegExp(`${LEAD}${NEVER} (?:ever )?(?:contact|solicit|spam|disturb)(?: ${NO_MORE})*$`),
  new RegExp(`${LEAD}${NEVER} (?:ever )?${REACH}(?: ${NO_MORE})+$`),
  new RegExp(`${LEAD}${NEVER} (?:ever )?${REACH} (?:or |and |nor )?${REACH}(?: ${NO_MORE})*$`),
  // remove from list, take this number off your list
  new RegExp(
    `${LEAD}(?:remove|take|delete|drop)(?: (?:me|us|number|this number))*(?: (?:from|off|out of))(?: (?:the|your|this|all|any|mailing|email|text|sms|call|calling))* ${LIST}$`,
  ),
  /^(?:(?:i|we|hereby|im|am|are|do) )*revok(?:e|ing|ed)(?: (?:all|any|everything|it|this|that))*$/,
  // "How do I stop it?" asks a plumber
  /^how (?:do|can) (?:i|we) (?:make )?(?:this |these )?stop(?: (?:this|these))?$/,
  // the pain does not go away, nor do those who "go away for the weekend"
  /^(?:(?:please|pls|just|so|now|no|and|ok|oh|hi|hey|hello|but|stop|stop it|all of you|(?:can|could|would|will) (?:you|u)|you (?:people |guys |all )?(?:need to|must|have to|should|better)|(?:i|we) (?:said|say|(?:want|need|told|asked|would like) you(?: people| guys| all)? to)) )*(?:go away|get lost)\b(?! (?:for|on|in|to|at|by|over|this|next|until|if|when|with|every|tomorrow|during|there|here|easily)\b)/,
]

/** What says so wherever it stands. */
export const SENTENCES: readonly RegExp[] = [
  // stop texting me, stop sending these, stop all messages
  new RegExp(
    `(?<!\\b(?:dont|never|not|cant|wont|i|he|she|they) )${UNSTOPPED}\\b(?:stop|quit|cease) (?:all |the |these |those |this |your |any |with |sending |me )*${SEND}\\b`,
  ),
  new RegExp(
    `\\b(?:please|just|kindly|(?<!\\b(?:doctor|doc|dr|dr \\w+|dentist|vet|nurse|surgeon|physician|therapist|driver|boss|teacher|coach)(?: just| already| has)? )said|asked you to|told you to|want you to|want this to|need you to|(?<!how (?:do|can) (?:i|we) )make it|make this) ${UNSTOPPED}stop${END}$`,
  ),
  // stop harassing me, quit bugging us, if you don't stop texting me
  /(?<!\b(?:dont|never|not|cant|wont|i|he|she|they) )\b(?:stop|quit|cease) (?:harassing|annoying|bugging|pestering|disturbing|stalking|soliciting|hounding|badgering|nagging|pinging|blowing up my|hitting me up|selling (?:to )?me|trying to (?:sell|reach|contact|call|pitch)(?: to)? (?:me|us))\b/,
  new RegExp(`\\b(?:if|unless|until) (?:you|u|yall) (?:dont |do not )?stop (?:${SEND}|harassing|annoying)\\b`),
  /\bcease (?:and )?desist\b/,
  /\b(?:on|to) (?:the|your|my) (?:national )?do not (?:call|contact|text|disturb) (?:list|registry)\b/,
  // don't text me again, never email me, can you not contact me
  new RegExp(
    `\\b${NEVER} (?:ever |please |again |want you to |wish you to |want to be |wish to be |need you to |need to be |keep )*${SEND} (?:to )?(?:me|us|this|my|again|anymore|any more|any longer|here|any)\\b`,
  ),
  new RegExp(`\\b(?:can|could|would|will) you (?:please )?(?:not|stop) ${SEND}\\b`),
  /\b(?:dont|do not|no longer|not) (?:want|wish|like) (?:to (?:receive|get|hear|be)|any|these|your|this|further|more)\b.{0,40}\b(?:texts?|messages?|msgs?|e ?mails?|mails?|calls|sms|spam|contact(?:ed)?|from you|anymore|any more|list)\b/,
  new RegExp(`\\b(?:no|nothing) (?:more|further) (?:of |these |this |your )*(?:${SEND}|${SENT})\\b`),
  // take me off your list, remove my number, delete my data, unsubscribe me
  new RegExp(
    `\\b(?:take|get|remove|delete|drop|erase|scratch|strike|scrub) ${MINE}\\b(?: (?:off|from|out|of|please|the|your|this|that|any|all|permanently|immediately|now)\\b)* ${LIST}\\b`,
  ),
  new RegExp(`\\b(?:remove|delete|erase) ${MINE}\\b(?! (?:from|off|out of) ${BOOKED}\\b)`),
  new RegExp(
    `\\btake (?:me|us|my name|my number|this number|this phone|my email) off(?:(?: (?:please|pls|now|immediately|thanks|thank you))*(?:$| (?:and|or|i|because)\\b)|(?! ${BOOKED}\\b) (?:of |from )?${SENDING}\\b)`,
  ),
  /\b(?:please|pls|plz|want to|wish to|like to|need to|how do i|how can i|how to|let me|can you|could you|would you|kindly) (?:un ?subscribe|opt ?out(?! of (?:the|our|that|an?|my) (?!(?:lists?|texts|messages|emails|calls|sms)\b))|unsub)\b/,
  /\b(?:un ?subscribe|unsub|unsuscribe|unsubcribe|unsubscibe|opt) (?:me|us|this number|my number|my email)\b(?! in\b)/,
  /^(?:un ?subscribe|unsub|opt ?out)\b(?! rates?\b).{0,60}$/,
  // I opt out, I am opting out of your texts; not out of an insurance
  new RegExp(
    `\\b(?:i|we|im|i am|we are|hereby|choose to|wish to|want to|like to|need to) opt(?:ing)? ?out\\b(?! of )|\\bopt(?:ing)? ?out of (?:all|any|these|those|this|your|further|future|more|receiving|getting|it) ?${WANTED}(?:${SENT}|calls|everything|it|$)`,
  ),
  new RegExp(
    `\\b(?:revok(?:e|es|ed|ing)|withdraw(?:ing|n)?|tak(?:e|ing) back|cancel(?:l?ing)?) (?:my |our |all |any |prior |previous |the )*${CONSENT}\\b`,
  ),
  new RegExp(`\\b(?:dont|do not|never|no longer|did not|didnt) consent(?:ed)?\\b(?: to ${CONSENTED}\\b|(?! to ))`),
  new RegExp(
    `\\b(?:dont|do not|never|no longer|did not|didnt) (?:give|gave|given|grant|granted) (?:you |anyone |any |my )*(?:consent|permission|authori[sz]ation)\\b` +
      `(?! (?:for|to) (?!(?:(?:the |such )?(?:${SENT}|${SEND})|${CONSENTED}|you|anyone|use my|share my|have my)\\b))`,
  ),
  /\byou (?:dont|do not|no longer|never) (?:have|had) (?:my|our|any) (?:consent|permission|authori[sz]ation)\b/,
  /\b(?:leave me alone|lose my number|lose this number|(?:fuck|piss|sod|bugger|f) off)\b/,
  // Spanish, Portuguese
  /\b(?:no (?:me )?(?:escriba|escribas|escriban|envie|envies|envien|mande|mandes|manden|llame|llames|llamen|contacte|contactes|contacten|moleste|molestes|molesten)|dej(?:a|e|en) de (?:escribir|enviar|mandar|llamar|molestar|contactar)\w*|quit(?:a|e|en)me de|elimin(?:a|e|en)(?:me)? (?:de |mi )|borr(?:a|e|en)(?:me)? (?:de |mi )|dar(?:me)? de baja|no quiero (?:recibir )?(?:mas )?(?:mensajes|correos|emails|sms|recibir)|(?:(?:no|nada) mas (?:de )?|basta de )(?:mensajes|textos|correos|llamadas|sms|emails))\b/,
  /\b(?:nao (?:me )?(?:envie|envia|mande|manda|ligue|contate|escreva)|pare de (?:me )?(?:enviar|mandar|ligar|escrever)|me (?:remova|tire|retire|exclua) d|nao quero (?:mais )?(?:receber|mensagens|emails)|(?:chega de|nada de|sem mais|nao mais) (?:mensagens|sms|emails)\b)/,
  // French
  /\b(?:ne (?:m|me |nous )?(?:ecrivez|ecris|envoyez|envoie|contactez|contacte|appelez|appelle|derangez|derange)\w* (?:plus|pas)|arret(?:e|ez|er) de (?:m|me |nous )?\w*|(?:retir|enlev|supprim|desabonn|desinscri)(?:ez|e|er|vez)? ?(?:moi|mon|mes|nous)|me (?:desabonner|desinscrire|retirer)|ne (?:plus|souhaite plus|veux plus) (?:recevoir|etre|me)|plus de (?:messages|sms|mails))\b/,
  // German
  /\b(?:(?:schreib\w*|schick\w*|send\w*|ruf\w*|kontaktier\w*) (?:sie )?(?:mir|mich|uns) (?:bitte )?(?:nicht|keine)|keine (?:weiteren |werbung |nachrichten|sms|mails|emails|e mails)|(?:nimm|nehmen sie|losch\w*|streich\w*|entfern\w*)(?: sie)? (?:mich|meine|uns)|(?:mich|bitte) (?:abmelden|austragen|aus\w* (?:verteiler|liste))|lass(?:en sie)? mich in ruhe|aufhoren (?:mir|mich|zu))\b/,
  // Italian, Dutch, Polish
  /\b(?:non (?:mi )?(?:scriv\w+|invia\w*|manda\w*|contatta\w*|chiama\w*|voglio (?:piu )?ricevere)|(?:cancella|rimuov|toglie|elimina)\w*mi|smett\w+ di (?:scriver|inviar|mandar|chiamar|contattar)\w*|(?:basta|niente piu|non piu) (?:con (?:i |gli |le )?)?(?:messaggi|sms|email|chiamate))\b/,
  /\b(?:(?:stuur|mail|bel|app|sms|contacteer) (?:me|mij|ons) (?:niet|geen)|geen (?:berichten|mails|sms|emails) meer|haal (?:me|mij|ons) van|verwijder (?:me|mij|mijn)|stop met (?:berichten|mailen|bellen|sturen|sms))\b/,
  /\b(?:prosze (?:nie|o usuniecie|mnie wypisac|przestac)|nie (?:pisz|pisac|dzwon|kontaktuj|wysylaj)\w*|usun\w* (?:mnie|moj))\b/,
]
