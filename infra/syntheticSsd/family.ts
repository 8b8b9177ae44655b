import { inventedId } from '../../shared/ssd/inventedIds.js';
import type { RowOf } from './columns.js';
import { dateOf, type Day } from './day.js';
import { postcode } from './identifiers.js';
import { familyNames, forename, type FamilyNames } from './names.js';
import { persona } from './personas.js';
import { randomFrom, type Random } from './random.js';

interface FamilyAddress {
  readonly from: Day;
  readonly to: Day | null;
  readonly postcode: string;
  readonly json: string;
}

export interface Family {
  /** The index of the first child; the parent, if recorded, enters the SSD with this one. */
  readonly first: number;
  readonly names: FamilyNames;
  readonly addresses: readonly FamilyAddress[];
}

/** Children come in groups of four neighbours; how many of a group belong together, and how often. */
const groupings: readonly (readonly [sizes: readonly number[], weight: number])[] = [
  [[1, 1, 1, 1], 50],
  [[2, 1, 1], 24],
  [[2, 2], 10],
  [[1, 3], 10],
  [[4], 6],
];
const groupSize = 4;

/** The family of a child: the same surname, origin and addresses for each of its children. */
export function familyOf(seed: string, index: number, today: Day): Family {
  const first = firstOfFamily(seed, index);
  const random = randomFrom(seed, 'family', first);
  return { first, names: familyNames(random), addresses: addresses(random, today) };
}

/** A child who came alone (unaccompanied) is a family of one, wherever it is in its group. */
function firstOfFamily(seed: string, index: number): number {
  if (persona(seed, index).alone) return index;
  const group = index - (index % groupSize);
  let start = group;
  for (const size of randomFrom(seed, 'group', group).weighted(groupings)) {
    if (index < start + size) {
      for (let member = start; member < index; member += 1) if (!persona(seed, member).alone) return member;
      return index;
    }
    start += size;
  }
  return index;
}

function addresses(random: Random, today: Day): FamilyAddress[] {
  const found: FamilyAddress[] = [];
  let to: Day | null = null;
  let from = today - random.int(20, 2500);
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    found.unshift({ from, to, postcode: postcode(random), json: addressJson(random) });
    to = from;
    from -= random.int(90, 1500);
  }
  return found;
}

export function addressJson(random: Random): string {
  const street = random.pick([
    'Example Street',
    'Sample Road',
    'Muster Lane',
    "St Invented's Close",
    'Heol y Prawf',
  ]);
  return JSON.stringify({ HOUSE: String(random.int(1, 240)), STREET: street, TOWN: 'Exampleton' });
}

/** The person id of a family's parent, out of reach of the children's ids. */
export function parentId(seed: string, first: number): string {
  return inventedId(seed, 5_000_001 + 3 * first);
}

/** Three families in five have their mother recorded: an adult in `ssd_person` without any episode. */
export function parentOf(seed: string, family: Family, today: Day): RowOf<'ssd_person'> | undefined {
  const random = randomFrom(seed, 'parent', family.first);
  if (persona(seed, family.first).alone || !random.chance(0.6)) return undefined;
  return {
    pers_legacy_id: null,
    pers_person_id: parentId(seed, family.first),
    pers_upn: null,
    pers_forename: forename(random, family.names),
    pers_surname: family.names.surname,
    pers_sex: 'F',
    pers_gender: 'F',
    pers_ethnicity: random.pick(family.names.ethnicities),
    pers_dob: dateOf(today - random.int(41 * 366, 58 * 365)),
    pers_single_unique_id: null,
    pers_upn_unknown: null,
    pers_send_flag: null,
    pers_expected_dob: null,
    pers_death_date: null,
    pers_is_mother: 'Y',
    pers_nationality: family.names.nationality,
  };
}
