import type { Phrase } from '../reading/phrase-book.js'
import { type Harmless, neutralisers } from './listed.js'

/** Sales and fraud phrases with their points: one plain sales word is worth little, a claim to have won a lot. */
const SALES: Readonly<Record<string, string>> = {
  '0.2':
    'bonus, selected, guarantee, congratulations, discount, discounts, offer, deal, deals, cheap, inheritance, amazing, adult, unlimited',
  '0.4':
    'reports, girls, youth, fat, inches, search engines, quotes from, wall street, price target, part time, cartridges, inkjet, toner, norton, software for, recruiting, hardcore, explicit, doctors, pills, younger, stock picks, stock pick, from home, vacation, vacations, cruise, getaway, complimentary, long distance, calling card, this report, hot girls, save money, email list, your own business, offshore, discreet, undervalued, fixed rate, home loan, homeowners, photos of, visitors, sex, teen, teens, nude, cable tv, breast, hurry, credit cards, interest rate, home owners, warranty, warranties, dvd, profit, per week, per day, sign up now, check it out, best price, best prices, limited supply, hot new, brand new, no charge, no hassle, no hidden, pennies a day, satellite, retail price, list price, bonuses, wealth, rich, investing, traffic, visitors, free, urgent, winner, winners, prize, prizes, guaranteed, win, cash, wire transfer, nigerian, nigeria, special offer, bank account, opportunity, savings, click below, free consultation, hottest, incredible, profits, investors, toll free, instantly, bargain, million, income, mortgage, debt',
  '0.6': 'click here, this mailing list, our mailing list, legal notice, please fill out',
  '0.8':
    'below is the result of your feedback form, click the link below to, amazing offer, great offer, best rates, lowest rate, low rates, home loans, home equity, term life, save thousands, no medical, no prescription, copy any, list of names, fresh leads, search engine placement, proven system, turnkey, from the comfort of, full time income, income opportunity, serious inquiries, order form, mail order, downline, recruits, members only, adults only, hot live girls, hot pics, girls, strong buy, investor alert, tax free, guaranteed to, results guaranteed, herbal, all natural, energy levels, instant access, free report, free trial offer, free sample, free samples, free shipping offer, free vacation, free download, free membership, unlimited calls, phone bill, auto warranty, extended warranty, replica, rolex, oem, order now, apply now, offer expires, no risk, lowest price, lowest prices, save up to, save big, low cost, dear sir, business proposal, investment opportunity, pre approved, life insurance, unsecured, free info, free information, limited offer, call today, order today, claim your, call toll free, earnings, no fees, per min, our mailings, receive our mailings, go here, all natural, visit our website, this email is sent',
  '0.9':
    'no cost, earn extra, extra cash, cash bonus, act fast, act today, what are you waiting for, while supplies last, stop smoking',
  '1': 'buy now, free gift, exclusive deal, no obligation, limited time, call now, no catch, free quote, apply online, strictly confidential, refinance, awarded, mlm, lottery, ringtone, ringtones, earn money, work at home, no experience, special deal, confidential, as seen on, home based, singles',
  '1.2':
    'zero risk, jackpot, bet now, send bitcoin, discreet shipping, unlimited income, risk free, money back, extra income, make money, double your, bad credit, lowest rates, lose weight, debt free, diploma, diplomas, hidden charges, free access, free membership',
  '1.5':
    'extended auto, toner cartridges, ink cartridges, inkjet cartridges, printer cartridges, herbal remedy, testosterone, fat burning, burn fat, anti aging, wrinkles, cellulite, hair loss, male enhancement, sexual performance, lesbian, horny, orgy, adult sites, adult entertainment, must be 18, over 18, 18 years of age, online pharmacy, prescription drugs, generic viagra, residual income, network marketing, paid surveys, cash machine, money making, money making machine, million addresses, bulk mail, bulk e mail, safelist, opt in list, opt in email, search engine submission, unlimited free, judicial judgments, get out of debt, debt consolidation, consolidate your, repair your credit, credit repair, poor credit, no credit, slim down, lose pounds, lbs in, quit smoking, hgh, stock rumored, otcbb, otc bb, offshore account, university degree, degree program, no tests, no classes, prestigious, hot teens, dear internet, dear fellow, dear entrepreneur, dear homeowner, dear sirs, dear webmaster, money back guarantee, financial freedom, be your own boss, work from home, credit card debt, mortgage rates, weight loss, casino, enlargement, stock alert, bulk email, bulk emails, email marketing list, absolutely free, satisfaction guaranteed, limited time offer, once in a lifetime, no strings attached, claim your bonus, million dollars, this is a one time, one time mailing, you are receiving this because, xxx, porn, hot stock, penny stock, home business, eliminate debt, potential earnings, email addresses, mass email',
  '2': 'to claim, claim call, account statement for, act now, dear friend, get rich, business opportunity, next of kin, online casino, no credit check, million emails, meet singles, confidential business, multi level marketing, sexy, your confidential, transfer the sum, erection',
  '2.3':
    'free spins, casino bonus, slots and win, win big, sports betting, betting tips, guaranteed returns, guaranteed profit, guaranteed profits, daily profit, crypto giveaway, bitcoin giveaway, miracle pill, miracle cure, doctors hate, lose # pounds, lose # lbs, lose # kg, lottery draw, international lottery, email lottery, e mail lottery, lottery winner, claims agent, special promotion, does not wish to receive, fill out the form, fill out the form below',
  '2.5':
    'you have won, you won, free money, you have been selected, you are selected, you have been chosen, 100 guaranteed, unclaimed money, unclaimed funds, this is not spam, this is not a spam, university diploma, university diplomas, make money fast, make thousands, foreign partner, senate bill, s 1618',
  '3': "double your bitcoin, double your crypto, double your btc, without prescription, without a prescription, you are a winner, you're a winner, claim your prize, claim the prize, collect your prize, dear winner, viagra, cialis, xanax, growth hormone, human growth, penis, cable descrambler, reverse aging, earn thousands, teen sex",
}

/** What makes a phrase harmless: the words before it, the words behind it. */
const HARMLESS: Harmless = {
  sex: ['same opposite', 'discrimination offender education'],
  breast: ['', 'cancer pocket chicken milk feeding feed'],
  teen: ['', 'age patrol center program'],
  teens: ['', ''],
  fat: ['big low', 'client clients content free cat'],
  reports: ['your the weekly monthly annual our of expense quarterly board custom', ''],
  girls: ['', 'school club scouts who'],
  doctors: ['', 'office offices appointment'],
  'from home': ['work working away', ''],
  'this report': ['in', ''],
  recruiting: ['your our', 'team software agency firm process pipeline'],
  pills: ['', ''],
  dvd: ['', 'drive player rom'],
  rich: ['', 'text media snippets data client'],
  traffic: ['', 'light jam data analysis control'],
  visitors: ['', ''],
  norton: ['', 'rose'],
  prestigious: ['', ''],
  cruise: ['', 'control ship'],
  vacation: ['on my your', 'policy time days request tracking'],
  'tax free': ['', ''],
  inches: ['', ''],

  free: [
    'feel tax duty sugar hassle royalty spam gluten error carbon toll hands are be been you',
    'trial trials tier up of from to for time software speech agent agents market',
  ],
  urgent: ['non less not', 'care'],
  selected: ['we i they was were are be have customers users', 'by as from for in accounts teams'],
  prize: ['nobel pulitzer turing', 'lecture'],
  prizes: ['nobel pulitzer', ''],
  winner: ['prize award', ''],
  win: ['a the', 'rate rates'],
  'win big': ['', 'clients customers deals accounts contracts'],
  'zero risk': ['with at a', ''],
  bonus: ['quarterly annual hiring signing referral', 'payouts payout plan plans planning payments'],
  guarantee: ["can't cannot not don't", ''],
  'no cost': ['', 'estimate estimates center centers codes code'],
  'risk free': ['', 'rate rates'],
  'order now': ['an the your this that each every', ''],
  'buy now': ['', 'pay button buttons'],
  'limited time': ['', 'series'],
  'wire transfer': ['', 'records record reconciliation fees fee limits'],
  million: ['', 'users customers records rows requests lines'],
  confidential: ['', 'information'],
  income: ['net operating', 'statement statements tax'],
  inheritance: ['class type object multiple single', 'hierarchy diagram chain tree'],
}

/** How spam says that one may leave its list. Honest mails say it too, so that of all of these one counts. */
const REMOVAL =
  'removed from our, removed from this, removed from future, to be removed from, to be removed, to be removed from future, for removal, to remove your, remove yourself, be removed permanently, you will be removed, removed from this mailing, be removed from our, remove in the subject, remove in subject, remove your name'

/** Money on its way to the reader: worth nothing alone, much beside a fortune. */
const TRANSFER =
  'dollars to transfer, to transfer to you, to transfer to your, transfer to you, transfer to your account, transfer into your, transfer million, transfer # million, transfer $# million, transfer the funds, transfer the money, transfer this money, want to transfer, wish to transfer, like to transfer, be transferred to you, be transferred to your, be transferred into'

export const SALES_PHRASES: readonly Phrase[] = [
  ...Object.entries(SALES).flatMap(([weight, list]) =>
    list.split(/,\s*/).map((text): Phrase => ({ text, kind: 'sales', weight: Number(weight), ...neutralisers(HARMLESS[text]) })),
  ),
  ...REMOVAL.split(', ').map((text): Phrase => ({ text, kind: 'sales', family: 'removal', weight: 2 })),
  ...TRANSFER.split(', ').map((text): Phrase => ({ text, kind: 'sales', family: 'transfer', weight: 0.1 })),
]

/** Phrases that mean more together than alone. */
export const COMBINATIONS: readonly { readonly all: readonly string[]; readonly weight: number }[] = [
  { all: ['urgent', 'wire transfer'], weight: 2.5 },
  { all: ['million dollars', 'bank account'], weight: 2.5 },
  { all: ['million dollars', 'transfer'], weight: 2.5 },
  { all: ['inheritance', 'bank account'], weight: 2 },
  { all: ['prize', 'congratulations'], weight: 1.5 },
  { all: ['winner', 'prize'], weight: 0.8 },
]
