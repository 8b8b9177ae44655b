/**
 * The codes of local authorities since April 1998 and the pseudo codes, as first and last number.
 * Source: CIN census rule 1530, as of the collection year 2023-24.
 */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [1, 5],
  [201, 213],
  [301, 320],
  [330, 336],
  [340, 344],
  [350, 359],
  [370, 373],
  [380, 384],
  [390, 394],
  [420, 420],
  [660, 681],
  [701, 708],
  [800, 803],
  [805, 808],
  [810, 813],
  [815, 816],
  [820, 823],
  [825, 826],
  [830, 831],
  [835, 841],
  [845, 846],
  [850, 852],
  [855, 857],
  [860, 861],
  [865, 896],
  [908, 909],
  [916, 916],
  [919, 919],
  [921, 921],
  [925, 926],
  [928, 929],
  [931, 931],
  [933, 933],
  [935, 938],
  [940, 943],
];

/** @param code characters 2 to 4 of a UPN */
export function isUpnAuthority(code: string): boolean {
  if (!/^\d{3}$/.test(code)) return false;
  const number = Number(code);
  return ranges.some(([first, last]) => number >= first && number <= last);
}
