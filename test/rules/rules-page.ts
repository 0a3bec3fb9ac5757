import { PACKS, type Rule } from '../../src/guardrails/rules/rule.js'
import { RULES } from '../../src/guardrails/rules/rules.js'

/** What each pack is for, in the order of the page. */
const TITLES: Readonly<Record<Rule['pack'], string>> = {
  product: 'Our own, always on',
  'us-federal': 'US federal law',
  'us-states': 'Laws of US states',
  canada: 'Canada',
  uk: 'United Kingdom',
  eu: 'European Union',
  ghl: 'What GoHighLevel enforces',
  'mailbox-providers': 'Mailbox providers',
  carriers: 'US and Canadian carriers',
}

/** The text of docs/rules.md. */
export function rulesPage(): string {
  const packs = PACKS.filter((pack) => RULES.some((rule) => rule.pack === pack))
  return `${HEAD}\n${packs.map((pack) => section(pack)).join('\n')}`
}

const HEAD = `<!-- Written by \`npm run rules\` from src/guardrails/**/rules.ts. Do not edit. -->
# Rules

Every rule that can refuse, hold or warn about a message, by the pack it belongs to. A reason names its rule in
\`Reason.rule\`. Switch packs with \`guardrails: { packs: ['us-federal', 'carriers'] }\`; all are on by default. A rule with a
jurisdiction applies to recipients there, and to those of whom nobody knows where they are. "Verdict" is the strictest
it can say. None of this is legal advice: check the source before you rely on it.
`

function section(pack: Rule['pack']): string {
  const rows = RULES.filter((rule) => rule.pack === pack)
    .sort((a, b) => compare(a.id, b.id) || compare(a.jurisdiction, b.jurisdiction))
    .map(
      ({ id, channels, jurisdiction, verdict, says, asOf, source }) =>
        `| \`${id}\` | ${channelsOf(channels)} | ${jurisdiction} | ${verdict} | ${cell(says)} | ${cell(source)} | ${asOf} |`,
    )
  return `## ${TITLES[pack]} (\`${pack}\`)

| rule | channels | where | verdict | what it says | source | read |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function channelsOf(channels: Rule['channels']): string {
  return channels.length > 4 ? 'every text' : channels.join(', ')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
