/** What a tag does to the text around it, as bits. */
export const TAG = {
  /** Begins a line. */
  block: 1,
  /** Ends a sentence. */
  paragraph: 2,
  /** Has no content. */
  void: 4,
  /** Its content is no text. */
  raw: 8,
  image: 16,
  link: 32,
  /** A chance to break a line: it may stand inside a word. */
  breaks: 64,
  /** What language models put around their thoughts. */
  thought: 128,
} as const

const KINDS: ReadonlyMap<string, number> = new Map([
  ...named('div tr td th li dl dt dd pre header footer center form body figure caption tbody thead', TAG.block),
  ...named('p h1 h2 h3 h4 h5 h6 blockquote ul ol table section article', TAG.block | TAG.paragraph),
  ...named('br hr', TAG.block | TAG.void),
  ...named('input meta link base col embed source track', TAG.void),
  ...named('area', TAG.void | TAG.link),
  ...named('wbr', TAG.void | TAG.breaks),
  ...named('img', TAG.void | TAG.image),
  ...named('style script title template textarea xmp', TAG.raw),
  ...named('a', TAG.link),
  ...named('think thinking thought reasoning scratchpad', TAG.thought),
])

function named(names: string, kind: number): [string, number][] {
  return names.split(' ').map((name) => [name, kind])
}

/** Of a name in lower case; 0 for tags that only dress text. */
export function tagKind(name: string): number {
  return KINDS.get(name) ?? 0
}
