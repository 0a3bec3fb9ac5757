import { expect, test } from 'vitest'
import { readOptOut } from '../../src/guardrails/index.js'
import { ownWords } from '../../src/guardrails/recipients/index.js'

test.each([
  ...[
    'STOP',
    'stop.',
    'Stop!!',
    ' stop ',
    'STOP PLEASE',
    'please stop',
    'Stop thanks',
    'stopall',
    'STOP ALL',
    'stpo',
    'sotp',
    'stoop',
  ],
  ...[
    'S T O P',
    'S.T.O.P',
    'ＳＴＯＰ',
    'st\u200bop',
    'STOPSTOP',
    'UNSUBSCRIBE',
    'unsuscribe',
    'END',
    'quit',
    'REVOKE',
    'OptOut',
    'opt-out',
  ],
  ...['CANCEL', 'ARRET', 'Arrêt', 'TD', 'remove', 'Stop it', 'no more', 'ok stop', 'stop now!!!', 'Stop 🛑', 'no, stop'],
  'please take me off your list',
  "Don't text me again",
  'do not contact me',
  'Dont message me any more, thanks',
  'Never email me again.',
  'Stop texting me',
  'stop sending me these messages',
  'Can you stop sending me emails?',
  'could you please not text this number',
  'I do not want to receive any more texts',
  "I don't want these emails anymore",
  'Please remove my number from your system',
  'remove me from the list',
  'take my name out of your database please',
  'Delete my data',
  'unsubscribe me please',
  'I would like to unsubscribe',
  'How do I opt out?',
  'Please opt me out',
  'I revoke my consent',
  'I withdraw consent to these calls',
  'Who gave you this? Lose my number.',
  'leave me alone',
  'I asked you to stop',
  'No more texts please',
  'Stop right now',
  'no me escribas más',
  'por favor no me envíen más mensajes',
  'BAJA',
  'quiero darme de baja',
  'ne m’écrivez plus',
  'arrêtez de m’écrire',
  'Bitte schreiben Sie mir nicht mehr',
  'keine weiteren Nachrichten',
  'Abmelden',
  'Nehmen Sie mich aus dem Verteiler',
  'non scrivetemi più',
  'stuur mij geen berichten meer',
  'não me mande mais mensagens',
  'proszę nie pisać',
  'отписаться',
  '停止',
  // Beside other clauses.
  ...[
    'Wrong number, stop',
    'Who is this? STOP',
    'Stop!! I am driving',
    'Not interested. Stop',
    'STOP, you have the wrong person',
  ],
  ...['Please STOP. I am not Dana', 'Please stop or I will call my lawyer', 'Dana sold the house; unsubscribe', 'STOP - I moved'],
  ...['STOP I already told you', 'STOP who is this', 'END. I am at work', 'ok. stop.', 'Got it. Opt out', 'WHO IS THIS? STOP!'],
  ...['STOP\n--\nDana Lopez\nVP Ops', 'Stop\n\nSent from my iPhone', 'Cancel\n\nSent from my iPhone', 'stop\nThanks, Dana'],
  // In other verbs.
  ...[
    'quit texting me',
    'cease texting me',
    'end all messages',
    'Cancel all messages',
    'cancel texts',
    'discontinue these texts',
  ],
  ...[
    'stop marketing',
    'Stop promotions',
    'Stop the promos please',
    'no more promotions',
    'stop msging me',
    'STOP2QUIT',
    'STOP 2 END',
  ],
  ...['Stop harassing me', 'quit bugging us', "If you don't stop texting me I will report you", 'cease and desist'],
  ...['do not call', 'DO NOT CONTACT', 'Do not call this number', 'do not call or text', 'Not interested. Do not contact again'],
  ...[
    'Remove from list',
    'Take this number off your list',
    'Remove this number from the system',
    'put me on your do not call list',
  ],
  ...['I opt out', 'I am opting out', 'Opt out of all texts', 'How to unsubscribe', 'How do I stop this?'],
  // Consent taken back.
  ...['I revoke', 'I hereby revoke', 'I am revoking my consent', 'I withdraw my permission', 'I never consented to this'],
  ...['I do not consent to these messages', 'I do not give you permission to text me', 'You do not have my permission'],
  // Near to what is none.
  ...['Go away', 'Please go away.', 'oh get lost', 'No. Get lost, spammer', 'Just go away and never come back'],
  ...['Take me off', 'take me off this', 'Take my name off your marketing list', 'Take me off the mailing list, I moved'],
  ...['Remove me from everything', 'remove me from this group', 'remove my number', 'Please remove me. I got a new job'],
  ...['I never gave permission', 'I never gave you permission to call me', 'I did not give consent for these texts'],
  ...['I already said stop', 'Stop, I meant it', 'STOP. See you in court', 'Who is this\nstop', 'hello\nstop\nthanks'],
  ...[
    'I told you to go away',
    'Would you please go away',
    'Remove me from your class list',
    'take me off your schedule of texts',
  ],
  ...[
    'She said stop',
    'Remove me from event notifications',
    'I did not give you permission for the texts',
    'Take me off and do not write',
  ],
  ...['See you, stop', 'I am not interested in any of this, and I told you so last week\nstop please'],
  ...['How do I make this stop?', 'STOP, I love my peace', "Why don't you stop texting me", 'I want you to stop sending these'],
  ...['No más mensajes', 'chega de mensagens', 'basta messaggi'],
])('a wish to be left alone: %s', (text) => {
  expect(readOptOut(text)).toBe('stop')
})

test.each([
  'stop by tomorrow if you like',
  "I'll stop at the office on the way",
  'can you stop by at 10?',
  "Let's not stop there, send me the offer",
  'the bus stop is next to us',
  "don't stop!",
  'We never stop learning :)',
  'non-stop flights only',
  'I stopped smoking, so yes',
  'please call me tomorrow',
  "why don't you call me at 5",
  'You did not email me the invoice',
  "they don't call me back, can you?",
  'end of the month works',
  'I quit my job, so the timing is bad',
  'Please cancel my appointment on Friday',
  'Can I cancel the meeting?',
  'opt me in',
  'Sounds good. When?',
  'no',
  'not interested right now, maybe in spring',
  'I want to hear more about this',
  'remove the second item from the order please',
  'Could you take the call at 10 instead?',
  'wrong number',
  'Basta così? Mandami pure il preventivo domani',
  'ja gerne, bis morgen',
  ...['Great, stop by tomorrow', 'STOP BY TOMORROW', 'STOP by the office', 'Can you stop by? I am home', 'Next stop, Chicago'],
  ...[
    'Where is the bus stop?',
    'I will stop at your office, then call',
    'Stop sign at the corner, then left',
    'Stop worrying, it is fine',
  ],
  ...[
    "Don't stop, go ahead",
    "I can't stop laughing",
    'It never stops texting',
    'The doctor told me to stop smoking',
    'Wrong number, sorry',
  ],
  ...[
    'do not call, I am in a meeting',
    "Please don't call. I will call you back at 3",
    "Don't text, I'm driving",
    "Don't bother, I will do it",
  ],
  ...[
    "Cancel. I can't make it Tuesday",
    'Please cancel the call at 3',
    'Please cancel the email that goes out on Monday',
    'Exit 12, then left',
  ],
  ...[
    'Please stop the campaign for now',
    'stop the ads on Facebook until Friday',
    'I quit. New job starts Monday',
    'I quit texting and driving',
  ],
  ...['I opted out of the insurance plan', 'I want to opt out of the insurance plan', 'We do not consent to the recording'],
  ...[
    'I do not have permission to approve this',
    'I withdraw the offer',
    'I revoked the key and made a new one',
    'Unsubscribe rates are up',
  ],
  ...[
    'Remove Bob from the list',
    'Remove. Then add Bob instead',
    'What promotions do you have?',
    'We will discontinue the product in May',
  ],
  ...[
    'no more than 5 people',
    'No more, no less: 5 people',
    'Can we end the messages with our logo?',
    'Not now',
    'No thanks, maybe later',
  ],
  ...['How do I stop it?', 'How do I make it stop?', 'I never gave permission for surgery', 'We never gave permission to dig'],
  ...['Take my name off the deed', 'Take me off the schedule for Friday', 'Take me off speaker lol', 'Take me off the 9am class'],
  ...['Remove me from the waitlist, I got in', 'Please remove my name from the wait list', 'remove me from the 6pm class'],
  ...[
    'STOP I love it so much',
    "Stop, that's hilarious. See you at 5",
    'Wait, stop, I meant Tuesday not Monday',
    'Oh stop, you flatter me',
  ],
  ...['I NEED to\nstop\nthem quickly', 'It says you have successfully\nunsubscribed. Why?'],
  'We had so much fun at the lake house last week that nobody wanted to\nstop, and the kids ask for more',
  ...[
    "The pain won't go away, can I see Dr Lee?",
    'Will the smell go away?',
    'We go away on the 5th',
    'Go away for the weekend? Yes',
  ],
  ...['I always get lost there, please send a map', 'Did the bag get lost?', 'My doctor said stop', 'The vet just said stop'],
  ...[
    "I don't want you to stop sending these",
    'Please do not ever ask them to stop sending these',
    'Did you stop sending texts? I miss them',
  ],
  '',
  '👍',
])('an ordinary answer: %s', (text) => {
  expect(readOptOut(text)).toBeUndefined()
})

test.each(['START', 'unstop', 'Yes', 'yes!'])('back again, by the word alone: %s', (text) =>
  expect(readOptOut(text)).toBe('start'),
)

test.each(['start the meeting at 10', 'yes please send it', 'yes but stop texting me'])('no way back: %s', (text) => {
  expect(readOptOut(text)).not.toBe('start')
})

test.each(['HELP', 'info', 'help!', 'Hilfe', 'who is this?'])('asks who writes: %s', (text) =>
  expect(readOptOut(text)).toBe('help'),
)

test('an answer by e-mail is read without what it quotes, which carries our own way to unsubscribe', () => {
  const quoted = 'On Tue, 3 Mar 2026 at 10:00, Sam <sam@agency.example> wrote:\n> Reply STOP or unsubscribe here'
  expect(readOptOut(ownWords(`Thanks, Thursday works.\n\n${quoted}`))).toBeUndefined()
  expect(readOptOut(ownWords(`Please take me off your list.\n\n${quoted}`))).toBe('stop')
  expect(readOptOut(ownWords('<div>unsubscribe</div><div class="gmail_quote">Hello Ann</div>'))).toBe('stop')
  expect(readOptOut(ownWords('<p>Sure, call me.</p><blockquote>Unsubscribe</blockquote>'))).toBeUndefined()
})

test('an answer is read without the mail below it, as Outlook quotes it', () => {
  const below = 'From: Sam Smith\nSent: Monday, 2 March 2026 10:00\nTo: Dana\n\nUnsubscribe\nAcme'
  expect(readOptOut(ownWords(`Sure, let us talk on Tuesday.\n\n${below}`))).toBeUndefined()
  expect(readOptOut(ownWords(`Stop.\n\n${below}`))).toBe('stop')
  const html = '<p>Gern</p><div><b>Von:</b> Sam<br><b>Gesendet:</b> Montag<br></div><p>Abmelden</p>'
  expect(readOptOut(ownWords(html))).toBeUndefined()
  expect(ownWords('From: the desk of Dana\nTuesday works')).toContain('Tuesday works')
})

test('no text takes long to read', () => {
  const hostile = [
    'stop '.repeat(400),
    'stop any more '.repeat(200),
    'please stop all the these '.repeat(200),
    'do not ever please again want you to '.repeat(100),
    'remove me off from out of the your this '.repeat(100),
    `${'<'.repeat(50_000)}stop`,
    `<div ${'class '.repeat(10_000)}`,
    'on '.repeat(20_000),
    'please stop, '.repeat(150),
    'you need to i want you to '.repeat(80),
    'opting out of all these your further '.repeat(50),
    'remove me us number from the your this all any mailing sms '.repeat(30),
    'from:\n'.repeat(8000),
  ]
  // Bounded by what is read, so that a slow pattern would show as minutes, not as a figure.
  for (const text of hostile) expect(['stop', undefined]).toContain(readOptOut(ownWords(text)))
})
