import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Block {
  /** `README.md:42`, the line of the opening fence. */
  readonly name: string
  readonly document: string
  readonly code: string
  /** Line of the first line of code, from 1. */
  readonly line: number
  /** False for a block marked `ts no-run`: it is type-checked only. */
  readonly runs: boolean
  /** A block that holds tests (it imports vitest): its tests are run as tests. */
  readonly isTest: boolean
}

/** README.md and every page under docs/. */
export function documents(): string[] {
  const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  return [...(existsSync('README.md') ? ['README.md'] : []), ...pages.sort().map((name) => `docs/${name.replaceAll('\\', '/')}`)]
}

/** Every ```ts block of a document. */
export function blocksOf(document: string): Block[] {
  const blocks: Block[] = []
  let open: { indent: string; fence: string; info: string; line: number; code: string[] } | undefined
  for (const [index, text] of readFileSync(document, 'utf8').split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,})\s*([^`]*)$/.exec(text) ?? []
    if (open === undefined) {
      if (fence !== '') open = { indent, fence, info: info.trim(), line: index + 2, code: [] }
    } else if (fence.length >= open.fence.length && info === '') {
      const [language, ...flags] = open.info.split(/\s+/)
      const code = open.code.join('\n')
      const isTest = /from 'vitest'/.test(code)
      if (language === 'ts')
        blocks.push({
          name: `${document}:${open.line - 1}`,
          document,
          code,
          line: open.line,
          runs: !flags.includes('no-run'),
          isTest,
        })
      open = undefined
    } else {
      open.code.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text)
    }
  }
  if (open !== undefined) throw new Error(`${document}:${open.line - 1} opens a block that is never closed`)
  return blocks
}
