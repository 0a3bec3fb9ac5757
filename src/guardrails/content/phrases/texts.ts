import type { Phrase } from '../reading/phrase-book.js'
import { type Harmless, neutralisers } from './listed.js'

/** What spam in short texts says, beside what it says everywhere. In an e-mail most of it means nothing. */
const TEXTS: Readonly<Record<string, string>> = {
  '2.5':
    'lucky day, surprise awaiting, chance 2 win, reply to win, vouchers to be won, awaiting your collection, customer service announcement, accident you had, had an accident, mis sold, ppi, write off your debts, write off your debt, dogging, get laid, satisfy men, explicit sex, local dates, make me horny, horny, account statement for, un redeemed, unredeemed, secret admirer, claim code, claim no, claim number, identifier code, await collection, awaiting collection, waiting to be collected, waiting to be claimed, still unclaimed, caller prize, bonus caller, attempt to contact, attempt to reach, somebody you know, someone you know, fancies you, fancy you, dating service, poly ringtone, poly tones, polyphonic, true tone, ringtone club, chat line, rude chat, sexy chat, dirty talk, hot pics, sexy pics, call from landline, from landline, from land line, from a landline, a live operator, shopping spree, numbers ending, mobile number has been, mobile number was, your mobile no, your number has been selected, your number was selected, randomly selected, randomly chosen, gift card winner, claim your gift, claim your reward, claim your refund, claim your free, claim your voucher, get your reward, unpaid toll, outstanding toll, toll balance, toll violation, customs fee, customs charge, redelivery fee, reschedule fee, verify your wallet, hot singles, naughty pics',
  '1.5':
    "gift voucher, gift vouchers, weekly draw, wkly draw, prize draw, weekly competition, week's competition, competition draw, draw shows, free entry, wkly comp, line rental, linerental, latest nokia, latest motorola, latest mobiles, latest phones, camera phone, video phone, colour phone, double mins, double minutes, free mins, free minutes, free texts, free text messages, free sms, free ringtone, free ring tone, freemsg, free msg, free message, freephone, freefone, per msg, to claim, 2 claim, toclaim, entitled to, been awarded, you are awarded, ur awarded, been chosen, been specially selected, specially selected, trying to contact, tried to contact, tried to call you, tried to reach you, final attempt, 2nd attempt, second attempt, new tone, text chat, videochat, babes, randy, kinky, sexy, chat n date, chat and date, housewives, knickers, dream partner, chance to win, tried to make a delivery, contact attempt, left no message, messages waiting, had your mobile, our records indicate, accident claim, xxx pics, homeowners, previously refused, any purpose, quick loan, instant loan, loan offer, txtin, weekly quiz, sms quiz, wkly quiz, reveal who, find out who, vip tickets, cash await, guaranteed cash, cash prize, final chance, cash balance, maximize your cash, tax refund, parcel is pending, package is pending, package is on hold, parcel is on hold, update your delivery, your parcel could not, your package could not, mins and texts, per tone, any network, any networks, video handset, handset, message waiting, urgent message, missed call alert, unlimited text, unlimited texts, anytime mins, camera phones, mobiles with camera, new mobile, update now, have been invited to, you are invited to chat, looking to make contact, make contact with you, we owe you, part time job, remote job, work remotely, earn up to, paid daily, daily pay, approved for a loan, pre approved for, did you authorize, did you authorise, unusual login, suspicious transaction, eligible for a refund, refund is pending, small fee, final notice, account will be, click to claim, tap to claim, tap here, claim now, claim it now, act fast",
  '1': 'chat now, perfect partner, tarot, horoscope, flirt, new voicemail, for your chance, you have been charged, winner, winners, won, prize, prizes, awarded, award, guaranteed, voucher, vouchers, ringtone, ringtones, ring tone, ring tones, tones, unredeemed, redeem, redeemable, reward, rewards, urgent, landline, land line, freephone, tcs, tncs, ts cs, std txt, over 18, 18 only, 18 yrs, 16 yrs, 16 only, 18 or over, sae, po box, pobox, calls cost, p msg, p min, ppm, 12hrs only, 24hrs only, wap, camcorder, pix, babe, txt, half price, competition, quiz, xxx, claim, draw, customer service representative, customer services representative, mobile content, your paypal account, your apple id, your amazon account, your netflix, your wallet, your card has been',
  '0.6': 'free',
  '0.5':
    'win, cash, mobile, mobiles, phones, txt to, texting, bonus, congratulations, congrats, nokia, motorola, ipod, bluetooth, holiday, tone, logo, logos, t c, t cs, t c s, terms apply, call now, call free, pics, mins, latest, collect, selected, special offer, loan, loans, credit your account, download, mobile club, only # p',
}

const HARMLESS: Harmless = {
  free: [
    "i'm im i am are be been is you u feel if when was get got r ya ur toll hands tax duty sugar smoke for",
    'time tonight tomorrow today now or at on after in to u up of trial consultation estimate parking 2 4 this next if just lol ? until then all sat sun tho',
  ],
  mobile: ['my his her the a new on by your', 'app number phone site banking'],
  mobiles: ['', ''],
  phones: ['our the', ''],
  'new mobile': ['my a', 'number app'],
  'account will be': ['', 'credited charged ready'],
  handset: ['the my', ''],
  win: ['to they we i will gonna did can', ''],
  won: ['i we he she they who team has', 't'],
  cash: ['in the no some out of any by', 'in out or'],
  tone: ['your the my his her in', ''],
  claim: ['your a an the his my expense insurance warranty', 'form forms adjuster handler team'],
  award: ['the', 'ceremony winning'],
  awards: ['', ''],
  collect: ['to', 'your'],
  draw: ['to a the can', 'up a'],
  holiday: ['the a my your happy on after bank this', 'hours season party'],
  reward: ['', 'yourself'],
  rewards: ['your loyalty', ''],
  selected: ['you your was were', 'slot time'],
  latest: ['the at', ''],
  loan: ['your the', 'officer documents application closing'],
  voucher: ['your the', ''],
  winner: ['the a', ''],
  'to claim': ['forgot want', ''],
  urgent: ['not nothing non if is very', 'care'],
  competition: ['the a your our', ''],
  quiz: ['the a my', ''],
  bonus: ['my your the', ''],
  'entitled to': ['', 'your'],
}

export const TEXT_PHRASES: readonly Phrase[] = Object.entries(TEXTS).flatMap(([weight, list]) =>
  list
    .split(/,\s*/)
    .map((text): Phrase => ({ text, kind: 'text-sales', weight: Number(weight), ...neutralisers(HARMLESS[text]) })),
)
