import { intern } from '../reading/lexicon.js'
import type { Phrase, PhraseKind } from '../reading/phrase-book.js'

/** Words around a phrase that make it harmless. */
export type Harmless = Readonly<Record<string, readonly [before: string, behind: string]>>

/** Phrases from lists, comma between them, by family. */
export function listed(kind: PhraseKind, families: Readonly<Record<string, string>>, harmless: Harmless = {}): Phrase[] {
  return Object.entries(families).flatMap(([family, list]) =>
    list.split(/,\s*/).map((text) => ({ text, kind, family, weight: 0, ...neutralisers(harmless[text]) })),
  )
}

export function neutralisers([before, behind]: readonly [string, string] = ['', '']): Partial<Phrase> {
  return {
    ...(before === '' ? {} : { notAfter: new Set(before.split(' ').map(intern)) }),
    ...(behind === '' ? {} : { notBefore: new Set(behind.split(' ').map(intern)) }),
  }
}
