import type { Phrase } from '../reading/phrase-book.js'
import { listed } from './listed.js'

const OF_THE_BUSINESS =
  'process processes processing workflow workflows approval approvals automation team teams software data volume volumes management questions question question rate rates costs cost experience experiences strategy policy systems system tool tools desk accuracy backlog time times matching reconciliation history'

/** Subjects of mail that somebody's own order, payment or account causes; above an advertisement they deceive. */
export const TRANSACTION_PHRASES: readonly Phrase[] = listed(
  'transaction',
  {
    order:
      'your order, order confirmation, order confirmed, order shipped, has shipped, your package, your parcel, your delivery, delivery notification, delivery notice, delivery failed, shipping confirmation, shipping notification, tracking number, your booking, booking confirmation, booking confirmed, your reservation, reservation confirmed, your tickets, your ticket, ihre bestellung, ihre lieferung, votre commande, votre colis, su pedido, tu pedido',
    payment:
      'your invoice, invoice attached, attached invoice, invoice #, invoice inv, overdue invoice, unpaid invoice, invoice overdue, invoice due, past due, payment due, payment received, payment confirmation, payment failed, payment declined, payment overdue, your payment, your receipt, receipt for your, your refund, refund issued, refund processed, refund approved, tax refund, your statement, statement is ready, wire confirmation, remittance advice, purchase order #, ihre rechnung, votre facture, su factura, tu factura',
    account:
      'your account, account suspended, account locked, account alert, account notice, account verification, verify your, security alert, security notice, password reset, reset your password, password expired, new sign in, new login, login attempt, your subscription, subscription expired, subscription renewal, your renewal, renewal notice, your membership, action required, action needed, immediate action, final notice, last notice, legal notice, court notice, tax notice, urgent notice, important notice about your, your appointment, appointment confirmed, appointment confirmation, appointment reminder, meeting confirmed, your application, application status, your results are, test results, you have a new message, you have # new, new voicemail, missed call, missed delivery, document shared, shared a document, shared a file, signature required, your contract is',
  },
  Object.fromEntries(
    [
      'your order, your invoice, your payment, your delivery, your account, your subscription, your booking, your package, your reservation, your renewal, your ticket, your tickets, your statement, your refund, your membership, your application, your appointment, your parcel, your receipt',
    ]
      .flatMap((list) => list.split(', '))
      .map((text): [string, readonly [string, string]] => [
        text,
        ['', `${OF_THE_BUSINESS} executives executive managers manager reps based plan planning structure`],
      ]),
  ),
)
