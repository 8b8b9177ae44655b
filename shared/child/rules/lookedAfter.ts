import { isUnreadable, readable } from '../cells.js';
import type { PlainDate } from '../dates.js';
import { byTexts } from '../ordering.js';
import { birthday, daysBetween } from './censusDays.js';
import { isOrderTold, type CareEpisode } from './careEpisodes.js';
import { isBefore, isEmpty, isThere } from './comparing.js';
import type { Facts } from './facts.js';
import { place, rule, ssda903 } from './rule.js';

const temporary: ReadonlySet<string | undefined> = new Set(['T0', 'T1', 'T2', 'T3', 'T4']);
const forAdoption: ReadonlySet<string | undefined> = new Set(['A3', 'A4', 'A5', 'A6']);
const withFosterCarers: ReadonlySet<string | undefined> = new Set(['U1', 'U2', 'U3', 'U4', 'U5', 'U6']);
const adopted: ReadonlySet<string | undefined> = new Set(['E11', 'E12']);
const guardianship: ReadonlySet<string | undefined> = new Set(['E45', 'E46', 'E47', 'E48']);
const ofFosterCarers: ReadonlySet<string | undefined> = new Set(['E45', 'E46']);
/** A new placement in the same period of care. */
const placementChanges: ReadonlySet<string | undefined> = new Set(['P', 'B', 'T', 'U']);
const continues: ReadonlySet<string | undefined> = new Set(['P', 'L', 'T', 'U', 'B']);

/**
 * The care episodes whose placement is sent, with those before and after; none where a date that cannot be read leaves
 * their order open.
 */
function sentWithNeighbours({ careEpisodes }: Facts): readonly {
  readonly one: CareEpisode;
  readonly before: CareEpisode | undefined;
  readonly next: CareEpisode | undefined;
}[] {
  if (!isOrderTold(careEpisodes)) return [];
  return careEpisodes.flatMap((one, index) => {
    const [before, next] = [careEpisodes[index - 1], careEpisodes[index + 1]];
    return one.isSent ? [{ one, before, next }] : [];
  });
}

/** Whether a day is before the birthday on which a child becomes so many years old; false where either is not known. */
function isYounger({ person }: Facts, years: number, day: PlainDate | null | undefined): boolean {
  const birth = readable(person.pers_dob);
  return birth !== null && day !== null && day !== undefined && day < birthday(birth, years);
}

function isOlder({ person }: Facts, years: number, day: PlainDate | null | undefined): boolean {
  const birth = readable(person.pers_dob);
  return birth !== null && day !== null && day !== undefined && day >= birthday(birth, years);
}

/** A type of placement that asks for an age. */
function typeWantsAge<const Code extends string>(
  code: Code,
  number: string,
  title: string,
  type: string,
  years: number,
  what: string,
) {
  return rule({
    code,
    published: [ssda903(number, title, number === '371' ? { from: '2024-25' } : {})],
    columns: ['clap_cla_placement_type'],
    meaning: `The child is younger than ${String(years)} at the start of a placement ${what} (${type}).`,
    remedy: 'Correct the type of placement, its start or the date of birth.',
    // The public validator waits for the end of the placement.
    check: (facts) =>
      facts.parts.placements
        .filter(
          ({ row, item }) =>
            item.placement_type === type &&
            isYounger(facts, years, readable(row.clap_cla_placement_start_date)),
        )
        .map(({ row }) =>
          place('clap_cla_placement_type', row, `${type} for a child under ${String(years)}`),
        ),
  });
}

const supportedAccommodation = typeWantsAge(
  'ssda903-371',
  '371',
  "Child in supported accomodation not subject to children's homes regulations should be at least 16.",
  'K3',
  16,
  'in supported accommodation',
);
const custody = typeWantsAge(
  'ssda903-372',
  '372',
  'Child in youth custody or prison should be at least 10.',
  'R5',
  10,
  'in youth custody or prison',
);
const school = typeWantsAge(
  'ssda903-373',
  '373',
  'Child placed in a school should be at least 4 years old.',
  'S1',
  4,
  'in a residential school',
);
const employment = typeWantsAge(
  'ssda903-374',
  '374',
  'Child in residential employment should be at least 14 years old.',
  'P3',
  14,
  'in residential employment',
);

/** A temporary placement that is longer than its type allows. */
function lastsLonger<const Code extends string>(
  code: Code,
  number: string,
  title: string,
  type: string,
  days: number,
) {
  return rule({
    code,
    published: [ssda903(number, title)],
    columns: ['clap_cla_placement_end_date'],
    meaning: `A temporary placement of the type ${type} is longer than ${String(days)} days.`,
    remedy: 'Correct the dates or the type of placement.',
    check: ({ parts: { placements } }) =>
      placements
        .filter(({ row, item }) => {
          const { clap_cla_placement_start_date: start, clap_cla_placement_end_date: end } = row;
          const [from, to] = [readable(start), readable(end)];
          return item.placement_type === type && from !== null && to !== null && daysBetween(from, to) > days;
        })
        .map(({ row }) =>
          place('clap_cla_placement_end_date', row, `more than ${String(days)} days after the start`),
        ),
  });
}

const carersHoliday = lastsLonger(
  'ssda903-376',
  '376',
  'Temporary placements coded as being due to holiday of usual foster carer(s) cannot exceed three weeks.',
  'T3',
  21,
);
const unspecified = lastsLonger(
  'ssda903-379',
  '379',
  'Temporary placements for unspecified reason (placement code T4) cannot exceed seven days.',
  'T4',
  7,
);

const placementsOverlap = rule({
  code: 'placements-overlap',
  published: [],
  columns: ['clap_cla_placement_end_date'],
  meaning: 'The placement has not ended when a later placement of the child starts.',
  remedy: 'Enter the day of the move as the end of the earlier placement.',
  // A move on one day is no overlap.
  check: ({ parts: { placements } }) => {
    const inOrder = placements
      .map(({ row }) => row)
      .sort(
        byTexts(
          (row) => readable(row.clap_cla_placement_start_date),
          (row) => readable(row.clap_cla_placement_end_date) ?? '9999-12-31',
          (row) => row.clap_cla_placement_id,
          (row) => row.clap_cla_id,
        ),
      );
    return inOrder.flatMap((row, index) => {
      const end = readable(row.clap_cla_placement_end_date);
      const next = readable(inOrder[index + 1]?.clap_cla_placement_start_date ?? null);
      if (next === null || (end !== null && end <= next)) return [];
      const found =
        end === null ? 'nothing, beside a later placement' : 'a date after the start of a later placement';
      return [place('clap_cla_placement_end_date', row, found)];
    });
  },
});

const endAndReason = rule({
  code: 'ssda903-148',
  published: [
    ssda903('148', 'Date episode ceased and reason episode ceased must both be coded, or both left blank.'),
  ],
  columns: ['clae_cla_episode_ceased_date', 'clae_cla_episode_ceased_reason'],
  meaning: 'The care episode has an end without a reason, or a reason without an end.',
  remedy: 'Enter the one that is missing, or remove the other.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(({ isSent }) => isSent)
      .flatMap(({ row, end, endReason }) => [
        ...(isThere(row.clae_cla_episode_ceased_date) && isEmpty(row.clae_cla_episode_ceased_reason)
          ? [place('clae_cla_episode_ceased_reason', row, 'nothing, beside an end')]
          : []),
        ...(end === null && endReason !== undefined
          ? [place('clae_cla_episode_ceased_date', row, 'nothing, beside a reason')]
          : []),
      ]),
});

const changeWithoutReason = rule({
  code: 'ssda903-225',
  published: [ssda903('225', 'Reason for placement change must be recorded.')],
  columns: ['clap_cla_placement_change_reason'],
  meaning:
    'The child moved on to another placement, and the reason for the change is missing. A temporary placement needs none.',
  remedy: 'Enter why the placement changed.',
  check: (facts) =>
    sentWithNeighbours(facts).flatMap(({ one, next }) =>
      one.endReason === 'X1' &&
      one.placement !== undefined &&
      isEmpty(one.placement.clap_cla_placement_change_reason) &&
      isKnownAndNotTemporary(one) &&
      next !== undefined &&
      placementChanges.has(next.startReason) &&
      isKnownAndNotTemporary(next)
        ? [place('clap_cla_placement_change_reason', one.placement, 'nothing, before another placement')]
        : [],
    ),
});

function isKnownAndNotTemporary({ type }: CareEpisode): boolean {
  return type !== undefined && !temporary.has(type);
}

const changeOfTemporary = rule({
  code: 'ssda903-226',
  published: [
    ssda903('226', 'Reason for placement change is not required for temporary placements.', {
      from: '2025-26',
    }),
  ],
  columns: ['clap_cla_placement_change_reason'],
  meaning:
    'A temporary placement (T0 to T4), or the placement before one, has a reason for placement change.',
  remedy: 'Remove the reason. The child has not left the usual placement.',
  check: (facts) => {
    const beside = new Set([
      ...facts.careEpisodes.filter(({ type }) => temporary.has(type)).map(({ placement }) => placement),
      ...sentWithNeighbours(facts).flatMap(({ one, before }) =>
        temporary.has(one.type) ? [before?.placement] : [],
      ),
    ]);
    return facts.parts.placements
      .filter(({ row, item }) => beside.has(row) && typeof item.change_reason === 'string')
      .map(({ row }) =>
        place('clap_cla_placement_change_reason', row, 'a reason, beside a temporary placement'),
      );
  },
});

const changeOfOpen = rule({
  code: 'ssda903-233',
  published: [
    ssda903('233', 'Reason for placement change is not required when the episode has not ceased.', {
      from: '2025-26',
    }),
  ],
  columns: ['clap_cla_placement_change_reason'],
  meaning: 'The placement has not ended, and has a reason for placement change.',
  remedy: 'Enter the end of the placement, or remove the reason.',
  check: ({ parts: { placements } }) =>
    placements
      .filter(
        ({ row, item }) => row.clap_cla_placement_end_date === null && typeof item.change_reason === 'string',
      )
      .map(({ row }) => place('clap_cla_placement_change_reason', row, 'a reason, and no end')),
});

const custodyUnder10 = rule({
  code: 'ssda903-234',
  published: [
    ssda903('234', 'A child aged under 10 can not change placement due to being admitted to custody', {
      from: '2025-26',
    }),
  ],
  columns: ['clap_cla_placement_change_reason'],
  meaning: 'The placement ended because of custody (CUSTOD) before the 10th birthday of the child.',
  remedy: 'Correct the reason, the dates or the date of birth.',
  // As its text has it: the age at the start of the next placement. The public validator takes the start of this one.
  check: (facts) =>
    facts.parts.placements
      .filter(
        ({ row, item }) =>
          item.change_reason === 'CUSTOD' && isYounger(facts, 10, readable(row.clap_cla_placement_end_date)),
      )
      .map(({ row }) => place('clap_cla_placement_change_reason', row, 'CUSTOD for a child under 10')),
});

const startsOver18 = rule({
  code: 'ssda903-352',
  published: [ssda903('352', 'Child who started to be looked after was aged 18 or over.')],
  columns: ['clae_cla_episode_start_date'],
  meaning: 'The period of care starts (S) on or after the 18th birthday.',
  remedy: 'Correct the start, its reason or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, startReason, start }) => isSent && startReason === 'S' && isOlder(facts, 18, start))
      .map(({ row }) => place('clae_cla_episode_start_date', row, 'a date on or after the 18th birthday')),
});

const adoptedOver18 = rule({
  code: 'ssda903-386',
  published: [ssda903('386', 'Reason episode ceased is adopted but child has reached age 18.')],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with adoption (E11, E12) on or after the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && adopted.has(endReason) && isOlder(facts, 18, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'adoption after the 18th birthday')),
});

const adultCareUnder16 = rule({
  code: 'ssda903-389',
  published: [
    ssda903(
      '389',
      'Reason episode ceased is that child transferred to care of adult social care services, but child is aged under 16.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with the move to adult social care (E7) before the 16th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && endReason === 'E7' && isYounger(facts, 16, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'E7 before the 16th birthday')),
});

const guardianshipOver18 = rule({
  code: 'ssda903-407',
  published: [
    ssda903('407', 'Reason episode ceased is Special Guardianship Order, but child has reached age 18.'),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with a special guardianship order (E45 to E48) on or after the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  // As its text has it; the public validator lets the birthday itself pass.
  check: (facts) =>
    facts.careEpisodes
      .filter(
        ({ isSent, endReason, end }) => isSent && guardianship.has(endReason) && isOlder(facts, 18, end),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'special guardianship after the 18th birthday'),
      ),
});

const stayedUnder18 = rule({
  code: 'ssda903-460',
  published: [
    ssda903(
      '460',
      'Reason episode ceased is that child stayed with current carers at age 18 (or above), but child is aged under 18.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with staying put (E17) before the 18th birthday.',
  remedy: 'Correct the reason, the end or the date of birth.',
  check: (facts) =>
    facts.careEpisodes
      .filter(({ isSent, endReason, end }) => isSent && endReason === 'E17' && isYounger(facts, 18, end))
      .map(({ row }) => place('clae_cla_episode_ceased_reason', row, 'E17 before the 18th birthday')),
});

const startsTemporary = rule({
  code: 'ssda903-380',
  published: [ssda903('380', 'A period of care cannot start with a temporary placement.')],
  columns: ['clae_cla_episode_start_reason'],
  meaning: 'The care episode in a temporary placement (T0 to T4) starts with a reason other than P and B.',
  remedy: 'Correct the type of placement or the reason for the start.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, type, startReason }) =>
          isSent &&
          temporary.has(type) &&
          startReason !== undefined &&
          startReason !== 'P' &&
          startReason !== 'B',
      )
      .map(({ row }) =>
        place('clae_cla_episode_start_reason', row, 'another reason than P and B, in a temporary placement'),
      ),
});

const endsTemporary = rule({
  code: 'ssda903-381',
  published: [ssda903('381', 'A period of care cannot end with a temporary placement.')],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode in a temporary placement (T0 to T4) ends with a reason other than X1.',
  remedy: 'Correct the type of placement or the reason for the end.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, type, endReason }) =>
          isSent && temporary.has(type) && endReason !== undefined && endReason !== 'X1',
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'another reason than X1, in a temporary placement'),
      ),
});

const returnsFromTemporary = rule({
  code: 'ssda903-383',
  published: [
    ssda903('383', 'A child in a temporary placement must subsequently return to his/her normal placement.', {
      from: '2025-26',
    }),
  ],
  columns: ['clae_cla_episode_start_reason', 'clap_cla_placement_type', 'clap_cla_placement_postcode'],
  meaning:
    'After a temporary placement (T0 to T4) the child does not return to the usual placement: the reason for the start is not P, or the type or postcode is another one.',
  remedy: 'Correct the placement, or end the earlier one and give the reason for the change.',
  // A change of legal status within the temporary placement is no move. Of several in a row only the move between them
  // is asked about, and not the return as well.
  check: (facts) =>
    sentWithNeighbours(facts).flatMap(({ one, before: away }) => {
      if (!temporary.has(away?.type) || one.placement === away?.placement) return [];
      const usual = usualBefore(one, facts);
      if (usual === undefined) return [];
      return [
        ...(one.startReason !== undefined && one.startReason !== 'P'
          ? [
              place(
                'clae_cla_episode_start_reason',
                one.row,
                'another reason than P, after a temporary placement',
              ),
            ]
          : []),
        ...differsFrom(usual, one),
      ];
    }),
});

/** The last care episode before one that was not in a temporary placement. */
function usualBefore(one: CareEpisode, { careEpisodes }: Facts): CareEpisode | undefined {
  return careEpisodes.slice(0, careEpisodes.indexOf(one)).findLast(({ type }) => !temporary.has(type));
}

/** Where a placement differs from an earlier one, of which both can be read. */
function differsFrom({ placement: before, type: typeBefore }: CareEpisode, { placement, type }: CareEpisode) {
  if (before === undefined || placement === undefined) return [];
  const [postcode, postcodeBefore] = [placement, before].map((row) =>
    readable(row.clap_cla_placement_postcode)?.toUpperCase().replace(/\s/g, ''),
  );
  const found = 'another one than before the temporary placement';
  return [
    ...(type !== undefined && typeBefore !== undefined && type !== typeBefore
      ? [place('clap_cla_placement_type', placement, found)]
      : []),
    ...(postcode !== undefined && postcodeBefore !== undefined && postcode !== postcodeBefore
      ? [place('clap_cla_placement_postcode', placement, found)]
      : []),
  ];
}

const startsOnEnd = rule({
  code: 'ssda903-431',
  published: [
    ssda903(
      '431',
      'The reason for new episode is started to be looked after, but the previous episode ended on the same day.',
    ),
  ],
  columns: ['clae_cla_episode_start_reason'],
  meaning: 'The care episode starts a new period of care (S) on the day the one before it ended, or earlier.',
  remedy: 'Correct the reason for the start, or the dates of the two.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          one.startReason === 'S' &&
          one.start !== null &&
          before?.end !== undefined &&
          before.end !== null &&
          one.start <= before.end,
      )
      .map(({ one }) => place('clae_cla_episode_start_reason', one.row, 'S on the day the one before ended')),
});

const startsAgain = rule({
  code: 'ssda903-432',
  published: [
    ssda903(
      '432',
      'The child ceased to be looked after at the end of the previous episode but the reason for the new episode is not started to be looked after.',
    ),
  ],
  columns: ['clae_cla_episode_start_reason'],
  meaning:
    'The child ceased to be looked after at the end of the care episode before, and this one does not start with S.',
  remedy: 'Correct the reason for the start, or the reason for the end of the one before.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          before?.endReason !== undefined &&
          before.endReason !== 'X1' &&
          one.startReason !== undefined &&
          one.startReason !== 'S',
      )
      .map(({ one }) =>
        place('clae_cla_episode_start_reason', one.row, 'another reason than S, after the end of care'),
      ),
});

const gapBefore = rule({
  code: 'ssda903-433',
  published: [
    ssda903(
      '433',
      'The reason for new episode suggests that this is a continuation episode, but the episode does not start on the same day as the last episode finished.',
    ),
  ],
  columns: ['clae_cla_episode_start_date'],
  meaning:
    'The care episode continues the one before (P, L, T, U or B), and does not start on the day that one ended.',
  remedy: 'Correct the dates of the two, or the reason for the start.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(
        ({ one, before }) =>
          continues.has(one.startReason) &&
          one.start !== null &&
          before?.end !== undefined &&
          before.end !== one.start,
      )
      .map(({ one }) => place('clae_cla_episode_start_date', one.row, 'not the day the one before ended')),
});

const afterTheLast = rule({
  code: 'ssda903-437',
  published: [
    ssda903(
      '437',
      'Reason episode ceased is child has died or is aged 18 or over but there are further episodes.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning: 'The care episode ended with death (E2) or the 18th birthday (E15), and there is a later one.',
  remedy: 'Correct the reason, or remove the later care episode.',
  check: (facts) =>
    sentWithNeighbours(facts)
      .filter(({ one, next }) => (one.endReason === 'E2' || one.endReason === 'E15') && next !== undefined)
      .map(({ one }) =>
        place('clae_cla_episode_ceased_reason', one.row, 'E2 or E15, before another care episode'),
      ),
});

const notWithFosterCarers = rule({
  code: 'ssda903-516',
  published: [
    ssda903(
      '516',
      'The episode data submitted for this child does not show that he/she was with their former foster carer(s) during the year. If the code in the reason episode ceased is E45 or E46 the child must have a placement code of U1 to U6.',
    ),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with special guardianship to former foster carers (E45, E46), and the placement was not with foster carers (U1 to U6).',
  remedy: 'Correct the reason, or the type of placement.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, endReason, type }) =>
          isSent && ofFosterCarers.has(endReason) && type !== undefined && !withFosterCarers.has(type),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'E45 or E46 after another placement than U1 to U6'),
      ),
});

const notPlacedForAdoption = rule({
  code: 'ssda903-390',
  published: [
    ssda903('390', 'Reason episode ceased is adopted but child has not been previously placed for adoption.'),
  ],
  columns: ['clae_cla_episode_ceased_reason'],
  meaning:
    'The care episode ended with adoption (E11, E12), and the placement was not for adoption (A3 to A6).',
  remedy: 'Correct the reason, or the type of placement.',
  check: ({ careEpisodes }) =>
    careEpisodes
      .filter(
        ({ isSent, endReason, type }) =>
          isSent && adopted.has(endReason) && type !== undefined && !forAdoption.has(type),
      )
      .map(({ row }) =>
        place('clae_cla_episode_ceased_reason', row, 'adoption after another placement than A3 to A6'),
      ),
});

/** The postcode at which a child lived on the day before a period of care; of several addresses the newest. */
function homeBefore({ rows }: Facts, start: PlainDate): string | undefined {
  const addresses = rows.ssd_address;
  // The address of that day may be the one whose dates cannot be read.
  const isUndated = addresses.some(
    (row) => isUnreadable(row.addr_address_start_date) || isUnreadable(row.addr_address_end_date),
  );
  if (isUndated) return undefined;
  const newest = addresses
    .filter(({ addr_address_start_date: from, addr_address_end_date: end }) => {
      const to = readable(end);
      return isBefore(from, start) && (to === null || daysBetween(to, start) <= 1);
    })
    .toSorted(
      byTexts(
        (row) => readable(row.addr_address_start_date),
        (row) => row.addr_table_id,
      ),
    )
    .at(-1);
  const text = readable(newest?.addr_address_postcode ?? null);
  return text === null ? undefined : compact(text);
}

/** The first day of each period of care; of one whose first care episode the SSD does not have, nothing is known. */
function firstDays({ careEpisodes }: Facts): ReadonlyMap<string, PlainDate> {
  const days = new Map<string, PlainDate>();
  for (const { row, start, startReason } of careEpisodes) {
    const { clae_cla_id: period } = row;
    if (period === null || start === null || startReason !== 'S' || days.has(period)) continue;
    days.set(period, start);
  }
  return days;
}

function compact(postcode: string): string {
  return postcode.toUpperCase().replace(/\s/g, '');
}

const sameAsHome = rule({
  code: 'ssda903-392d',
  published: [
    ssda903('392d', 'Home and placement postcodes should not be same unless the placement type is P1.'),
  ],
  columns: ['clap_cla_placement_postcode'],
  meaning:
    'The postcode of the placement is that of the address at which the child lived on the day before the period of care, and the type is not P1.',
  remedy: 'Correct the postcode, or the type of placement.',
  check: (facts) => {
    const days = firstDays(facts);
    return facts.parts.placements
      .filter(({ row, item }) => {
        const first = row.clap_cla_id === null ? undefined : days.get(row.clap_cla_id);
        if (first === undefined || typeof item.postcode !== 'string') return false;
        return (
          typeof item.placement_type === 'string' &&
          item.placement_type !== 'P1' &&
          homeBefore(facts, first) === compact(item.postcode)
        );
      })
      .map(({ row }) => place('clap_cla_placement_postcode', row, 'the postcode of the home before'));
  },
});

export const lookedAfterRules = [
  placementsOverlap,
  endAndReason,
  startsOver18,
  startsOnEnd,
  startsAgain,
  gapBefore,
  afterTheLast,
  adoptedOver18,
  adultCareUnder16,
  guardianshipOver18,
  stayedUnder18,
  notPlacedForAdoption,
  notWithFosterCarers,
  changeWithoutReason,
  changeOfTemporary,
  changeOfOpen,
  custodyUnder10,
  supportedAccommodation,
  custody,
  school,
  employment,
  startsTemporary,
  endsTemporary,
  returnsFromTemporary,
  carersHoliday,
  unspecified,
  sameAsHome,
] as const;
