/** The words of a reply without what it quotes: an e-mail that answers carries our own way to unsubscribe. */
export function ownWords(body: string): string {
  const text = body
    .slice(0, 50_000)
    .split(/<blockquote|<div[^>]{0,200}class="?(?:gmail_quote|gmail_extra|moz-cite-prefix)|<hr[^>]{0,100}>/i)[0]
    ?.replace(/<(?:br|\/p|\/div|\/tr|\/li)[^>]{0,200}>/gi, '\n')
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&nbsp;|&#160;/gi, ' ')
    .replace(/&#39;|&apos;|&rsquo;/gi, "'")
  const own: string[] = []
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '')
  for (const [index, line] of lines.entries()) {
    if (QUOTE_BEGINS.test(line) || (FROM.test(line) && SENT.test(lines[index + 1] ?? ''))) break
    if (!/^\s*>/.test(line)) own.push(line)
  }
  return own.join('\n').trim()
}

const QUOTE_BEGINS =
  /^\s*(?:-{2,}\s*(?:original message|forwarded message|urspr|message d'origine|mensaje original)|_{10,}|on .{1,200} wrote:|am .{1,200} schrieb|le .{1,200} a .crit|el .{1,200} escribi.:|from:\s.{1,200}@|sent from my )/i

/** The head of the answered mail, as Outlook writes it in the languages of the rules. */
const FROM = /^\s{0,9}\*?(?:from|von|de|da|van|od)\s?:/i
const SENT = /^\s{0,9}\*?(?:sent|date|gesendet|datum|envoy.|enviado|fecha|inviato|data|verzonden|wys.ano)\s?:/i
