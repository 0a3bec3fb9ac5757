import { z } from 'zod'
import { RISKS } from '../core/action.js'
import { domainName, zoneName } from '../core/config-values.js'
import { registrableDomain } from './recipients/registrable-domain.js'
import { PACKS } from './rules/rule.js'

const HOUR = 3_600_000

const minuteOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected HH:MM, 00:00 to 24:00')
const span = z.tuple([minuteOfDay, minuteOfDay]).refine(([open, close]) => open < close, 'the window closes before it opens')
const day = z.number().int().min(1).max(7)

/** One window on some days, or a list of windows for each day ('1' = Monday), or no limit at all. */
const hours = z.union([
  z.literal('always'),
  z
    .strictObject({
      /** ISO weekdays in the recipient's zone, 1 = Monday. */
      days: z.array(day).min(1),
      /** First minute of the window, local, inclusive. */
      open: minuteOfDay,
      /** End of the window, local, exclusive; `24:00` = midnight. */
      close: minuteOfDay,
    })
    .refine(({ open, close }) => open < close, 'the window closes before it opens'),
  z.strictObject({
    /** Windows `[open, close]` by ISO weekday; a day that is not named is closed. */
    windows: z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(span)),
  }),
])
export type Hours = z.infer<typeof hours>

const zoneChange = z.strictObject({
  /** First minute of the new offset, ISO 8601 in UTC. */
  fromUtc: z.iso.datetime({ precision: null }),
  /** Minutes ahead of UTC; null = as the runtime has it. */
  offsetMinutes: z.number().int().min(-1440).max(1440).nullable(),
})

const severity = z.enum(['block', 'warn', 'off'])
const pause = (hours: number) =>
  z
    .number()
    .int()
    .min(0)
    .default(hours * HOUR)

const phrase = z.strictObject({
  /** Words as a reader sees them; matched whole, in any case, across line breaks but not across sentences. */
  phrase: z.string().min(1).max(100),
  /** Points it adds to the score once per message. */
  weight: z.number().min(0).max(10),
})

/** The guardrails' rules. Every figure may be changed; a misspelt key is an error. */
export const guardrailPolicySchema = z.strictObject({
  hours: z
    .strictObject({
      /** E-mail; default Monday to Friday 08:00-18:00 at the recipient. */
      email: hours.default({ days: [1, 2, 3, 4, 5], open: '08:00', close: '18:00' }),
      /** SMS and every other channel; default every day 08:00-21:00 at the recipient, 47 CFR 64.1200(c)(1). */
      sms: hours.default({ days: [1, 2, 3, 4, 5, 6, 7], open: '08:00', close: '21:00' }),
      /** Calls; left out = as SMS. Laws of the called person's state or country are kept on top, by pack. */
      call: hours.optional(),
      /** Keep the legal holidays on which a state or country forbids calls, too; default false. */
      holidays: z.boolean().default(false),
      /** Offsets by IANA zone for laws younger than the runtime's data; `[]` takes a built-in correction back. */
      zoneChanges: z.record(zoneName, z.array(zoneChange).max(20)).default({}),
      /** What to do when nobody knows the recipient's zone; default `hold` for a human. */
      unknownZone: z.enum(['hold', 'deny']).default('hold'),
    })
    .prefault({}),
  grounding: z
    .strictObject({
      /** How old evidence may be, ms; default one hour. */
      maxAgeMs: z.number().int().positive().default(HOUR),
      /** How far in the future its time may lie (clocks differ), ms; default two minutes. */
      skewMs: z.number().int().min(0).default(120_000),
      /** Where evidence may come from. */
      sources: z.array(z.string().min(1)).default(['supabase', 'ghl', 'clay', 'rb2b', 'manual']),
      /** The lowest risk that needs evidence; default `high`. */
      requiredFrom: z.enum(RISKS).default('high'),
    })
    .prefault({}),
  content: z
    .strictObject({
      /** Score from which a message carries a warning; default 2.5. */
      warnAt: z.number().positive().default(2.5),
      /** Score from which a message is refused; default 5, as SpamAssassin's threshold. */
      blockAt: z.number().positive().default(5),
      /** Longest message read, UTF-16 units over subject, text and HTML; default 256 k. Longer is refused unread. */
      maxLength: z.number().int().positive().default(262_144),
      /** Longest HTML read, UTF-16 units; default 200 k. */
      maxHtml: z.number().int().positive().default(204_800),
      /** Longest subject without a warning, code points; default 60. */
      maxSubject: z.number().int().positive().default(60),
      /** Fewest words an e-mail says beside its opt-out; default 2. Other channels: 1. */
      minWords: z.number().int().min(1).default(2),
      /** Your own phrases, added to the built-in ones; the same phrase replaces the built-in weight. `#` is any number, `$#` a sum of money. */
      phrases: z.array(phrase).max(2000).default([]),
      /** http://, redirecting, too many, and (in e-mail) shortened links; default `warn`. What disguises its target blocks anyway. */
      links: severity.default('warn'),
      /** Shouting, punctuation and length of subjects; default `warn`. */
      subject: severity.default('warn'),
    })
    .prefault({}),
  recipients: z
    .strictObject({
      /** Addresses read by machines or for complaints (abuse@, noreply@, …); default `block`. Shared ones (info@, …) carry a warning. */
      roleAccounts: severity.default('block'),
      /** Misspelt and throw-away domains; default `warn`. */
      doubtfulDomains: severity.default('warn'),
      /** Throw-away domains beside the built-in ones. */
      disposableDomains: z.array(domainName).max(100_000).default([]),
    })
    .prefault({}),
  consent: z
    .strictObject({
      /** Where the law of Canada, the UK or an EU country asks for consent and nobody knows of one; default `hold`. */
      unknown: z.enum(['hold', 'block', 'warn']).default('hold'),
      /** The same for texts to US numbers; default `warn`. Set `hold` or `block` once your contacts carry consent. */
      unknownUsText: z.enum(['hold', 'block', 'warn', 'off']).default('warn'),
    })
    .prefault({}),
  health: z
    .strictObject({
      /** Sends below which rates are judged by their Wilson lower bound; default 100. */
      minSample: z.number().int().positive().default(100),
      /** The same for complaints, which are rarer; default 1000. */
      minComplaintSample: z.number().int().positive().default(1000),
      /** Bounce rate that stops a domain whatever its score; default 0.05 (GHL suspends at 5 %). */
      maxBounceRate: z.number().min(0).max(1).default(0.05),
      /** Complaint rate that stops a domain whatever its score; default 0.003 (Gmail, Yahoo). */
      maxComplaintRate: z.number().min(0).max(1).default(0.003),
      /** Complaints in seven days that stop a domain with fewer than `minComplaintSample` sends in them; default 2. */
      maxWeeklyComplaints: z.number().int().positive().default(2),
      /** Bounce rates that are warned about; default 0.02 (AWS) and 0.03 (GHL's own warning). */
      warnBounceRates: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]).default([0.02, 0.03]),
      /** Complaint rate that is warned about; default 0.001 (Gmail). */
      warnComplaintRate: z.number().min(0).max(1).default(0.001),
      /** Score below which a domain may not send; default 50. */
      healthyFrom: z.number().min(0).max(100).default(50),
      /** Score a domain needs to come back once it cooled; default 60. */
      recoverFrom: z.number().min(0).max(100).default(60),
      /** Pause after a bounce stop, ms; default 24 h. */
      bounceCoolingMs: pause(24),
      /** Pause after a complaint stop, ms; default 48 h. */
      complaintCoolingMs: pause(48),
      /** Pause below `healthyFrom`, ms; default 72 h. */
      lowScoreCoolingMs: pause(72),
      warmUp: z
        .strictObject({
          /**
           * Sending domains that are warm already, beside the account's `senderDomain`. Default: none. A domain that is
           * in neither and that an e-mail names as its sender is new, and ramps up.
           */
          established: z.array(domainName).default([]),
          /** Sending domains that ramp up although they are the account's own. Default: none. */
          new: z.array(domainName).default([]),
          /** E-mails per day, step by step; after the last step there is no limit. An empty list turns warm-up off. */
          perDay: z.array(z.number().int().positive()).max(100).default([10, 15, 20, 30, 40, 50, 60, 75, 90, 105, 120, 135, 150]),
          /** Healthy days with sends per step; default 2. */
          daysPerStep: z.number().int().positive().default(2),
          /** Days without a send after which it begins again; default 30 (Twilio). */
          silentDays: z.number().int().positive().default(30),
        })
        .refine(({ established, new: listed }) => !overlap(established.map(registrableDomain), listed.map(registrableDomain)), {
          path: ['new'],
          message: 'names a domain that `established` names too: it is one or the other.',
        })
        .prefault({}),
    })
    .prefault({}),
  compliance: z
    .strictObject({
      optOut: z
        .strictObject({
          /** E-mail without a way to unsubscribe; default `block`, 15 USC 7704(a)(5). */
          email: severity.default('block'),
          /** SMS without a STOP instruction; default `block`, CTIA. */
          sms: severity.default('block'),
          /** Whether both headers of RFC 8058 count as a way out of an e-mail; default true. */
          header: z.boolean().default(true),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Facts about you, the sender, that rules need and no message says. */
  sender: z
    .strictObject({
      /** The name texts have to carry, as your customers know it. Left out: texts are not checked for it. */
      brand: z.string().min(2).max(100).optional(),
      /** Your postal address: e-mails without it are refused. Left out: e-mails that seem to have none carry a warning. */
      postalAddress: z.string().min(5).max(300).optional(),
      /** Registrable domains of yours: links that show another address may lead there (click tracking). */
      domains: z.array(domainName).max(100).default([]),
      /** How your sending domain is set up. Left out: not judged. */
      authentication: z
        .strictObject({
          /** SPF passes. */
          spf: z.boolean(),
          /** DKIM passes. */
          dkim: z.boolean(),
          /** A DMARC record exists; p=none will do. */
          dmarc: z.boolean(),
          /** The domain of SPF or DKIM is that of the From address. */
          aligned: z.boolean(),
          /** Your system adds both headers of RFC 8058. */
          oneClick: z.boolean().optional(),
          /** You send 5,000 or more a day to consumer mailboxes; what else warns then blocks. */
          bulk: z.boolean().default(false),
        })
        .optional(),
    })
    .prefault({}),
  /** Bodies of rules that apply; default all. A rule with a jurisdiction applies to recipients there. `product` is always on. */
  packs: z.array(z.enum(PACKS)).default([...PACKS]),
})

export interface GuardrailPolicy extends z.infer<typeof guardrailPolicySchema> {}

/** What `guardrailPolicySchema` makes of `{}`. */
export const guardrailDefaults: GuardrailPolicy = Object.freeze(guardrailPolicySchema.parse({}))

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one))
}
