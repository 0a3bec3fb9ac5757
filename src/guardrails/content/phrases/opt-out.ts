import type { Phrase } from '../reading/phrase-book.js'

/** The ways people say how to stop getting mail. What counts as a way out is decided where it stands. */
const OPT_OUT =
  "unsubscribe, unsubscribing, unsubscribed, opt out, optout, opting out, stop, stop receiving, stop getting, stop these, stop emails, stop messages, remove me, take me off, be removed, no longer wish, no longer want, no longer interested, don't want to receive, do not want to receive, don't want to hear, do not want to hear, prefer not to receive, prefer not to hear, rather not hear, rather not receive, rather not get, do not want further, don't want further, do not want any more, don't want any more, no further emails, no more emails, no thanks, no thank you, not interested, email preferences, mail preferences, manage preferences, manage your preferences, update preferences, update your preferences, communication preferences, notification preferences, contact preferences, preference center, preference centre, subscription preferences, subscription settings, email settings, manage subscription, manage your subscription, manage subscriptions, leave this list, leave the list, " +
  'abmelden, abbestellen, austragen, abmeldung, abbestellung, keine weiteren e mails, désabonner, désabonnez, désabonnement, désinscrire, désinscription, ne plus recevoir, me désinscrire, darse de baja, dar de baja, darme de baja, date de baja, cancelar suscripción, cancelar la suscripción, dejar de recibir, no recibir más, cancellati, cancellarti, cancella iscrizione, disiscriviti, disiscrizione, annulla iscrizione, annullare iscrizione, uitschrijven, afmelden, cancelar inscrição, cancelar a inscrição, cancelar subscrição, descadastrar, descadastre, deixar de receber, avregistrera, avprenumerera, avmeld, avmelde, afmeld, afmelde, meld dig af, wypisz, wypisać, wypisz się, rezygnacja, odhlásit, odhlásiť, leiratkozás, leiratkozom, dezabonare, dezabonați, peruuta tilaus, отписаться, отписка, отпишитесь, відписатися, отказаться от рассылки, 退订, 取消订阅, 配信停止, 구독 취소, 수신거부, إلغاء الاشتراك'

/** What a short text is answered with to end it: the words carriers know, and those of other languages. */
const KEYWORDS =
  'end, quit, cancel, stopall, revoke, arret, arrêt, baja, alto, parar, salir, sair, cancella, annulla, stopp, stopsms, 停止, стоп'

/** What a writer promises to whoever answers: a way out only beside the words that ask for an answer. */
const PROMISES = [
  ...['not', "won't"].flatMap((no) =>
    ['write', 'email', 'e mail', 'mail', 'contact', 'message', 'text', 'call', 'bother', 'reach out', 'follow up'].flatMap(
      (verb) => ['again', 'you again', 'to you again'].map((end) => `${no} ${verb} ${end}`),
    ),
  ),
  ...'take you off, remove you, stop writing, stop emailing, stop contacting, stop messaging, stop following up, leave you alone'.split(
    ', ',
  ),
]

export const OPT_OUT_PHRASES: readonly Phrase[] = [
  ...PROMISES.map((text): Phrase => ({ text, kind: 'promise', weight: 0 })),
  ...OPT_OUT.split(', ').map((text): Phrase => ({ text, kind: 'opt-out', weight: 0 })),
  ...KEYWORDS.split(', ').map((text): Phrase => ({ text, kind: 'keyword', weight: 0 })),
]
