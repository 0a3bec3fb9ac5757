/** The names of a store's keys. The braces keep all of them on one node of a cluster. */
export interface Names {
  readonly mark: string
  readonly sequence: string
  readonly index: string
  readonly expiries: string
  /** The last answer given to one process. */
  answer(process: string): string
  of(key: string): string
  /** The hash that holds the numbered keys with this beginning. */
  hash(beginning: string): string
}

export function namesOf(namespace: string): Names {
  const tag = `{${namespace}}`
  return {
    // The script cuts this name's last five characters off to know where keys begin.
    mark: `${tag}#mark`,
    sequence: `${tag}#sequence`,
    index: `${tag}#index`,
    expiries: `${tag}#expiries`,
    answer: (process) => `${tag}#answer:${process}`,
    of: (key) => `${tag}:${key}`,
    hash: (beginning) => `${tag}~${beginning}`,
  }
}
