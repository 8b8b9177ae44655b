import { inventedId } from '../../shared/ssd/inventedIds.js';
import { CaseFile, noRows, type ChildRows } from './caseFile.js';
import { disabilities } from './codes.js';
import { birthday, dateOf, windowStartOf, type Day } from './day.js';
import { addressJson, familyOf, type Family } from './family.js';
import { nhsNumber, postcode, upn } from './identifiers.js';
import { forename } from './names.js';
import { arrival, persona, type Persona } from './personas.js';
import { randomFrom, type Random } from './random.js';
import type { Told } from './stories.js';

/** A child as first recorded. */
export interface Child {
  readonly index: number;
  readonly personId: string;
  readonly persona: Persona;
  readonly family: Family;
  readonly rows: ChildRows;
}

/**
 * The person id of a child. One child in five has the shorter number of an older system, so that ids differ in length, and
 * their order as text is not their order as numbers.
 */
export function personIdOf(seed: string, index: number): string {
  return inventedId(seed, index % 5 === 4 ? 40_001 + 2 * index : 1_000_001 + 3 * index);
}

/**
 * A child with all its rows, made from the seed and the child's number alone.
 * @param origin the day the first SSD is made for, from which all histories are counted back
 * @param arrivedOn for a child who came on a later night: that day
 */
export function childOf(seed: string, index: number, origin: Day, arrivedOn?: Day): Child {
  const random = randomFrom(seed, 'child', index);
  const kind = arrivedOn === undefined ? persona(seed, index) : arrival;
  const family = familyOf(seed, index, origin);
  const today = arrivedOn ?? origin;
  const personId = personIdOf(seed, index);
  const file = new CaseFile({ personId, index, firstSerial: 1 }, noRows(), random, today);
  const story = kind.story(file, random, { today, windowStart: windowStartOf(today) });
  recordPerson(file, random, story, kind, family);
  recordAddresses(file, random, story, family);
  recordDisabilities(file, random, story);
  return { index, personId, persona: kind, family, rows: file.rows };
}

function recordPerson(file: CaseFile, random: Random, story: Told, kind: Persona, family: Family): void {
  const { born, expected, died } = story;
  const isUnborn = born === null && !kind.alone;
  const sex = isUnborn ? 'U' : random.pick(['M', 'F']);
  const number = born === null ? null : pupilNumber(random, born, file.today, kind);
  file.rows.ssd_person.push({
    pers_legacy_id: random.chance(0.8) ? `L${file.personId.padStart(8, '0')}` : null,
    pers_person_id: file.personId,
    pers_upn: number,
    pers_forename: isUnborn ? null : forename(random, family.names),
    pers_surname: family.names.surname,
    pers_sex: sex,
    pers_gender: sex,
    pers_ethnicity: isUnborn ? 'NOBT' : random.pick(family.names.ethnicities),
    pers_dob: born === null ? null : dateOf(born),
    pers_single_unique_id: random.chance(0.6) ? nhsNumber(random) : null,
    pers_upn_unknown: number === null && born !== null ? unknownReason(random, born, file.today, kind) : null,
    pers_send_flag: story.disabilities !== undefined || random.chance(0.1) ? 'Y' : 'N',
    pers_expected_dob: expected === undefined ? null : dateOf(expected),
    pers_death_date: died === undefined ? null : dateOf(died),
    pers_is_mother: null,
    pers_nationality: family.names.nationality,
  });
  recordIdentifiers(file, random, number, born);
}

/** The UPN given when the child started school at four, unless the child never went to school here. */
function pupilNumber(random: Random, born: Day, today: Day, kind: Persona): string | null {
  const startedSchool = birthday(born, 4) + 120;
  if (startedSchool > today || kind.alone || random.chance(0.04)) return null;
  return upn(random, Number(dateOf(startedSchool).slice(0, 4)));
}

function unknownReason(random: Random, born: Day, today: Day, kind: Persona): string {
  if (kind.alone) return 'UN2';
  if (birthday(born, 4) > today) return 'UN1';
  if (kind.name === 'referralOnly') return 'UN7';
  return random.pick(['UN3', 'UN5', 'UN6', 'UN8', 'UN9', 'UN10']);
}

/** An NHS number for some; a former UPN, or two, for a few who have a current one. */
function recordIdentifiers(file: CaseFile, random: Random, number: string | null, born: Day | null): void {
  const record = (type: string, value: string, from: Day, to: Day | null): void => {
    file.rows.ssd_linked_identifiers.push({
      link_table_id: file.id(831),
      link_person_id: file.personId,
      link_identifier_type: type,
      link_identifier_value: value,
      link_valid_from_date: dateOf(from),
      link_valid_to_date: file.happened(to),
    });
  };
  if (born === null) return;
  if (random.chance(0.25)) record('NHS Number', nhsNumber(random), born, null);
  if (number === null || !random.chance(0.05)) return;
  const startedSchool = Math.min(birthday(born, 4) + 120, file.today);
  for (let left = random.int(1, 2); left > 0; left -= 1) {
    const from = random.int(startedSchool, file.today);
    record('Former Unique Pupil Number', upn(random, Number(dateOf(from).slice(0, 4))), from, from + 200);
  }
}

/** The family's addresses from the child's birth on; some children have another one in addition to the current one. */
function recordAddresses(file: CaseFile, random: Random, story: Told, family: Family): void {
  const born = story.born ?? -Infinity;
  const record = (type: string, from: Day, to: Day | null, code: string, json: string): void => {
    file.rows.ssd_address.push({
      addr_table_id: file.id(811),
      addr_person_id: file.personId,
      addr_address_type: type,
      addr_address_start_date: dateOf(from),
      addr_address_end_date: file.happened(to),
      addr_address_postcode: code,
      addr_address_json: json,
    });
  };
  for (const address of family.addresses) {
    if (address.to !== null && address.to <= born) continue;
    record('HOME', Math.max(address.from, born), address.to, address.postcode, address.json);
  }
  if (!random.chance(0.1)) return;
  // A stay elsewhere that began after the current address and is over: the latest start is not the current address.
  const current = Math.max(family.addresses.at(-1)?.from ?? file.today, born);
  const from = random.int(current, file.today);
  record('TEMP', from, random.int(from, file.today), postcode(random), addressJson(random));
}

function recordDisabilities(file: CaseFile, random: Random, story: Told): void {
  const count = story.disabilities ?? (random.chance(0.06) ? 1 : 0);
  const found = new Set<string>();
  while (found.size < count) found.add(random.pick(disabilities));
  if (count === 0 && random.chance(0.1)) found.add('NONE');
  for (const code of found) {
    file.rows.ssd_disability.push({
      disa_table_id: file.id(821),
      disa_person_id: file.personId,
      disa_disability_code: code,
    });
  }
}
