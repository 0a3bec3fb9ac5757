import type { Phrase } from '../reading/phrase-book.js'
import { listed, neutralisers } from './listed.js'

/** Somebody's fortune, a stranger's role in it, and what is asked of the reader: three of these are one old story. */
export const ADVANCE_FEE_PHRASES: readonly Phrase[] = listed('advance-fee', {
  sum: 'million dollars, million us dollars, million united states dollars, million usd, million pounds, million euros, million euro, us dollars, united states dollars, us $#, usd # million, sum of us, sum of usd, the sum of, the said sum, huge sum, large sum of money, unclaimed funds, unclaimed fund, unclaimed inheritance, inheritance fund, inheritance funds, contract sum, over invoiced, the total sum, of the total sum, this money, this fund, the fund, these funds, said fund, trunk box, consignment',
  role: "next of kin, barrister, late husband, late father, late client, my late, deceased client, deceased customer, deceased, widow of, the late president, former president, head of state, crown prince, prince, foreign partner, foreign partnership, foreign account, foreign bank account, foreigner, beneficiary, beneficiaries, claims department, central bank of, reserve bank, security company, bank manager, auditor general, minister of, ministry of, civil war, plane crash, dying of, terminal illness, cancer of, diagnosed with, oil contract, petroleum corporation, nigerian national, nigeria, lagos, sierra leone, zimbabwe, ivory coast, cote d'ivoire, burkina faso, ghana, congo, johannesburg",
  ask: 'your assistance, your kind assistance, seek your, solicit your, soliciting your, i am contacting you, i contact you, your bank account, bank account details, account details, bank details, account number, your account number, transfer the, transfer this, transfer of, to be transferred, transferring the, wire the, percent of the, % of the, # of the total, of the total amount, as your share, as our partner, stand as, act as the, present you as, send me your, your full name, your private telephone, phone and fax, fax numbers, processing fee, release fee, transfer fee, advance fee, courier fee, western union, moneygram',
  secrecy:
    'strictly confidential, utmost secrecy, top secret, absolute confidentiality, highly confidential, utmost confidence, confidential business, confidential transaction, risk free transaction, hundred percent risk free, 100 risk free, this transaction, this business transaction, urgent business, mutual benefit, business proposal, business relationship, god bless, in the name of god, good faith, honest person, trustworthy, your urgent response, urgent reply, reply urgently, treat with',
})

/** The same story told in three sentences: a fortune, the stranger whose it is, and what of it is the reader's. */
export const WINDFALL_PHRASES: readonly Phrase[] = listed('windfall', {
  fortune:
    'million dollars, million us dollars, million united states dollars, million usd, million pounds, million euros, million euro, $# million, us $# million, usd # million, eur # million, euro # million, gbp # million, estate worth, compensation fund, unclaimed fund, unclaimed funds, unclaimed inheritance, inheritance fund, inheritance funds',
  stranger:
    'i am prince, nigerian prince, african prince, prince from, crown prince, son of the late, daughter of the late, widow of, my late husband, my late father, my late client, late client, late customer, late banker, late president, deceased client, deceased customer, no next of kin, as next of kin, the next of kin, i am barrister, i am a barrister, barrister to, i am the bank manager, i am a bank manager, contact the bank manager, auditor general, dear beneficiary, as beneficiary of, as the beneficiary, dying of, terminal illness',
  share: [
    'share it with you, share the money, share this money, share the funds, as your share, percent for you, receive the funds, receive the money, receive this money, receive this fund, your bank account, your bank details, and bank details, your account number, your account details, your full name, processing fee, release fee, transfer fee, a fee of',
    ...combined(
      ['you keep', 'you will keep', "you'll keep", 'you take', 'you will take', 'you will receive', 'you will get'],
      ['#', '$#'],
    ),
    ...combined(
      ['transfer', 'transferred', 'transferring', 'move', 'moving', 'moved'],
      ['to you', 'it to you', 'to your', 'into your', 'the funds', 'the money', 'the fund', 'this money', 'this fund', 'the sum'],
    ),
  ].join(', '),
})

/** Of the windfall's, what a lawyer, a charity or a clerk writes too: one in each family is not enough. */
export const WEAK: ReadonlySet<string> = new Set(
  'my late client, late client, late customer, late president, terminal illness, dying of, the next of kin, as next of kin, your full name, transfer the funds, transfer the money, transferred to your, a fee of'.split(
    ', ',
  ),
)

const STOPPED =
  'suspended, limited, locked, disabled, compromised, closed, deactivated, terminated, deleted, blocked, restricted, frozen, hacked'.split(
    ', ',
  )

/** Every first followed by every second. */
function combined(first: readonly string[], second: readonly string[]): string[] {
  return first.flatMap((start) => second.map((end) => `${start} ${end}`))
}

const THREATENED = combined(['account has been', 'account was', 'account is', 'account will be', 'account'], STOPPED)

/**
 * A threat to an account, what the reader is to hand over, and haste. A notice and a chore are what an honest business
 * writes about a payment or a password: they need one of the others beside them.
 */
export const CREDENTIAL_PHRASES: readonly Phrase[] = listed(
  'credentials',
  {
    threat:
      `${THREATENED.join(', ')}, ` +
      'mailbox will be, mailbox is full, mailbox is almost full, mailbox storage, mailbox has exceeded, exceeded your storage, exceeded its storage, storage limit, access has been limited, access has been restricted, access will be restricted, unusual activity, suspicious activity, unusual sign in, unusual login, suspicious login, unauthorized access, unauthorized login, unauthorized transaction, unauthorised transaction, limited your account, suspended your account, locked your account, deactivate your account, package could not be delivered, parcel could not be delivered, delivery attempt failed, failed delivery, avoid suspension, avoid account suspension, avoid interruption, tax refund, unpaid toll, konto wurde gesperrt, konto gesperrt, compte a été suspendu, compte suspendu, cuenta ha sido suspendida, cuenta suspendida',
    notice:
      'account is on hold, account on hold, password expires, password will expire, password has expired, payment was declined, your payment failed, could not process your payment',
    ask:
      `${combined(
        ['log in to', 'login to', 'sign in to', 'click here to', 'click below to', 'tap to', 'verify to', 'verify it to'],
        ['keep', 'restore', 'unlock', 'verify', 'avoid', 'reactivate', 'release', 'retain', 'recover'],
      ).join(', ')}, ` +
      'verify at, verify here, verify it at, verify it here, verify below, confirm at, confirm it at, unlock it at, unlock it here, restore it at, restore it here, reactivate it at, verify your account, verify your identity, verify your email, verify your information, verify your details, verify your password, verify your billing, verify your bank, verify your login, verify now, confirm your account, confirm your identity, confirm your password, confirm your details, confirm your information, confirm your bank, confirm your billing, confirm your login, confirm your credentials, confirm your social security, validate your account, validate your mailbox, validate your email, update your account, update your bank, update your password, update your information, restore your account, restore access, reactivate your account, unlock your account, upgrade your mailbox, keep your password, enter your password, enter your card, provide your password, provide your credit card, your login details, your login credentials, your credit card number, your card details, your social security number, your bank details, your pin, log in immediately, login immediately, login here, log in here, sign in here, sign in to verify, click here to verify, click below to verify, click the link to verify, click here to confirm, click here to restore, click here to update, gift cards, gift card codes, buy gift cards, bestätigen sie ihr konto, bestätigen sie ihre daten, vérifiez votre compte, confirmez votre identité, verifique su cuenta, confirme su identidad',
    chore: 'update your payment, update your billing, reset your password',
    haste:
      'within 24 hours, within 48 hours, within 12 hours, in the next 24 hours, in 24 hours, immediately, as soon as possible to avoid, final warning, last warning, immediate action, immediate attention, failure to do so, failure to comply, will result in, permanently closed, permanently suspended, permanently deleted, legal action, arrest',
  },
  {
    ...Object.fromEntries(THREATENED.map((text) => [text, ['trial demo sandbox', ''] as const])),
    immediately: ['', 'after when if available recognizable visible following obvious'],
  },
)

/** Secrets that are to be written to somebody. */
const HANDOVERS = [
  'reply with your',
  'respond with your',
  'send me your',
  'send us your',
  'send your',
  'email me your',
  'email us your',
  'email your',
  'text me your',
  'text us your',
  'text your',
]
const SECRETS =
  'username and password, user name and password, login and password, email and password, password, passwords, login details, login credentials, account credentials, bank credentials, social security number, ssn, credit card number, card number, cvv, pin, pin code, bank login, seed phrase, verification code'.split(
    ', ',
  )
/** Who warns of it writes "never" or "ask you to" before; "your pin count", "your card number ending" give none away. */
const BEFORE = "never not don't won't can't cannot to shouldn't nobody"
const BEHIND: Readonly<Record<string, string>> = {
  pin: 'code count collection board boards badge map wheel order orders size',
  'pin code': 'change form request area',
  password: 'reset policy manager hint change form',
  'card number': 'ending last',
  'credit card number': 'ending last',
  'social security number': 'last form',
  ssn: 'last form',
}

export const HANDOVER_PHRASES: readonly Phrase[] = SECRETS.flatMap((secret) =>
  HANDOVERS.map(
    (asking): Phrase => ({
      text: `${asking} ${secret}`,
      kind: 'handover',
      weight: 0,
      ...neutralisers([BEFORE, BEHIND[secret] ?? '']),
    }),
  ),
)
