import { readable } from '../cells.js';
import { unknown } from '../draft.js';
import { birthday } from './censusDays.js';
import { place, rule, ssda903 } from './rule.js';

const halfRecorded = rule({
  code: 'ssda903-153',
  published: [
    ssda903(
      '153',
      "All data items relating to a child's activity or accommodation after leaving care must be coded or left blank.",
    ),
  ],
  columns: ['clea_care_leaver_latest_contact', 'clea_care_leaver_activity', 'clea_care_leaver_accommodation'],
  meaning:
    'Of the latest contact, the activity and the accommodation of the care leaver, one or two are missing.',
  remedy: 'Enter what is missing.',
  check: ({ parts: { careLeavers } }) =>
    careLeavers.flatMap(({ row, item: { contact_date: contact, activity, accommodation } }) => {
      const said = [
        ['clea_care_leaver_latest_contact', contact],
        ['clea_care_leaver_activity', activity],
        ['clea_care_leaver_accommodation', accommodation],
      ] as const;
      // What cannot be read has a finding of its own.
      if (said.some(([, value]) => value === unknown)) return [];
      const missing = said.filter(([, value]) => value === undefined);
      return missing.length === said.length
        ? []
        : missing.map(([column]) => place(column, row, 'nothing, beside the others'));
    }),
});

const foyerUnder18 = rule({
  code: 'ssda903-347',
  published: [
    ssda903('347', 'Care leavers aged under 18 years, can not be accommodated in a Foyer.', {
      from: '2023-24',
    }),
  ],
  columns: ['clea_care_leaver_accommodation'],
  meaning:
    'The accommodation of the care leaver is a foyer (T), and the care leaver was under 18 at the start of the collection year.',
  remedy: 'Correct the accommodation or the date of birth.',
  check: ({ person, parts: { careLeavers }, days }) => {
    const birth = readable(person.pers_dob);
    return careLeavers
      .filter(
        ({ item }) => item.accommodation === 'T' && birth !== null && days.yearStart < birthday(birth, 18),
      )
      .map(({ row }) => place('clea_care_leaver_accommodation', row, 'T for a care leaver under 18'));
  },
});

const fosterCarersAt17 = rule({
  code: 'ssda903-3001',
  published: [
    ssda903(
      '3001',
      'Where care leavers information is being returned for a young person around their 17th birthday, the accommodation cannot be with their former foster carer(s).',
    ),
  ],
  columns: ['clea_care_leaver_accommodation'],
  meaning:
    'The accommodation of the care leaver is with former foster carers (Z), and the 17th birthday is in the collection year.',
  remedy: 'Correct the accommodation or the date of birth.',
  check: ({ person, parts: { careLeavers }, days }) => {
    const birth = readable(person.pers_dob);
    const at17 = birth === null ? undefined : birthday(birth, 17);
    return careLeavers
      .filter(
        ({ item }) =>
          item.accommodation === 'Z' && at17 !== undefined && days.yearStart <= at17 && at17 <= days.yearEnd,
      )
      .map(({ row }) => place('clea_care_leaver_accommodation', row, 'Z for a care leaver of 17'));
  },
});

export const careLeaverRules = [halfRecorded, foyerUnder18, fosterCarersAt17] as const;
