import { type Place, zonesOf } from './place.js'

/** Where numbers of a North American area code belong; empty for toll-free, personal and unassigned codes. */
export function areaCodePlaces(code: string): readonly Place[] {
  return read().byCode.get(code) ?? NOWHERE
}

/** A state, province or territory with all of its zones, by its code: `US-TX`. */
export function regionPlace(id: string): Place | undefined {
  return read().byRegion.get(id)
}

/** Every area code of the table. */
export function areaCodes(): readonly string[] {
  return [...read().byCode.keys()]
}

const NOWHERE: readonly Place[] = []
let tables: { readonly byCode: ReadonlyMap<string, readonly Place[]>; readonly byRegion: ReadonlyMap<string, Place> } | undefined

function read(): NonNullable<typeof tables> {
  if (tables !== undefined) return tables
  const byCode = new Map<string, Place[]>()
  const byRegion = new Map<string, Place>()
  for (const line of REGIONS.split('\n')) {
    const [id = '', ...rest] = line.split(' ')
    const letters = new Set<string>()
    let place: Place = { id, zones: [] }
    for (const item of rest) {
      if (/^\d/.test(item)) byCode.set(item, [...(byCode.get(item) ?? []), place])
      else {
        place = { id, zones: zonesOf(item) }
        for (const letter of item) letters.add(letter)
      }
    }
    byRegion.set(id, { id, zones: zonesOf([...letters].join('')) })
  }
  for (const [country, ...codes] of COUNTRIES.split('\n').map((line) => line.split(' '))) {
    for (const code of codes) byCode.set(code, [{ id: country ?? '', zones: [] }])
  }
  tables = { byCode, byRegion }
  return tables
}

/**
 * Geographic codes in service in 2026 (NANPA, CNAC), by state, and by zones within it: letters as in place.ts go
 * before the codes they hold for. An overlay has every zone of the codes it lies over. Where a county keeps another
 * time than its state, all codes that reach into it have both.
 */
const REGIONS = `US-AL C 205 251 256 334 483 659 938
US-AK KU 907
US-AZ Z 480 520 602 623 ZM 928
US-AR C 327 479 501 870
US-CA P 209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951
US-CO M 303 719 720 748 970 983
US-CT E 203 475 860 959
US-DE E 302
US-DC E 202 771
US-FL E 239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954 EC 448 850
US-GA E 229 404 470 478 678 706 762 770 912 943
US-HI H 808
US-ID MP 208 986
US-IL C 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872
US-IN E 260 317 463 765 EC 219 574 812 930
US-IA C 319 515 563 641 712
US-KS C 316 913 CM 620 785
US-KY E 502 859 EC 270 364 606
US-LA C 225 318 337 457 504 985
US-ME E 207
US-MD E 227 240 301 410 443 667
US-MA E 339 351 413 508 617 774 781 857 978
US-MI E 231 248 269 313 517 586 616 679 734 810 947 989 EC 906
US-MN C 218 320 507 612 651 763 924 952
US-MS C 228 471 601 662 769
US-MO C 235 314 417 557 573 636 660 816 975
US-MT M 406
US-NE C 402 531 CM 308
US-NV P 702 725 PM 775
US-NH E 603
US-NJ E 201 551 609 640 732 848 856 862 908 973
US-NM M 505 575
US-NY E 212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934
US-NC E 252 336 472 704 743 828 910 919 980 984
US-ND CM 701
US-OH E 216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
US-OK C 405 539 572 580 918
US-OR P 503 971 MP 458 541
US-PA E 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
US-RI E 401
US-SC E 803 821 839 843 854 864
US-SD CM 605
US-TN C 615 629 731 901 931 E 865 EC 423 729
US-TX C 210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979 CM 432 M 915
US-UT M 385 435 801
US-VT E 802
US-VA E 276 434 540 571 686 703 757 804 826 948
US-WA P 206 253 360 425 509 564
US-WV E 304 681
US-WI C 262 274 353 414 534 608 715 920
US-WY M 307
US-PR R 787 939
US-VI R 340
US-GU G 671
US-MP G 670
US-AS O 684
CA-AB e 368 403 587 780 825
CA-BC v 604 vdec 236 250 257 672 778
CA-MB w 204 431 584
CA-NB a 428 506
CA-NL na 709 879
CA-NS a 782 902
CA-PE a 782 902
CA-ON t 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942 towi 807
CA-QC t 263 354 438 450 468 514 579 819 873 tab 273 367 418 581
CA-SK s 306 474 639
CA-YT y 867
CA-NT qe 867
CA-NU toic 867`

/** Other countries of the North American Numbering Plan. */
const COUNTRIES = `AG 268
AI 264
BB 246
BM 441
BS 242
DM 767
DO 809 829 849
GD 473
JM 658 876
KN 869
KY 345
LC 758
MS 664
SX 721
TC 649
TT 868
VC 784
VG 284`
