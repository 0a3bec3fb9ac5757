import type { Phrase } from '../reading/phrase-book.js'
import { listed } from './listed.js'

/** What programs write where a value is missing. */
export const NO_VALUE_PHRASES: readonly Phrase[] = listed('no-value', { value: 'undefined, null, nan, none, n a' })

const DRAFTED = ['i drafted', 'i have drafted', "i've drafted"].flatMap((drafted) =>
  ['email', 'message', 'text', 'sms', 'reply', 'response', 'draft'].map((what) => `${drafted} the following ${what}`),
)

/** Where the knowledge of language models ends; the last update of a person is newer. */
const LAST_UPDATE = [2020, 2021, 2022, 2023, 2024].flatMap((year) => [
  `as of my last update in ${year}`,
  `as of my last update in * ${year}`,
])

/** What a language model says about itself, before its text and behind it. */
export const ASSISTANT_PHRASES: readonly Phrase[] = listed(
  'assistant',
  {
    drafted: DRAFTED.join(', '),
    updated: LAST_UPDATE.join(', '),
    itself:
      "as an ai, as an ai language model, as an ai assistant, as an ai model, as a language model, as a large language model, as an artificial intelligence, i'm an ai, i am an ai, i am just an ai, i'm just an ai, i am a language model, i'm a language model, as of my last training, as of my training, as of my last knowledge, knowledge cutoff, knowledge cut off, last knowledge update, my training data, my last training, my knowledge base was, don't have access to real time, do not have access to real time, don't have real time access, cannot browse the internet, can't browse the internet, don't have browsing, chatgpt, openai's",
    refusal:
      "i'm sorry but i can't help with that, i'm sorry but i cannot help with that, i'm sorry i can't help with that, i am sorry but i can't help with that, i am sorry but i cannot help with that, i'm sorry but i can't assist, i'm sorry but i cannot assist, i can't assist with, i cannot assist with, i can't help with that request, i cannot help with that request, i can't fulfill, i cannot fulfill, i can't comply with, i cannot comply with, i'm unable to assist, i am unable to assist, i'm not able to assist, i'm unable to fulfill, i can't generate, i cannot generate, i'm unable to generate, i am unable to generate, i'm unable to create, i apologize but i cannot, i apologize but i can't, i apologize but i'm unable, i can't create content, i cannot create content, i can't write that, i won't be able to assist with, not able to fulfill, against my guidelines, my programming, cannot provide assistance, unable to provide assistance",
    preamble:
      "based on the provided context, based on the context provided, based on the provided information, i wrote the following email, i have written the following email, here's a personalized, here is a personalized, here's a personalised, here is a personalised, here's a revised version, here is a revised version, here's the revised version, here is the revised version, here's an updated version of, here's a rewritten, here is a rewritten, here's a polished, here is a polished, here's a professional email, here is a professional email, here's a short email, here's a concise, here is a concise, here's a draft email, here is a draft email, here's a draft of the email, here is a draft of the email, here's an email you can, here is an email you can, below is a personalized, below is a draft email, below is the email, here's the cold email, here's a cold email, here is a cold email, here's a follow up email, here is a follow up email, here's an sms, here is an sms, here's a text message, here's a possible response, here is a possible response, here's a suggested reply, here is a suggested reply",
    postscript:
      "if you'd like me to adjust, if you'd like me to revise, if you'd like me to make, if you'd like me to change, if you'd like me to tweak, if you'd like me to modify, if you'd like me to rewrite, if you'd like me to refine, if you'd like me to shorten, if you'd like me to tailor, if you'd like me to customize, if you'd like me to personalize, if you'd like me to add, if you'd like me to create, if you'd like me to generate, if you would like me to adjust, if you would like me to revise, if you would like me to make, if you would like me to modify, if you would like me to refine, if you want me to adjust, if you want me to revise, if you want me to make it, if you want me to tweak, if you want me to add, if you want me to modify, if you need any adjustments, if you need any modifications, if you'd like any changes, if you'd like any revisions, if you would like any revisions, if you would like any changes to this email, if you would like any adjustments, if you would like any modifications, if you need any changes, if you need any edits, if you need any tweaks, if you'd like a different tone, if you want a different tone, before sending this email, before you send this email, replace the company name, replace the name with, edit as needed, customize as needed, fill in as needed, anything else you'd like me to, help you write this email, help you write an email, help you draft this, help you draft an email, help you with this email draft, if you'd like any adjustments, if you want any changes, would you like me to adjust, would you like me to revise, would you like me to make, would you like me to modify, would you like me to tailor, want me to make it shorter, want me to adjust the, feel free to customize, feel free to adjust this, feel free to modify this, feel free to edit this, feel free to tweak this, generated by chatgpt, written by chatgpt, kept it under # words, i shortened the intro, feel free to personalize, replace the placeholders, replace the bracketed, fill in the brackets, this email is designed to, this version is shorter, i kept the tone, i've kept the tone, i hope this draft, this draft keeps, word count #, character count #, adjust the tone",
    question:
      "please provide the recipient's, please provide more details about the recipient, please provide more context, i don't have enough information, i do not have enough information, could you provide more details about the, could you please provide the recipient's",
  },
  {
    'as an ai': [
      '',
      'company startup vendor agency consultancy platform lead leader team researcher engineer expert founder business firm provider first native powered lab consultant strategist advisor product specialist tool tools',
    ],
    chatgpt: [
      'using use uses with of like love try and or vs versus than about on in for as by to via the your our from asked ask asks is are into through beyond custom against not does did do plus',
      '',
    ],
    'i am an ai': ['', 'researcher engineer consultant expert founder specialist strategist lead'],
    "i'm an ai": ['', 'researcher engineer consultant expert founder specialist strategist lead'],
    'i cannot fulfill': ['', 'your the this our'],
    "i can't fulfill": ['', 'your the our'],
    'if you need any changes': ['', 'to in on made'],
    'if you need any edits': ['', 'to in on made'],
    'if you need any tweaks': ['', 'to in on made'],
  },
)

/** What stands in drafts for what was to come. */
export const PLACEHOLDER_PHRASES: readonly Phrase[] = listed(
  'placeholder',
  {
    text: 'lorem ipsum, dolor sit amet, consectetur adipiscing, your text here, your message here, text goes here, content goes here, name goes here, copy goes here, link goes here, insert name, insert link, insert company, insert text here, insert date, insert cta, add cta here, company name here, your name here, your name your title, your name your company, your name your position, your company name, your company here, add link here, foo bar, hello world, asdf, asdfgh, qwertz, qwerty, blah blah, test test, testing testing, test 123, testing 123, this is a test email, this is a test message, just a test, just testing, test email please ignore, please ignore this test, draft do not send, draft not for distribution, do not send this draft, to be added, to be inserted, placeholder text, sample text, dummy text, translation missing, missing translation',
    name: 'john doe, jane doe, john q public, max mustermann, erika mustermann, mario rossi, jean dupont, firstname lastname, first name last name, name surname, company xyz, xyz company, abc company, company abc, xyz corp, abc corp, acme example',
    address:
      'anytown, any town usa, 123 main st, 123 main street, 123 any street, 123 street, 1234 main st, 1234 main street, 123 fake street, musterstraße #, musterstadt, 12345 musterstadt',
    note: 'todo, draft, fixme, placeholder, tktk, xx, xxx, xxxx, xxxxx, xxxxxx, tbd, tbc, link, url, cta',
    signature: 'your name, your title, your company, your position, your full name',
    phone:
      '555 555 #, # 555 5555, # 555 1234, 1 555 555 #, 123 456 #, 000 000 #, 111 111 #, 999 999 #, xxx xxx xxxx, 5555555555, 1234567890, 0000000000',
    domain:
      'example com, example org, example net, yourdomain com, yourcompany com, yoursite com, yourwebsite com, mydomain com, mycompany com, mysite com, domain com, company com, website com, placeholder com, test com, your domain com, your company com, companyname com',
  },
  {
    'hello world': ['your first a', 'program app example'],
    'just testing': ['', 'out whether if'],
    'just a test': ['', 'of drive'],
    'to be added': ['wants want need needs like ask asked asking', 'to'],
    'sample text': ['', 'message messages'],
    'domain com': ['', ''],
    'first name last name': ['', ''],
  },
)

/** What a text is framed by when it was pasted whole: looked at where it begins a line. */
export const FRAME_PHRASES: readonly Phrase[] = listed('frame', {
  subject: 'subject, subject line, email subject, email body',
  turn: 'assistant, user, human, system, ai',
  cut: 'truncated, cut off, continued, continues, max tokens, maximum tokens',
})

/** How a letter begins, where it begins a line. */
export const GREETING_PHRASES: readonly Phrase[] = listed('greeting', {
  greeting:
    'hi, hello, hey, dear, hiya, greetings, howdy, good morning, good afternoon, good evening, good day, hola, buenos días, buenas tardes, estimado, estimada, querido, querida, hallo, guten tag, guten morgen, sehr geehrte, sehr geehrter, liebe, lieber, moin, servus, bonjour, bonsoir, salut, cher, chère, ciao, salve, buongiorno, gentile, caro, cara, egregio, olá, oi, bom dia, boa tarde, prezado, prezada, caro, cara, beste, geachte, goedemorgen, goedemiddag, hej, hejsan, kära, kjære, kære, hei, cześć, witaj, dzień dobry, szanowny, szanowna, ahoj, dobrý den, szia, kedves, bună, merhaba, sayın, привет, здравствуйте, уважаемый, уважаемая',
})
