import { expect, test } from 'vitest'
import { renderHtml } from '../../src/guardrails/content/reading/html.js'
import { checkMessage, guardrailDefaults, guardrailPolicySchema, scoreContent } from '../../src/guardrails/index.js'
import { email, sms } from '../../src/testing/builders.js'
import { codes, facts, rules, warningRules } from './facts.js'

const FOOTER = '\n\nSam\nExample Agency, 100 Main Street, New York, NY 10001\nReply STOP to opt out.'
const mail = (text: string, subject = 'Notes from our call') => ({ channel: 'email', recipients: [], subject, text }) as const
const check = (text: string, subject?: string) => checkMessage(mail(text + FOOTER, subject), guardrailDefaults, facts())
const score = (text: string, subject = '') => scoreContent(mail(text, subject), guardrailDefaults)

test('spam words block, and the reason names the phrases and the points', () => {
  const decision = check('Dear friend, you are a winner! Claim your prize and act now.')
  expect(decision).toMatchObject({ verdict: 'deny', reasons: [{ code: 'content.spam', data: { blockAt: 5 } }] })
  expect(JSON.stringify(decision)).toContain('claim your prize')
})

test('defect 9: "FREE MONEY ACT NOW … Winner! Buy now." is blocked, not just warned about', () => {
  expect(codes(check('FREE MONEY. ACT NOW. You are a winner! Buy now.'))).toContain('content.spam')
})

test.each([
  'freedom and freelancers',
  'feel free to ignore this',
  'a resurgent market',
  'urgent care clinics',
  'we selected three vendors',
  'the quarterly bonus plan',
])('defect 23: "%s" is no spam', (text) => expect(score(`Hi Dana, ${text}.`).findings).toEqual([]))

test.each([
  ['full-width letters', 'Your ｆｒｅｅ gift'],
  ['zero-width characters', 'Your fr\u200bee gift'],
  ['Cyrillic letters', 'Your frее gift'],
  ['digits for letters', 'You are a w1nn3r'],
  ['spaced letters', 'Your f r e e gift'],
  ['dotted letters', 'W.I.N.N.E.R'],
])('defect 23: a trigger word hidden by %s is a block of its own', (_, text) => {
  expect(score(text)).toMatchObject({ verdict: 'block' })
  expect(score(text).findings.map(({ rule }) => rule)).toContain('content.obfuscation')
})

test('double and non-breaking spaces do not split a phrase, the end of a sentence does', () => {
  expect(score('Act  now').findings).toHaveLength(1)
  expect(score('Act\u00a0now').findings).toHaveLength(1)
  expect(score('I will act. Now we talk.').findings).toEqual([])
})

test('a finding says where its phrase stands', () => {
  expect(score('Please act now.').findings[0]).toMatchObject({
    part: 'body',
    span: [7, 14],
    text: 'act now',
    mend: expect.any(String),
  })
})

test('your own phrases count, and replace built-in weights', () => {
  const policy = guardrailPolicySchema.parse({
    content: {
      phrases: [
        { phrase: 'Act now', weight: 0 },
        { phrase: 'synergy', weight: 9 },
      ],
    },
  })
  expect(scoreContent(mail('Act now'), policy).score).toBe(0)
  expect(scoreContent(mail('Pure synergy'), policy).verdict).toBe('block')
})

test('in your own phrases # is any number, and $# one that is a sum of money', () => {
  const policy = guardrailPolicySchema.parse({
    content: {
      phrases: [
        { phrase: 'only $# left', weight: 9 },
        { phrase: '# seats gone', weight: 9 },
        { phrase: '$# seats', weight: 9 },
      ],
    },
  })
  const verdict = (text: string) => scoreContent(mail(text), policy).verdict
  for (const text of ['only $5 left', 'only 1,250 € left', 'Only £12.50 left', '40 seats gone', '1,000 seats gone', '$40 seats'])
    expect(verdict(text), text).toBe('block')
  for (const text of ['only 5 left', 'only left', 'seats gone', '40 seats', 'only 5, $3 left', '$40. Seats'])
    expect(verdict(text), text).toBe('allow')
})

test.each([
  'Hi {{first_name}},',
  'Hi {FIRST_NAME},',
  'Hi [First Name],',
  'Hi <<FirstName>>,',
  'Hi %FIRSTNAME%,',
  'Hi *|FNAME|*,',
  'Hi $' + '{name},',
  'Hi <%= name %>,',
  'Hi ,',
  'Hi undefined,',
  'Welcome, [object Object]!',
  'I saw you opened an office in .',
])('an unrendered merge tag is refused: %s', (text) => {
  expect(codes(check(`${text}\n\nIt was good to talk to you.`))).toEqual(['content.merge_tag'])
})

test.each([
  'Results [PDF] attached',
  'It grew 12% and 30% since',
  'see a[0] in the code',
  'about $5 and $10_000',
  'an e-mail -- short',
])('no merge tag: %s', (text) => expect(codes(check(`${text}, as promised.`))).toEqual([]))

test.each([
  'Hi {},',
  'Hi [],',
  'Hi ____,',
  'Hi {|name|},',
  'Hi {*first*},',
  'Hi ｛｛first_name｝｝,',
  'Hi ［First Name］,',
  'Hi [:first_name],',
  'Hi [-first name-],',
  'Hi %(name)s,',
  'Hi «Vorname»,',
  'Hi @FirstName@,',
  'Hi [Client],',
  'Hi [FIRST NAME HERE],',
  'Hi (name),',
  'Dear <whoever>:',
  'Hi \u00a0,',
  'Teams at [Client] like it.',
  'Your table @company_name@ is set.',
  'Teams like  often outgrow their sheets.',
  'I saw you are hiring a  in Reno.',
  'Congratulations, you raised $ million.',
  'They saved $ per order.',
  'Your demo is on .',
  'We met through our .',
  'Teams cut costs by %.',
  'It reduced churn at Acme by nearly % last year.',
])('a template that was not filled in, in another form, is refused: %s', (text) => {
  expect(codes(check(`${text}\n\nIt was good to talk to you.`))).toEqual(['content.merge_tag'])
})

test.each([
  'Codes match [A-Z]{2}[0-9]{4} today',
  'it takes (\\d){3} at most',
  'Hi :) good news',
  'Hello (again), good news',
  'Bonjour !',
  'Bonjour\u00a0: voici la suite',
  'Revenue in $ million is in the table',
  'it costs 5 $ per month',
  'as a % of revenue',
  'sorted by % of users',
  'it grew by 12 % in May',
  'we grew by 12%',
  'a  second warehouse in Reno',
  'I like  coffee',
  'it was often  late',
  'She wrote «nombre de usuario» on it',
  'write to dana@acme.test@work',
  'the field (name) is in the form',
  'Date: ________ Name: ________',
  'the function returns {} or []',
  'hold on , please',
  'an array [client] of them',
  'I heard of /dev/null',
  'we built it with .NET',
  'one cartridge M2473G/A  for the printer',
  'it is in my .forward',
])('no template: %s', (text) => expect(codes(check(`${text}, as promised.`))).toEqual([]))

const page = (more: string) =>
  `<p>Hi Ada,</p><p>Your report is ready to read.</p>${more}<p><a href="https://a.test/u">Unsubscribe</a></p>`

test.each([
  '<img alt="{{company}}" src="https://a.test/a.png">',
  '<img alt="Logo of [Company]" src="https://a.test/a.png">',
  '<img src="https://a.test/{{id}}.png">',
  '<img src="https://a.test/%7Bid%7D.png">',
  '<img src="https://a.test/undefined">',
  '<p title="{{x}}">More</p>',
  '<p title="&#123;&#123;x}}">More</p>',
  '<a href="https://a.test/undefined">Open</a>',
  '<a href="https://a.test/r/null">Open</a>',
  '<a href="https://a.test/r/undefined/open?x=1">Open</a>',
  '<a href="https://a.test/r?n=undefined&m=1">Open</a>',
  '<a href="https://a.test/r?n=NaN">Open</a>',
  '<a href="https://a.test/r?f=%7B%22a%22%3A%7B%7Bid%7D%7D%7D">Open</a>',
  '<a href="https://a.test/%7B%25%20url%20%25%7D">Open</a>',
  '<a href="https://a.test/id%7D%7D">Open</a>',
  '<a href="https://a.test/%3C%25%3D%20id%20%25%3E">Open</a>',
  '<a href="https://a.test/%5B%5Bid%5D%5D">Open</a>',
  '<a href="https://a.test/r?c=%25COMPANY%25">Open</a>',
  '<a href="https://a.test/r?c=%first_name%">Open</a>',
])('a value that is missing in an attribute or a link is told: %s', (more) => {
  expect(codes(checkMessage(email({ html: page(more) }), guardrailDefaults, facts()))).toEqual(['content.merge_tag'])
})

test.each([
  '<img alt="Team at work (Reno) - 2026 #1" src="https://a.test/a_b-c.png?w=10%25">',
  '<img alt="" src="cid:logo@a.test">',
  `<img alt="50 % off? No." src="data:image/png;base64,${'{{'.repeat(2000)}">`,
  '<p title="5 &lt; 6 and {not a tag, really">More</p>',
  '<a href="https://a.test/undefined-behaviour">Open</a>',
  '<a href="https://a.test/null-island/nan">Open</a>',
  '<a href="https://a.test/dev/null">Open</a>',
  '<a href="https://a.test/pub/null/file.txt">Open</a>',
  '<a href="https://a.test/wiki/%E3%82%ABstudio%20x">Open</a>',
  '<a href="https://a.test/r?to=a%2520b">Open</a>',
  '<a href="https://a.test/s?f=%7B%22a%22%3A1%7D">Open</a>',
  '<a href="https://a.test/s?f=%7B%22a%22%3A%7B%22b%22%3A%5B%5B1%2C2%5D%5D%7D%7D">Open</a>',
  '<a href="https://a.test/s?f=%7B%0A%20%22a%22%3A%7B%7D%7D">Open</a>',
  '<a href="https://a.test/s?q=a%3C%20b">Open</a>',
  '<img alt="" src="https://a.test/o.gif?e=%7B%22id%22%3A%7B%22n%22%3A1%7D%7D">',
])('nothing is missing: %s', (more) => {
  expect(codes(checkMessage(email({ html: page(more) }), guardrailDefaults, facts()))).toEqual([])
})

test('a merge tag in a link target counts', () => {
  const html =
    '<p>Your report is ready to read.</p><a href="https://a.test/{{id}}">Open</a><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(codes(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['content.merge_tag'])
})

test('an e-mail without subject, or with nothing but its opt-out, is empty', () => {
  expect(codes(check('It was good to talk to you.', ''))).toEqual(['content.empty'])
  expect(codes(checkMessage(mail('Reply STOP'), guardrailDefaults, facts()))).toEqual(['content.empty'])
  expect(codes(checkMessage(sms({ text: ' ' }), guardrailDefaults, facts()))).toContain('content.empty')
})

test.each([
  'Reply STOP to opt out',
  'STOP to end',
  'STOP=end',
  'Text STOP to quit.',
  'To opt out, reply STOP',
  'Reply END to opt out',
  'Opt-out: reply STOP',
])('a text that is nothing but its opt-out is empty: "%s"', (text) =>
  expect(codes(checkMessage(sms({ text }), guardrailDefaults, facts()))).toEqual(['content.empty']),
)

test.each([
  'To cancel your appointment reply CANCEL. To stop texts reply STOP',
  'Reply CANCEL to cancel your 3pm visit or STOP to opt out',
  'Text QUIT to leave the raffle. STOP to opt out',
  'See you at 3 Reply STOP to opt out',
  'Tomorrow works, reply STOP to opt out',
  'Stop by our booth today. Reply STOP to opt out',
  'Reply STOP to opt out. See you at 3',
  'Reply STOP to opt out, your table is ready',
  'Ready! STOP=end',
])('a text that says something beside its opt-out is not: "%s"', (text) =>
  expect(codes(checkMessage(sms({ text }), guardrailDefaults, facts()))).toEqual([]),
)

test('text hidden from the reader is not text', () => {
  const html =
    '<div style="display:none">Hello there, this is a long story</div><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(codes(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['content.empty'])
})

const WORDS = 'agenda minutes quarterly invoice family garden weather recipe library holiday mountain river history teacher'
const hidesIn = (html: string) => codes(checkMessage(email({ html: page(html) }), guardrailDefaults, facts()))

test.each([
  ['a class', `<style>.h{display:none}</style><div class="x h">${WORDS} ${WORDS}</div>`],
  ['a class set after it', `<div class="h">${WORDS} ${WORDS}</div><style> p.a , div.h { visibility : hidden } </style>`],
  [
    'a class among others',
    `<style>@import url(x.css); .a{color:red} /* } */ .h{color:#FFF} @media print{.b{top:0}}</style><div class="h">${WORDS}</div>`,
  ],
  ['an id', `<STYLE>#z{font-size:0}</STYLE><div id="z">${WORDS}</div>`],
  ['a rule for every screen', `<style>@media all{.h{opacity:0}}</style><div class="h">${WORDS}</div>`],
  ['a transparent colour', `<div style="color:rgba(0,0,0,0)">${WORDS}</div>`],
  ['a transparent colour in hex', `<div style="color: #ffffff00">${WORDS}</div>`],
  ['white as hsl', `<div style="color:hsl(0, 0%, 100%)">${WORDS}</div>`],
  ['font:0/0', `<div style="font:0/0 a">${WORDS}</div>`],
  ['a shift', `<div style="transform:translateX(-9999px)">${WORDS}</div>`],
  ['a clip path', `<div style="clip-path:inset(100%)">${WORDS}</div>`],
  ['a zoom of nothing', `<div style="zoom:0">${WORDS}</div>`],
  ['a filter', `<div style="filter:alpha(opacity=0)">${WORDS}</div>`],
  ['the colour of the table', `<table bgcolor="#123456"><tr><td><font color="#123456">${WORDS}</font></td></tr></table>`],
  ['a colour next to that of its ancestor', `<div style="background:#333"><p><b style="color:#353535">${WORDS}</b></p></div>`],
  ['the colour of its class', `<style>.box{background-color:navy;color:#000080}</style><td class="box">${WORDS}</td>`],
  [
    'white in a white cell of a dark table',
    `<table bgcolor="black"><tr><td bgcolor="white"><font color="white">${WORDS}</font></td></tr></table>`,
  ],
])('text hidden by %s is told', (_, html) => expect(hidesIn(html)).toEqual(['content.hidden_text']))

test.each([
  [
    'a part for phones',
    `<style>.m{display:none;max-height:0} @media (max-width:600px){.m{display:block!important;max-height:none}}</style><div class="m">${WORDS} ${WORDS}</div>`,
  ],
  [
    'what phones leave out',
    `<style>@media only screen and (max-width:600px){.d{display:none}}</style><div class="d">${WORDS}</div>`,
  ],
  ['what is not printed', `<style media="print">.d{display:none}</style><div class="d">${WORDS}</div>`],
  ['a condition for Outlook', `<!--[if mso]><style>.d{display:none}</style><![endif]--><div class="d">${WORDS}</div>`],
  ['a rule of several steps', `<style>.x .d{display:none} #outlook a{font-size:0}</style><div class="d">${WORDS}</div>`],
  ['a rule the element overrides', `<style>.d{display:none}</style><div class="d" style="display:block">${WORDS}</div>`],
  ['white on a dark cell', `<table><tr><td bgcolor="#003366" style="color:#fff">${WORDS}</td></tr></table>`],
  [
    'white on the dark of a class',
    `<style>.btn{background:#0066cc} @media print{.btn{display:block}}</style><div class="btn"><b style="color:white">${WORDS}</b></div>`,
  ],
  ['white on a picture', `<div style="background:#fff url(https://a.test/a.png)"><font color="#ffffff">${WORDS}</font></div>`],
  ['a link in a pale part', `<style>.f{color:#fff}</style><div class="f"><a href="https://a.test/x">${WORDS}</a></div>`],
  ['dark in a pale part', `<div style="color:#fff"><p style="color:#333">${WORDS}</p></div>`],
  ['no background', `<div style="background-color:transparent;border-color:transparent">${WORDS}</div>`],
  ['a size of one em', `<div style="font-size:1em;opacity:1;zoom:1;transform:scale(0.9)">${WORDS}</div>`],
  ['text in a gradient', `<h1 style="background:linear-gradient(red,blue);background-clip:text;color:transparent">${WORDS}</h1>`],
  ['grey', `<style>.g{color:#999;filter:grayscale(0)}</style><div class="g">${WORDS}</div>`],
])('%s hides nothing', (_, html) => expect(hidesIn(html)).toEqual([]))

const styled = (css: string, html: string) => hidesIn(`<style>${css}</style>${html}`)

test.each([
  ['the later class', '.b{color:#fff}.a{color:#333}', `<p class="b a">${WORDS}</p>`],
  ['the later class, whatever the order of the attribute', '.b{color:#fff}.a{color:#333}', `<p class="a b">${WORDS}</p>`],
  ['the id', '#i{color:#333}.a{color:#fff}', `<p class="a" id="i">${WORDS}</p>`],
  ['the class over the element', '.a{color:#333}h2{color:#fff}', `<h2 class="a">${WORDS}</h2>`],
  ['the class of the element', 'p.a{color:#333}.a{color:#fff}', `<p class="a">${WORDS}</p>`],
  ['not the class of another element', 'div.a{color:#fff}', `<p class="a">${WORDS}</p>`],
  ['what is important', '.a{color:#333!important}#i{color:#fff}', `<p class="a" id="i" style="color:#fff">${WORDS}</p>`],
  ['the later background', '.a{background-color:#fff}.b{background:#222}', `<p class="a b" style="color:#fff">${WORDS}</p>`],
])('of several rules a browser takes %s', (_, css, html) => expect(styled(css, html)).toEqual([]))

test.each([
  ['white set later', '.a{color:#333}.b{color:#fff}', `<p class="a b">${WORDS}</p>`],
  ['white set later, named first', '.a{color:#333}.b{color:#fff}', `<p class="b a">${WORDS}</p>`],
  ['white of the id', '#i{color:#fff}.a{color:#333}', `<p class="a" id="i">${WORDS}</p>`],
  ['white that is important', '.a{color:#fff!important}', `<p class="a" style="color:#333">${WORDS}</p>`],
  ['important in its own style', '', `<p style="font-size:0!important;font-size:14px">${WORDS}</p>`],
  ['the later background', '.a{background:#222}.b{background-color:#fff}', `<p class="b a" style="color:#fff">${WORDS}</p>`],
  ['white of an element', 'h2{color:#fff}', `<h2>${WORDS}</h2>`],
  ['the colour of the page', 'body{background:#222}.t{color:#222}', `<p class="t">${WORDS}</p>`],
  ['white in a white part of a dark page', 'body{background:#222}', `<p style="background:#fff;color:#fff">${WORDS}</p>`],
  ['a link a pointer darkens', '.t{color:#fff}.t:hover{background:#036}', `<p class="t">${WORDS}</p>`],
])('rules together hide by %s', (_, css, html) => expect(styled(css, html)).toEqual(['content.hidden_text']))

test.each([
  ['the page', 'body{background:#1a1a1a}.t{color:#fff}', `<p class="t">${WORDS}</p>`],
  ['the page, with its tag', 'body{background-color:#1a1a1a}', `<body style="color:#fff"><p>${WORDS}</p></body>`],
  ['cells', 'td{background:#222}', `<table><tr><td style="color:#fff">${WORDS}</td></tr></table>`],
  ['headings', 'h1,h2{background:#0b3d2e}', `<h1 style="color:#fff">${WORDS}</h1>`],
  ['cells in a class', '.hero td{background:#222}', `<table class="hero"><tr><td style="color:#fff">${WORDS}</td></tr></table>`],
  ['a class in a class', '.header > .inner{background:#222}', `<div class="inner"><h1 style="color:#fff">${WORDS}</h1></div>`],
  ['two classes', '.btn.dark{background:#222}', `<p class="btn dark" style="color:#fff">${WORDS}</p>`],
  [
    'a class as an attribute',
    'td[class="hdr"]{background:#222}',
    `<table><td class="hdr" style="color:#fff">${WORDS}</td></table>`,
  ],
  ['every other cell', 'td:nth-child(2){background:#222}', `<table><td style="color:#fff">${WORDS}</td></table>`],
])('white on a dark background of %s is read', (_, css, html) => expect(styled(css, html)).toEqual([]))

const PHONES = '@media (max-width:600px){.mob{display:block!important;max-height:none!important}}'
const CLIP = '.sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}'

test.each([
  ['a cell cut short', '', `<table><td style="max-width:0;overflow:hidden;text-overflow:ellipsis">${WORDS}</td></table>`],
  ['a width that grows', '', `<div style="width:0;min-width:100%;overflow:hidden">${WORDS}</div>`],
  [
    'a part for phones in a wrapper',
    `.mob{display:none}@media (max-width:600px){.wrap .mob{display:block!important}}`,
    `<div class="mob">${WORDS}</div>`,
  ],
  ['a menu that opens', '.links{display:none}#m1:checked~.links{display:block!important}', `<div class="links">${WORDS}</div>`],
  [
    'a part for phones hidden inline',
    PHONES,
    `<div class="mob" style="display:none;max-height:0;overflow:hidden;mso-hide:all">${WORDS}</div>`,
  ],
  [
    'a class as an attribute',
    '@media (max-width:9px){*[class=mob]{display:table!important}}',
    `<p class="mob" style="display:none">${WORDS}</p>`,
  ],
  ['hidden from Outlook alone', '', `<div style="mso-hide:all">${WORDS}</div>`],
  [
    'what a link says to who listens',
    CLIP,
    `<a href="https://a.test/x">Book <span class="sr-only">the spring classes on our site</span></a>`,
  ],
])('usual layout hides nothing: %s', (_, css, html) => expect(styled(css, html)).toEqual([]))

test.each([
  ['a part of no width', '', `<div style="width:0;overflow:hidden">${WORDS}</div>`],
  ['a part of no width at most', '', `<td style="max-width:0px;overflow:hidden">${WORDS}</td>`],
  ['a part of no height', '', `<td style="height:0;min-width:100%;overflow:hidden">${WORDS}</td>`],
  ['a least width of nothing', '', `<div style="width:0;min-width:0;overflow:hidden">${WORDS}</div>`],
  ['inline, where phones do not show it', PHONES, `<p>Hello</p><div class="other" style="display:none">${WORDS}</div>`],
  [
    'inline, over what phones show',
    PHONES.replaceAll('!important', ''),
    `<p>Hello</p><p class="mob" style="display:none">${WORDS}</p>`,
  ],
  ['what is clipped in no link', CLIP, `<span class="sr-only">the spring classes on our site</span>`],
  ['a long text clipped in a link', CLIP, `<a href="https://a.test/x">Book <span class="sr-only">${WORDS}</span></a>`],
  [
    'a small text in a link',
    '',
    `<a href="https://a.test/x">Book <span style="font-size:0">the spring classes on our site</span></a>`,
  ],
])('what is no layout is told: %s', (_, css, html) => expect(styled(css, html)).toEqual(['content.hidden_text']))

/** As MJML writes every text: cells without a size, and in each a block that sets its own. */
const MJML = `<style>#outlook a { padding:0; } p { display:block;margin:13px 0; }</style><div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;opacity:0;overflow:hidden;">Three new groups</div>
<table role="presentation"><tbody><tr><td style="direction:ltr;font-size:0px;padding:20px 0;text-align:center;">
<div class="mj-column-per-100 mj-outlook-group-fix" style="font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;">
<table role="presentation"><tbody><tr><td align="left" style="font-size:0px;padding:10px 25px;word-break:break-word;">
<div style="font-family:Arial;font-size:13px;line-height:1;color:#000000;">${WORDS}</div></td></tr>
<tr><td style="font-size:0px;padding:10px 25px"><p style="border-top:solid 4px #F45E43;font-size:1px;margin:0px auto;width:100%;"></p></td></tr></tbody></table></div></td></tr></tbody></table>`

test.each([
  ['MJML', MJML],
  ['columns side by side', `<div style="font-size:0"><div style="display:inline-block;font-size:1rem">${WORDS}</div></div>`],
  ['a size in the shorthand', `<td style="font-size:0"><p style="font:bold 14px/1.5 Arial">${WORDS}</p></td>`],
  ['a size by its name', `<td style="font-size:0"><p style="font-size:small">${WORDS}</p></td>`],
  ['the later of two sizes', `<p style="font-size:0;font-size:14px">${WORDS}</p>`],
  ['a size below one', `<p style="font-size:0.875rem">${WORDS} <small style="font-size:.8em">${WORDS}</small></p>`],
  ['a visible part', `<div style="visibility:hidden"><p style="visibility:visible">${WORDS}</p></div>`],
])('what is inherited ends where an element says otherwise: %s', (_, html) => expect(hidesIn(html)).toEqual([]))

test.each([
  [
    'nothing times two',
    `<td style="font-size:0"><p style="font-size:2em">${WORDS}</p><p style="font-size:150%">${WORDS}</p></td>`,
  ],
  ['no size of its own', `<td style="font-size:0px"><p style="font-family:Arial;color:#000">${WORDS}</p></td>`],
  ['the same size', `<td style="font-size:0px"><p style="font-size:inherit">${WORDS}</p></td>`],
  ['behind the part with a size', `<td style="font-size:0"><p style="font-size:14px">Hello</p>${WORDS}</td>`],
  ['what is not inherited', `<div style="opacity:0"><p style="opacity:1;font-size:14px">${WORDS}</p></div>`],
  ['not shown at all', `<p>Hello</p><div style="display:none"><p style="display:block;visibility:visible">${WORDS}</p></div>`],
  ['still invisible', `<p>Hello</p><div style="visibility:hidden"><p style="font-size:14px">${WORDS}</p></div>`],
])('what is hidden stays hidden: %s', (_, html) => expect(hidesIn(html)).toEqual(['content.hidden_text']))

test('texts in columns without a size between them are words of their own', () => {
  const link = (text: string) => `<a href="https://a.test/x" style="display:inline-block;font-size:14px">${text}</a>`
  const html = `<div style="font-size:0">${link('Home')} ${link('Trainers')}${link('Prices')}</div>`
  expect(renderHtml(html).visible).toBe('Home Trainers Prices\n')
})

test('a preheader of a class may be as long as any', () => {
  const mail = (text: string) =>
    email({ html: `<style>.preheader{display:none!important}</style><span class="preheader">${text}</span>${page('')}` })
  expect(codes(checkMessage(mail(WORDS), guardrailDefaults, facts()))).toEqual([])
  expect(codes(checkMessage(mail(`${WORDS} ${WORDS}`), guardrailDefaults, facts()))).toEqual(['content.hidden_text'])
})

test.each([
  'I am Prince Abubakar from Nigeria. I have million dollars to transfer and will share it with you.',
  'A late client left USD 12.5 million with no next of kin. I seek your assistance to transfer the funds; you keep 40%.',
  'I am the widow of a late banker who left $18 million. I need a partner to receive the funds; you will keep 30%. Strictly confidential.',
  'I am a Nigerian prince with an inheritance of 10 million dollars and need your bank account for the wire transfer.',
  'You were chosen as beneficiary of an estate worth EUR 4,000,000. Send your bank details and a fee of 500 EUR.',
  'Dear beneficiary, your compensation fund of US$5 million was approved. Answer with your full name and bank details.',
])('the story of a fortune is refused however short it is: %s', (text) => {
  expect(score(text).findings.map(({ rule }) => rule)).toContain('content.advance-fee')
})

test.each([
  'Your account is locked. Verify at https://login.test/v',
  'Your account was frozen. Unlock it at https://login.test/v',
  'Your mailbox is almost full. Log in to keep your messages: https://login.test/v',
  'Your account is on hold. Sign in to restore it: https://login.test/v',
  ...[
    'Your payment was declined. Update your payment within 24 hours: https://login.test/v',
    'Your account is limited. Log in here: https://login.test/v',
  ],
  ...[
    'Your password expires in 24 hours. Reset your password: https://login.test/v',
    'Your account is closed. Sign in here: https://login.test/v',
  ],
  ...[
    'Your account is on hold. Verify your identity to go on.',
    'As we said, send us your password.',
    'If anyone bothers you, send us your PIN.',
  ],
  ...['"Send us your PIN" is all we need', 'Text us your PIN code today.', 'Reply with your login credentials.'],
  'Please reply with your username and password.',
  'Kindly email us your social security number.',
])('phishing is refused, in a mail and in a text: %s', (text) => {
  expect(score(text).findings.map(({ rule }) => rule)).toContain('content.phishing')
  const short = scoreContent({ channel: 'sms', recipients: [], text: `Acme: ${text}` }, guardrailDefaults)
  expect(short.findings.map(({ rule }) => rule)).toContain('content.phishing')
})

test.each(['I have 10 million dollars to transfer to you.', 'We will transfer 2.5 million dollars into your account.'])(
  'a fortune on its way is worth a warning: %s',
  (text) => expect(score(text).verdict).not.toBe('allow'),
)

test.each([
  'We raised $18 million, and the widow of our founder sits on the board.',
  'Clinics keep the next of kin in a field; a fund of $5 million pays for it.',
  'You keep 90% of each sale; sellers made $3 million with us last year.',
  'They moved 10 million dollars of stock with us.',
  'You can transfer the domain to your account in a minute.',
  'We cut the transfer fee of banks with $2 million in assets.',
  'Your account is locked after three attempts. Call the desk to open it.',
  'Your mailbox is almost full. Ask your admin for more room.',
  'Log in to restore an older version of the file.',
  'We will never ask you to reply with your password.',
  'Never send your password to anybody.',
  "Don't text us your PIN.",
  ...['Anyone who says "text me your verification code" is a scammer.', 'Nobody at the bank should ever say: send me your PIN'],
  ...['Scammers write send us your card number. Do not answer.', 'Lesson 3: why "send your password" mails work'],
  ...[
    'Please email your credentials (license, diploma) to HR',
    'Please send your pin count to the desk',
    'Send your PIN code change form to the branch',
  ],
  'Please send us your SSN last four by phone, never by email',
  ...[
    'Your account is limited to 3 users. Log in here to add more: acme.test',
    'Your account is on hold until you update your payment.',
  ],
  ...[
    'Your account was closed as you asked. To come back, sign in here',
    'Your account was deactivated at your request. To come back, log in here',
  ],
  'Your trial account is closed on Friday; update your billing to go on.',
  ...[
    'Your payment was declined. Please update your payment method.',
    'Your password will expire. You can reset your password in your profile.',
  ],
  'Our cancer charity raised 2 million dollars for patients with a terminal illness. For the gala, please send your full name for the badge.',
  'My late client left the house to you, and it sold for $1.2 million. As the executor I will transfer the funds once you sign the release.',
  'Verify at the counter that the seal is whole.',
])('no fraud: %s', (text) => {
  expect(score(text).verdict).toBe('allow')
  expect(score(text).findings.map(({ rule }) => rule)).not.toContain('content.phishing')
})

test('a template that GHL fills is held for a human, because what it sends cannot be read', () => {
  const message = { channel: 'email', recipients: [], subject: 'Hello', templateId: 't' } as const
  expect(checkMessage(message, guardrailDefaults, facts())).toMatchObject({
    verdict: 'hold',
    reasons: [{ code: 'content.opaque' }],
  })
})

test('a message longer than 256 k is refused unread', () => {
  expect(codes(check('a '.repeat(140_000)))).toEqual(['content.too_large'])
})

test.each([
  ['subject.capitals', 'URGENT ACTION REQUIRED'],
  ['subject.punctuation', 'Really? Are you sure? What now?'],
  ['subject.punctuation', 'Hello!!'],
  ['subject.too-long', 'x'.repeat(61)],
])('%s warns about the subject "%s"', (rule, subject) => {
  expect(warningRules(check('It was good to talk to you.', subject))).toContain(rule)
})

test.each(['Q3?', 'Why? How?', 'İstanbul office', 'x'.repeat(60)])('the subject "%s" is fine', (subject) => {
  expect(warningRules(check('It was good to talk to you.', subject))).toEqual([])
})

test('http:// in any case and shortened links carry a warning', () => {
  expect(warningRules(check('See HTTP://a.test for the details.'))).toEqual(['url.insecure'])
  expect(warningRules(check('See https://bit.ly/abc for the details.'))).toEqual(['url.shortener'])
})

test.each([
  ['url.userinfo', 'See https://bank.test@evil.test/x for it.'],
  ['url.ip-host', 'See https://198.51.100.7/x for the details.'],
])('%s is refused', (rule, text) => {
  expect(check(text)).toMatchObject({ verdict: 'deny', reasons: [{ code: 'content.link', rule }] })
})

test('a link that shows one domain and leads to another is refused', () => {
  const html =
    '<p>Please read it: <a href="https://evil.test/x">https://bank.test/login</a></p><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(checkMessage(email({ html }), guardrailDefaults, facts())).toMatchObject({
    verdict: 'deny',
    reasons: [{ rule: 'url.anchor-mismatch' }],
  })
})

test.each([
  ['content.placeholder', '[DRAFT]'],
  ['content.placeholder', 'DRAFT - do not send'],
  ['content.placeholder', '--- DRAFT ---'],
  ['content.placeholder', '[X]% of teams save a day.'],
  ['content.placeholder', 'It costs $[amount] a seat.'],
  ['content.placeholder', 'Brightside has [number] employees.'],
  ['content.placeholder', 'Call 1-800-555-5555 any time.'],
  ['content.placeholder', 'Call (212) 555-5555 any time.'],
  ['content.placeholder', 'Pick a time: https://calendly.com/your-link'],
  ['content.ai-giveaway', "I'm sorry, but I can't help with that."],
  ['content.ai-giveaway', 'Based on the provided context, I drafted the following email.'],
  ['content.ai-giveaway', 'As of my last update in 2024, you had 40 staff.'],
  ['content.ai-giveaway', 'As of my last update in September 2024, you had 40 staff.'],
  ['content.ai-giveaway', 'As of my last knowledge update, you had 40 staff.'],
  ['content.ai-giveaway', "I've drafted the following message for you to send."],
  ['content.merge-tag', 'I saw (Company Name) opened in Reno.'],
  ['content.merge-tag', 'We talked about work at (company name) and more.'],
  ['content.merge-tag', 'Thanks,\n(First Name)'],
  ['content.merge-tag', "We like (Company Name)'s new office."],
  ['content.merge-tag', 'We saved $ on every order.'],
])('%s: %s', (rule, text) => expect(rules(check(`${text}\n\nIt was good to talk to you.`))).toEqual([rule]))

test.each([
  '[x] Reno is done, [ ] Elko is next.',
  'I read the draft, the DRAFT stamp is gone.',
  'Please do not send cash.',
  'Call 800-555-0199 any time.',
  'Room 555, 5555 Main Street is ours.',
  'Pick a time: https://acme.test/your-linked-data',
  'Sorry, I can help with that tomorrow.',
  'As of my last mail, you had 40 staff.',
  'As of my last update in March 2026 the permit was open.',
  'I drafted the following agenda for Tuesday: rent, roof, repairs.',
  'Thank you for the form you sent on Monday. Line 2 (Company Name) of your W-9 is blank.',
  'Please sign with your name (first name) on page 2.',
  'Write the name of the firm (company name) and the date.',
  'We paid $ in 2025 and € in 2024.',
  'Based on the context you gave me, Reno is first.',
])('finished and written by a person: %s', (text) => expect(rules(check(`${text}\n\nIt was good to talk to you.`))).toEqual([]))

test.each([
  ['url.dangerous-scheme', '<map><area href="javascript:alert(1)"></map>'],
  ['url.anchor-mismatch', '<base href="https://evil.test/a/b"><p><a href="/x">https://bank.test/login</a></p>'],
])('%s is told of %s', (rule, html) => {
  expect(rules(checkMessage(email({ html: page(html) }), guardrailDefaults, facts()))).toEqual([rule])
})

test.each([
  '<p><a href="https://acme.test/x">ASP.NET</a></p>',
  '<map><area href="https://acme.test/x"></map>',
  '<base href="https://bank.test/"><p><a href="x">https://bank.test/x</a></p>',
])('links that lead where they say: %s', (html) => {
  expect(rules(checkMessage(email({ html: page(html) }), guardrailDefaults, facts()))).toEqual([])
})

test('Re: behind a label pretends to answer as well', () => {
  expect(warningRules(check('It was good to talk to you.', '[EXTERNAL] Re: deck'))).toEqual(['subject.deceptive-prefix'])
  expect(warningRules(check('It was good to talk to you.', '[Reno] Release: deck'))).toEqual([])
})

test('what was read a moment ago is not read again, unless anything of it changed', () => {
  const message = { channel: 'email' as const, recipients: [], subject: 'Notes', text: `Hi Ada, shall we talk?${FOOTER}` }
  const verdict = (policy = guardrailDefaults) => checkMessage(message, policy, facts()).verdict
  expect([verdict(), verdict()]).toEqual(['allow', 'allow'])
  message.text = `FREE MONEY. ACT NOW. You are a winner! Buy now.${FOOTER}`
  expect([verdict(), verdict()]).toEqual(['deny', 'deny'])
  message.text = `Hi Ada, shall we talk?${FOOTER}`
  message.subject = 'FREE MONEY!!! ACT NOW, WINNER'
  expect(verdict()).toBe('deny')
  message.subject = 'Notes'
  expect(verdict()).toBe('allow')
  const own = guardrailPolicySchema.parse({ content: { phrases: [{ phrase: 'shall we talk', weight: 9 }] } })
  expect([verdict(own), verdict()]).toEqual(['deny', 'allow'])
})

test('hostile texts take linear time', () => {
  const start = performance.now()
  for (const text of [
    '<'.repeat(80_000),
    '{{'.repeat(60_000),
    '<a "'.repeat(40_000),
    '&#'.repeat(60_000),
    ' ,'.repeat(60_000),
    'a@'.repeat(60_000),
    `<style>${'}'.repeat(80_000)}{`,
    `<style>${'{'.repeat(80_000)}`,
    `<style>${'/*'.repeat(40_000)}`,
    `<style>${','.repeat(80_000)}{}</style>`,
    `<style>${'.a{top:0}'.repeat(8_000)}</style>${'<b class=a>'.repeat(8_000)}`,
    '<style>'.repeat(20_000),
    '<!--<style>'.repeat(10_000),
  ]) {
    checkMessage(email({ html: text, text }), guardrailDefaults, facts())
  }
  expect(performance.now() - start).toBeLessThan(10_000)
})
