import { describe, expect, test } from 'vitest'
import { candidateZones, isZone } from '../../../src/guardrails/index.js'
import { areaCodePlaces, areaCodes, regionPlace } from '../../../src/guardrails/time/area-codes.js'
import { callingCodeCountries, callingCodes } from '../../../src/guardrails/time/calling-codes.js'
import { countries, countryZones } from '../../../src/guardrails/time/country-zones.js'
import { zipPlace } from '../../../src/guardrails/time/postal-codes.js'

/** Geographic codes that take numbers, as a second source has them (libphonenumber metadata, September 2026). */
const IN_SERVICE =
  '201 202 203 204 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 226 227 228 229 231 234 235 236 239 240 242 246 248 249 250 251 252 253 254 256 257 260 262 263 267 269 270 272 273 274 276 279 281 283 289 301 302 303 304 305 306 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 324 325 326 327 329 330 331 332 334 336 337 339 340 341 343 345 346 347 350 351 352 353 354 360 361 363 364 365 367 368 369 380 382 385 386 401 402 403 404 405 406 407 408 409 410 412 413 414 415 416 417 418 419 423 424 425 428 430 431 432 434 435 437 438 440 441 442 443 445 447 448 450 458 463 464 468 469 470 472 473 474 475 478 479 480 484 501 502 503 504 505 506 507 508 509 510 512 513 514 515 516 517 518 519 520 530 531 534 539 540 541 548 551 557 559 561 562 563 564 567 570 571 572 573 574 575 579 580 581 582 584 585 586 587 601 602 603 604 605 606 607 608 609 610 612 613 614 615 616 617 618 619 620 623 626 628 629 630 631 636 639 640 641 645 646 647 650 651 656 657 658 659 660 661 662 667 669 670 671 672 678 680 681 682 683 686 689 701 702 703 704 705 706 707 708 709 712 713 714 715 716 717 718 719 720 724 725 726 727 728 730 731 732 734 737 738 740 742 743 747 748 753 754 757 758 760 762 763 765 767 769 770 771 772 773 774 775 778 779 780 781 782 784 785 786 787 801 802 803 804 805 806 807 808 809 810 812 813 814 815 816 817 818 819 820 821 825 826 828 829 830 831 832 835 838 839 840 843 845 847 848 849 850 854 856 857 858 859 860 862 863 864 865 867 868 870 872 873 876 878 879 901 902 903 904 905 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 929 930 931 934 936 937 938 939 940 941 942 943 945 947 948 949 951 952 954 956 959 970 971 972 973 975 978 979 980 983 984 985 986 989'.split(
    ' ',
  )
const ISO =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(
    ' ',
  )
const STATES =
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'.split(
    ' ',
  )
const PROVINCES = 'AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' ')
const zonesOfCode = (code: string) => candidateZones({ phone: `+1${code}5550123` }, 'sms')

describe('area codes', () => {
  test('all in service have a zone', () => {
    expect(IN_SERVICE).toHaveLength(434)
    expect(IN_SERVICE.filter((code) => zonesOfCode(code).length === 0)).toEqual([])
  })

  test('toll-free, personal, premium, service and unassigned codes say nothing', () => {
    const others = [
      '800',
      '833',
      '844',
      '855',
      '866',
      '877',
      '888',
      '900',
      '700',
      '710',
      '600',
      '622',
      '211',
      '911',
      '000',
      '999',
    ]
    const personal = ['500', '521', '522', '533', '544', '566', '577', '588']
    expect([...others, ...personal].flatMap(zonesOfCode)).toEqual([])
    for (const code of areaCodes()) expect(code).toMatch(/^[2-9][0-8]\d$/)
  })

  test('every state and province has codes, and no code is listed twice for one', () => {
    for (const id of [...STATES.map((code) => `US-${code}`), ...PROVINCES.map((code) => `CA-${code}`)]) {
      expect(regionPlace(id)?.zones.length, id).toBeGreaterThan(0)
    }
    for (const code of areaCodes()) {
      const ids = areaCodePlaces(code).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test.each([
    ['850', 'America/New_York America/Chicago'],
    ['448', 'America/New_York America/Chicago'],
    ['915', 'America/Denver'],
    ['928', 'America/Phoenix America/Denver'],
    ['775', 'America/Los_Angeles America/Denver'],
    ['208', 'America/Denver America/Los_Angeles'],
    ['907', 'America/Anchorage America/Adak'],
    ['709', 'America/St_Johns America/Halifax'],
    ['671', 'Pacific/Guam'],
    ['242', 'America/Nassau'],
  ])('%s is in %s', (code, zones) => expect(zonesOfCode(code)).toEqual(zones.split(' ')))

  test.each([
    ['850', '448'],
    ['812', '930'],
    ['270', '364'],
    ['541', '458'],
    ['208', '986'],
    ['423', '729'],
    ['250', '236'],
    ['709', '879'],
  ])('an overlay has the zones of what it lies over: %s and %s', (old, overlay) => {
    expect(zonesOfCode(overlay)).toEqual(zonesOfCode(old))
  })

  test('the three territories of 867 are all asked', () => {
    expect(areaCodePlaces('867').map(({ id }) => id)).toEqual(['CA-YT', 'CA-NT', 'CA-NU'])
  })
})

describe('countries', () => {
  test('all of ISO 3166 have zones', () => {
    expect(ISO).toHaveLength(249)
    expect(ISO.filter((code) => countryZones(code).length === 0)).toEqual([])
  })

  test('every zone named anywhere is one this runtime knows', () => {
    const named = [
      ...countries().flatMap(countryZones),
      ...areaCodes().flatMap((code) => areaCodePlaces(code).flatMap(({ zones }) => zones)),
    ]
    expect([...new Set(named)].filter((zone) => !isZone(zone))).toEqual([])
  })

  test('every calling code leads to countries with zones, and a longer one is found before one it begins with', () => {
    expect(
      callingCodes()
        .flatMap(callingCodeCountries)
        .filter((code) => countryZones(code).length === 0),
    ).toEqual([])
    const longer = callingCodes().filter((code) => callingCodes().some((other) => other !== code && code.startsWith(other)))
    expect(longer).toEqual(['262262', '262263', '262692', '262693', '262269', '262639', '6189162', '6189164'])
    for (const code of longer) expect(callingCodeCountries(`${code}123`)).toHaveLength(1)
  })

  test('every country that has a number of its own is reached by one', () => {
    const without = ['PN', 'TF']
    const reached = new Set([
      ...without,
      ...callingCodes().flatMap(callingCodeCountries),
      'RU',
      'KZ',
      'US',
      'CA',
      'PR',
      'VI',
      'GU',
      'MP',
      'AS',
      'UM',
    ])
    for (const code of areaCodes()) for (const { id } of areaCodePlaces(code)) reached.add(id)
    expect(ISO.filter((code) => !reached.has(code))).toEqual([])
  })
})

describe('ZIP codes', () => {
  test('every state has some', () => {
    const found = new Set(Array.from({ length: 1000 }, (_, prefix) => zipPlace(`${String(prefix).padStart(3, '0')}01`)?.id))
    expect(STATES.filter((code) => !found.has(`US-${code}`))).toEqual([])
  })

  test('those of a state name no zone the state has not', () => {
    for (let prefix = 0; prefix < 1000; prefix++) {
      const place = zipPlace(`${String(prefix).padStart(3, '0')}01`)
      if (place === undefined) continue
      const all = regionPlace(place.id)?.zones ?? []
      expect(place.zones.length, place.id).toBeGreaterThan(0)
      expect(place.zones.filter((zone) => !all.includes(zone))).toEqual([])
    }
  })

  test.each([
    ['10001', 'US-NY'],
    ['00901', 'US-PR'],
    ['06390', 'US-CT'],
    ['20500', 'US-DC'],
    ['20170', 'US-VA'],
    ['33101', 'US-FL'],
    ['73301', 'US-TX'],
    ['73401', 'US-OK'],
    ['79901', 'US-TX'],
    ['88595', 'US-TX'],
    ['96813', 'US-HI'],
    ['96910', 'US-GU'],
    ['96950', 'US-MP'],
    ['96799', 'US-AS'],
    ['96960', undefined],
    ['99501', 'US-AK'],
    ['90210-1234', 'US-CA'],
    ['09001', undefined],
    ['34001', undefined],
    ['96201', undefined],
    ['1000', undefined],
    ['abcde', undefined],
  ])('%s is in %s', (zip, id) => expect(zipPlace(zip)?.id).toBe(id))
})
