import { isUnreadable, readable, readableText } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import { addToDate } from '../dates.js';
import { isUpnPlausible } from '../values/upn.js';
import { birthday } from './censusDays.js';
import { isBefore, isEmpty } from './comparing.js';
import type { Facts } from './facts.js';
import { cin, place, rule, ssda903 } from './rule.js';
import { isUpnAuthority } from './upnAuthorities.js';

/** The UPN that is sent, where it comes from the row. */
function upnOf({ person, child }: Facts): string | undefined {
  return isUnreadable(person.pers_upn) ? undefined : child.child_details.unique_pupil_number;
}

/**
 * The column that has the reason why there is no UPN, as it is sent: its own, or that of the UPN. None where the UPN
 * cannot be read, as there may be one.
 */
function columnOfReason({ person, child }: Facts): 'pers_upn' | 'pers_upn_unknown' | undefined {
  if (isUnreadable(person.pers_upn)) return undefined;
  const reason = child.child_details.unique_pupil_number_unknown_reason;
  if (readableText(person.pers_upn)?.toUpperCase() === reason) return 'pers_upn';
  return readableText(person.pers_upn_unknown) === undefined ? undefined : 'pers_upn_unknown';
}

const plainId = rule({
  code: 'cin-1580',
  published: [
    cin('1580', 'LA Child ID must not contain any non-alphanumeric characters', { from: '2024-25' }),
  ],
  columns: ['pers_person_id'],
  meaning: 'The child id has characters other than letters and digits. The CSC API takes - and _ as well.',
  remedy: 'Nothing tonight. Ask DfE before the census; a new id is a new child to DfE.',
  check: ({ person, child }) =>
    /^[A-Za-z0-9]*$/.test(child.la_child_id)
      ? []
      : [place('pers_person_id', person, 'a character other than a letter or digit')],
});

const upnCheckLetter = rule({
  code: 'upn-check-letter',
  published: [
    cin('1510', 'UPN invalid (wrong check letter at character 1)'),
    cin('1540', 'UPN invalid (characters 5-12 not all numeric)'),
    cin('1550', 'UPN invalid (character 13 not a recognised value)'),
    cin('1560Q', 'Former UPN wrongly formatted'),
  ],
  columns: ['pers_upn', 'link_identifier_value'],
  meaning: 'The UPN or former UPN has a wrong check letter, or letters where digits belong.',
  remedy: 'Enter the UPN as the school has it.',
  check: (facts) => {
    const upn = upnOf(facts);
    const former = facts.child.child_details.former_unique_pupil_number;
    const found = 'a UPN that cannot be right';
    return [
      ...(upn === undefined || isUpnPlausible(upn) ? [] : [place('pers_upn', facts.person, found)]),
      ...(former === undefined || isUpnPlausible(former)
        ? []
        : facts.parts.formerUpns
            .filter(({ item }) => item === former)
            .map(({ row }) => place('link_identifier_value', row, found))),
    ];
  },
});

const upnAuthority = rule({
  code: 'cin-1530',
  published: [cin('1530', 'UPN invalid (characters 2-4 not a recognised LA code)', { from: '2023-24' })],
  columns: ['pers_upn'],
  meaning: 'Characters 2 to 4 of the UPN are not the code of a local authority.',
  remedy: 'Enter the UPN as the school has it.',
  check: (facts) => {
    const upn = upnOf(facts);
    return upn === undefined || isUpnAuthority(upn.slice(1, 4))
      ? []
      : [place('pers_upn', facts.person, 'characters 2 to 4 are not the code of a local authority')];
  },
});

const sharedUpn = rule({
  code: 'upn-shared',
  published: [
    cin('1520', 'More than one record with the same UPN.'),
    ssda903('444', 'Duplicate UPN has been reported', { from: '2025-26' }),
  ],
  columns: ['pers_upn'],
  meaning: 'Another person of the SSD has the same UPN, whether or not that person is sent.',
  remedy: 'Find out whose UPN it is. If the two are one child, merge the records.',
  check: (facts) => {
    const upn = upnOf(facts);
    return upn !== undefined && facts.rules.sharedUpns.has(upn.toUpperCase())
      ? [place('pers_upn', facts.person, 'a UPN that another person has, too')]
      : [];
  },
});

/** Whether both columns can be read: the reason is that of the source, and a UPN would be known. */
function saysWhyNoUpn({ pers_upn: upn, pers_upn_unknown: reason }: Facts['person']): boolean {
  return !isUnreadable(upn) && !isUnreadable(reason);
}

const upnExpected = rule({
  code: 'cin-8770Q',
  published: [
    cin('8770Q', 'UPN is missing or reason UPN is missing or is UN1 for a child who is of school age.', {
      from: '2024-25',
    }),
  ],
  columns: ['pers_upn'],
  meaning:
    'The child was 5 or older on 31 August of the collection year, has a referral that led to action, and has neither a UPN nor a reason other than UN1 for having none.',
  remedy: 'Enter the UPN as the school has it, or the reason why there is none.',
  check: ({ person, child, referrals, days }) => {
    const { unique_pupil_number: upn, unique_pupil_number_unknown_reason: reason } = child.child_details;
    const birth = readable(person.pers_dob);
    if (birth === null || upn !== undefined || (reason !== undefined && reason !== 'UN1')) return [];
    // What cannot be read has a finding of its own.
    const saysNone = saysWhyNoUpn(person) && (isEmpty(person.pers_upn) || reason === 'UN1');
    const isOld = birthday(birth, 5) <= days.schoolDay;
    return saysNone && isOld && referrals.some(({ item }) => item.referral_no_further_action_flag === false)
      ? [place('pers_upn', person, 'nothing, for a child of school age')]
      : [];
  },
});

const notSchoolAge = rule({
  code: 'ssda903-209',
  published: [
    ssda903(
      '209',
      'Child looked after is of school age and should not have an unknown Unique Pupil Number (UPN) code of UN1.',
    ),
  ],
  columns: ['pers_upn_unknown', 'pers_upn'],
  meaning:
    'The reason for having no UPN is UN1 (not of school age), and the looked-after child was 4 or older on 31 August before the collection year.',
  remedy: 'Enter the UPN as the school has it, or the reason why there is none.',
  check: (facts) => {
    const { person, child, parts, days } = facts;
    const birth = readable(person.pers_dob);
    const column = columnOfReason(facts);
    if (birth === null || parts.placements.length === 0 || column === undefined) return [];
    return child.child_details.unique_pupil_number_unknown_reason === 'UN1' &&
      birthday(birth, 4) <= days.schoolDayBefore
      ? [place(column, person, 'UN1 for a child of school age')]
      : [];
  },
});

const newlyLookedAfter = rule({
  code: 'ssda903-210',
  published: [
    ssda903(
      '210',
      'Children looked after for more than a week at 31 March should not have an unknown Unique Pupil Number (UPN) code of UN4.',
    ),
  ],
  columns: ['pers_upn_unknown', 'pers_upn'],
  meaning:
    'The reason for having no UPN is UN4 (newly looked after), and the child has been looked after for more than a week.',
  remedy: 'Enter the UPN as the school has it, or another reason why there is none.',
  // As its title has it. The public validator asks about care episodes that start in the last week.
  check: (facts) => {
    const { person, child, careEpisodes, days } = facts;
    const column = columnOfReason(facts);
    if (child.child_details.unique_pupil_number_unknown_reason !== 'UN4' || column === undefined) return [];
    const open = careEpisodes.find(({ end, isSent }) => end === null && isSent);
    if (open === undefined) return [];
    const weekAgo = addToDate(days.today, { days: -7 });
    const ofPeriod = careEpisodes.filter(
      ({ row }) => row === open.row || (row.clae_cla_id !== null && row.clae_cla_id === open.row.clae_cla_id),
    );
    return ofPeriod.some(({ start }) => start !== null && start < weekAgo)
      ? [place(column, person, 'UN4 for more than a week of care')]
      : [];
  },
});

const referredWithoutAction = rule({
  code: 'cin-8772',
  published: [
    cin(
      '8772',
      'UPN unknown reason is UN7 (Referral with no further action) but at least one CIN details is a referral going on to further action',
    ),
  ],
  columns: ['pers_upn_unknown'],
  meaning:
    'The reason for having no UPN is UN7 (referral with no further action), and a referral of the child led to action.',
  remedy: 'Enter the UPN as the school has it, or another reason why there is none.',
  // A referral that does not say whether it led to action is asked about by 8568.
  check: ({ person, child, referrals }) =>
    saysWhyNoUpn(person) &&
    child.child_details.unique_pupil_number_unknown_reason === 'UN7' &&
    referrals.some(({ item }) => item.referral_no_further_action_flag === false)
      ? [place('pers_upn_unknown', person, 'UN7 beside a referral that led to action')]
      : [],
});

const birthInFuture = rule({
  code: 'birth-in-future',
  published: [
    cin(
      '8520',
      'Date of Birth is after data collection period (must be on or before the end of the census period)',
    ),
  ],
  columns: ['pers_dob'],
  meaning: 'The date of birth is after today.',
  remedy: 'Correct the date. A child who is not born yet has only an expected date of birth.',
  // The age gate lets a birth of tomorrow through, as the window ends tomorrow.
  check: ({ person, days }) =>
    isBefore(days.today, person.pers_dob) ? [place('pers_dob', person, 'a date after today')] : [],
});

const oneBirth = rule({
  code: 'cin-8525Q',
  published: [cin('8525Q', 'Either Date of Birth or Expected Date of Birth must be provided (but not both)')],
  columns: ['pers_expected_dob', 'pers_dob'],
  meaning: 'The child has a date of birth and also an expected one, or neither.',
  remedy: 'Remove the expected date of a child who has been born; otherwise enter the date that is missing.',
  check: ({ person }) => {
    const { pers_dob: birth, pers_expected_dob: expected } = person;
    if (birth === null && expected === null)
      return [place('pers_dob', person, 'nothing, and no expected date')];
    return readable(birth) !== null && readable(expected) !== null
      ? [place('pers_expected_dob', person, 'a date beside the date of birth')]
      : [];
  },
});

const expectedSoon = rule({
  code: 'cin-8530Q',
  published: [
    cin(
      '8530Q',
      'Expected Date of Birth is outside the expected range for this census (March to December of the Census Year end)',
    ),
  ],
  columns: ['pers_expected_dob'],
  meaning:
    'The child has no date of birth, and the expected one is 30 days or more before the run, or 9 months or more after it.',
  remedy: 'Enter the date of birth if the child has been born, or correct the expected date.',
  // A child with a date of birth should have no expected one: rule 8525Q asks about that.
  check: ({ person, days }) => {
    const expected = readable(person.pers_expected_dob);
    if (person.pers_dob !== null || expected === null) return [];
    return expected <= addToDate(days.today, { days: -30 }) ||
      expected >= addToDate(days.today, { months: 9 })
      ? [place('pers_expected_dob', person, 'a date more than 30 days past, or more than 9 months ahead')]
      : [];
  },
});

const unbornWithSex = rule({
  code: 'unborn-with-sex',
  published: [cin('8750', 'Sex must equal U for an unborn child', { from: '2024-25' })],
  columns: ['pers_sex'],
  meaning: 'A child with an expected date of birth and no date of birth has a sex other than U.',
  remedy: 'Record the date of birth if the child has been born. Otherwise record the sex as U.',
  check: ({ person, child: { child_details: details } }) =>
    person.pers_dob === null &&
    readable(person.pers_expected_dob) !== null &&
    !isUnreadable(person.pers_sex) &&
    details.sex !== undefined &&
    details.sex !== 'U'
      ? [place('pers_sex', person, 'a sex other than U without a date of birth')]
      : [],
});

const noSex = rule({
  code: 'cin-4180',
  published: [cin('4180', 'Sex must be provided and equal M, F, or U', { from: '2024-25' })],
  columns: ['pers_sex'],
  meaning: 'The SSD has no sex for the child. U (not known) is sent.',
  remedy: 'Enter the sex, or U if it is not known.',
  check: ({ person }) => (isEmpty(person.pers_sex) ? [place('pers_sex', person, 'nothing')] : []),
});

const noEthnicity = rule({
  code: 'cin-4220',
  published: [cin('4220', 'Ethnicity is missing or invalid (see Ethnicity table)')],
  columns: ['pers_ethnicity'],
  meaning: 'The child has no ethnicity.',
  remedy: 'Enter the ethnicity: REFU if it was refused, NOBT if it is not yet obtained.',
  // A value that cannot be sent is a finding of its own.
  check: ({ person, child }) =>
    isEmpty(person.pers_ethnicity) && child.child_details.ethnicity === undefined
      ? [place('pers_ethnicity', person, 'nothing')]
      : [],
});

const noneBesideDisability = rule({
  code: 'none-beside-disability',
  published: [cin('8790', 'Disability information includes both None and other values')],
  columns: ['disa_disability_code'],
  meaning: 'NONE is recorded as well as a disability. NONE is not sent.',
  remedy: 'End or remove the wrong row.',
  // NONE is not sent together with another code, but the record contradicts itself.
  check: ({ parts: { disabilities } }) => {
    if (disabilities.every(({ item }) => item === 'NONE')) return [];
    return disabilities
      .filter(({ item }) => item === 'NONE')
      .map(({ row }) => place('disa_disability_code', row, 'NONE beside a disability'));
  },
});

const endedAfter18 = rule({
  code: 'ssda903-304',
  published: [
    ssda903(
      '304',
      'Date unaccompanied asylum-seeking child (UASC) status ceased must be on or before the 18th birthday of a child.',
    ),
  ],
  columns: ['immi_immigration_status_end_date'],
  meaning: 'The status as an unaccompanied asylum-seeking child ended after the 18th birthday.',
  remedy: 'Enter the day on which the status ended, the 18th birthday at the latest.',
  check: ({ person, child: { child_details: details }, rows, rules }) => {
    const birth = readable(person.pers_dob);
    const end = details.uasc_end_date;
    if (birth === null || end === undefined || end <= birthday(birth, 18)) return [];
    return rows.ssd_immigration_status
      .filter(
        (row) =>
          readable(row.immi_immigration_status_end_date) === end &&
          rules.uascStatuses.has(normalised(readable(row.immi_immigration_status) ?? '')),
      )
      .map((row) => place('immi_immigration_status_end_date', row, 'a date after the 18th birthday'));
  },
});

export const identityRules = [
  plainId,
  upnCheckLetter,
  upnAuthority,
  sharedUpn,
  upnExpected,
  notSchoolAge,
  newlyLookedAfter,
  referredWithoutAction,
  birthInFuture,
  oneBirth,
  expectedSoon,
  unbornWithSex,
  noSex,
  noEthnicity,
  noneBesideDisability,
  endedAfter18,
] as const;
