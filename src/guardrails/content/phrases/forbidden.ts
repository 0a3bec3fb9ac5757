import type { Phrase } from '../reading/phrase-book.js'
import { listed } from './listed.js'

/** Sex, hate, alcohol, firearms, tobacco, and cannabis: what US carriers do not carry. */
export const SHAFT_PHRASES: readonly Phrase[] = listed(
  'shaft',
  {
    sex: 'sex, sexy, porn, porno, xxx, nude, nudes, naked, escort, escorts, erotic, hot singles, hot girls, hot babes, horny, adult chat, adult content, adult dating, adult videos, adults only, hookup, hookups, hook up with, onlyfans, camgirl, cam girls, webcam girls, sexting, fetish, strip club, strippers, milf, milfs, dildo, vibrator, vibrators, sensual massage, happy ending, meet singles, local singles, singles near you, naughty',
    hate: 'white power, white supremacy, heil hitler, kkk, subhuman, race war, kill all, nazi, gas the',
    alcohol:
      'alcohol, beer, beers, wine, wines, vodka, whiskey, whisky, tequila, rum, gin, bourbon, liquor, liquors, liquor store, champagne, prosecco, cocktails, cocktail, booze, brewery, ipa, craft beer, hard seltzer, sake, mezcal, brandy, cognac, happy hour drinks, bottle service, open bar, drink specials, $# shots, 2 for 1 shots, jello shots',
    firearms:
      'gun, guns, firearm, firearms, rifle, rifles, pistol, pistols, handgun, handguns, shotgun, shotguns, ammo, ammunition, ar 15, ak 47, glock, 9mm, revolver, silencer, suppressors, suppressor, bump stock, gun show, uppers, magazines for ar, concealed carry',
    tobacco:
      'tobacco, cigarette, cigarettes, cigar, cigars, vape, vapes, vaping, e cigarette, e cigarettes, e cig, ecig, e cigs, e liquid, eliquid, e juice, vape juice, nicotine, hookah, juul, snus, zyn, chewing tobacco, smoke shop, disposables',
    cannabis:
      'cbd, thc, delta 8, delta 9, delta 10, weed, marijuana, cannabis, hemp, kratom, dispensary, gummies, edibles, cannabinoid, cannabinoids, kush, indica, sativa, pre rolls, prerolls, bong, bongs, magic mushrooms, psilocybin, kief, dab rig, 420 sale, happy 420',
  },
  {
    sex: ['same opposite', 'education offender offenders ed'],
    sexy: ['', ''],
    escort: ['police security ford', 'vehicle service vehicles'],
    naked: ['', 'eye juice wines cake'],
    beer: ['root ginger', 'garden'],
    gin: ['cotton', 'rummy'],
    rum: ['', 'cake'],
    wine: ['', 'country'],
    alcohol: ['rubbing isopropyl no non without hand', 'free wipes wipe based testing policy awareness training swabs swab pads'],
    cocktail: ['shrimp', 'dress attire hour table tables'],
    sake: ['the for whose own', ''],
    gun: ['nail glue heat spray massage staple caulk grease top nerf price radar paint', 'safety'],
    guns: ['nail glue heat spray massage staple caulk grease nerf paint', ''],
    pistol: ['', 'grip'],
    shotgun: ['', 'wedding house approach start starts'],
    cigarette: ['no', 'lighter butt'],
    tobacco: ['no', 'free road'],
    vape: ['no', 'free detector detectors sensor sensors'],
    smoke: ['', ''],
    nicotine: ['', 'patch patches gum'],
    weed: ['', 'control killer barrier removal treatment eater whacker spraying man prevention pulling preventer trimmer'],
    hemp: ['', 'rope'],
    gummies: ['vitamin vitamins multivitamin fruit', ''],
    uppers: ['shoe boot leather', ''],
    disposables: ['', ''],
    brewery: ['', ''],
    'hook up with': ['', ''],
    nude: ['', 'lipstick heels color colour shade shades'],
    silencer: ['exhaust', ''],
    nazi: ['grammar soup', ''],
    naughty: ['', 'or list'],
    xxx: ['', ''],
    vibrator: ['concrete', ''],
    vibrators: ['concrete', ''],
    ipa: ['', ''],
  },
)

/** A sum of money and how soon: "make $300 a day". Without a sum it is work ("we make 3 deliveries today"). */
const RICHES = ['make', 'making', 'earn', 'earning']
  .flatMap((verb) => ['$#', '# dollars', '# euros', '# pounds'].map((sum) => `${verb} ${sum}`))
  .flatMap((start) =>
    [
      'a day',
      'per day',
      'day',
      'daily',
      'a week',
      'per week',
      'week',
      'weekly',
      'a month',
      'per month',
      'monthly',
      'from home',
      'online',
    ].map((end) => `${start} ${end}`),
  )
  .join(', ')

/** Trades US carriers do not carry: https://support.twilio.com 360045004974. */
export const FORBIDDEN_PHRASES: readonly Phrase[] = listed(
  'forbidden',
  {
    loans:
      'payday loan, payday loans, payday advance, cash advance, title loan, title loans, auto title loan, quick cash, fast cash, instant cash, instant loan, instant loans, personal loan, personal loans, short term loan, short term loans, installment loan, installment loans, emergency loan, bad credit ok, no credit check, no credit needed, pre approved for, preapproved for, pre approved loan, loan approval, loan approved, loan offer, loan offers, student loan forgiveness, loan forgiveness, borrow up to, cash loan, cash loans, loan up to, loans up to, loan of up to, refinance now, mortgage rates, high interest loan, third party loan',
    debt: 'debt relief, debt forgiveness, debt settlement, debt consolidation, debt reduction, consolidate your debt, consolidate your debts, eliminate your debt, eliminate debt, wipe out your debt, write off your debt, settle your debt, settle your debts, reduce your debt, out of debt, irs debt, tax debt, tax relief, debt collection, outstanding debt, credit card debt',
    credit:
      'credit repair, fix your credit, repair your credit, improve your credit score, boost your credit, boost your credit score, raise your credit score, credit score boost, clean your credit, credit restoration, erase bad credit, remove collections, bad credit',
    crypto:
      'crypto, bitcoin, btc, ethereum, eth, cryptocurrency, cryptocurrencies, dogecoin, nft, nfts, altcoin, altcoins, token presale, presale token, airdrop, defi, forex, forex signals, trading signals, binary options, penny stock, penny stocks, stock tips, hot stock, stock alert, investment opportunity, guaranteed returns, guaranteed profit, double your money, double your bitcoin, passive income, usdt, solana, blockchain investment',
    'get-rich':
      `${RICHES}, ` +
      'work from home, working from home and earn, make money from home, earn money from home, earn from home, earning from home, from home earn, home based business, be your own boss, get rich, earn # a day, earn # per day, earn # daily, earn # a week, earn # per week, earn # weekly, earn up to $#, make up to $#, make money fast, make money online, earn money online, extra income, easy money, financial freedom, quit your job, quit your day job, mlm, multi level marketing, pyramid, secret shopper, mystery shopper, money making, side hustle, cash daily, no experience needed, easy cash',
    gambling:
      'casino, casinos, online casino, gambling, free spins, bonus spins, slot machine, slot machines, slots, jackpot, sportsbook, sports betting, bet now, place your bet, place your bets, free bet, free bets, betting tips, betting odds, betting, poker, blackjack, roulette, lottery, lotto, raffle tickets, sweepstakes, bingo, wager, wagers, bookie, scratch cards, baccarat',
    leads:
      'sell leads, buy leads, leads for sale, lead list, we sell leads, lead generation service, third party leads, share your information with our partners, our marketing partners, affiliate marketing, your number was provided by',
    health:
      'weight loss pills, lose weight fast, miracle cure, viagra, cialis, xanax, oxycontin, adderall, ozempic without, prescription drugs, no prescription, without prescription, cheap meds, online pharmacy, insurance quotes, health insurance quotes, medicare benefits',
  },
  {
    crypto: ['', 'graphic graphy'],
    eth: ['', 'zurich zürich'],
    token: ['', ''],
    'work from home': [
      'i we they',
      'policy setup desk day days stipend allowance on this next today tomorrow monday tuesday wednesday thursday friday',
    ],
    casino: ['', 'night party'],
    slots: [
      'time appointment demo open available remaining meeting more new last interview morning afternoon two three four few several calendar delivery today consultation evening these free extra some booking',
      'left available open for on this next tomorrow today are at in remaining',
    ],
    jackpot: ['', ''],
    betting: ["we're are i'm not", ''],
    bingo: ['', ''],
    poker: ['', 'face table'],
    pyramid: ['', ''],
    lottery: ['visa', ''],
    'side hustle': ['', ''],
    'out of debt': ['', ''],
    wager: ['', ''],
    'earn up to $#': ['', 'back cash off credit rewards'],
    'mortgage rates': ['', ''],
    'personal loan': ['', 'officer officers payment statement agreement'],
  },
)
