/** Public shorteners: many senders share their domains, and so their reputation. */
export function isShortener(host: string): boolean {
  return SHORTENERS.has(host.startsWith('www.') ? host.slice(4) : host)
}

const SHORTENERS: ReadonlySet<string> = new Set(
  'bit.ly bitly.com j.mp tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly rebrandly.com cutt.ly rb.gy shorturl.at shorturl.com tiny.cc t.ly lnkd.in bl.ink s.id shorte.st adf.ly tr.im short.io soo.gd clck.ru tiny.one bit.do mcaf.ee su.pr qr.ae shrtco.de 1url.com u.to x.co zpr.io trib.al dlvr.it fb.me wp.me t2m.io han.gl vo.la urlz.fr kutt.it dub.sh gg.gg ouo.io smarturl.it tny.im snip.ly po.st a.co amzn.to ity.im short.gy tinu.be shrtm.nu cli.gs yourls.org polr.me hyperurl.co chilp.it 2.gp click.ly'.split(
    ' ',
  ),
)
