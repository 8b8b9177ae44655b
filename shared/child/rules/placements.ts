import { isUnreadable, readable } from '../cells.js';
import type { PlainDate } from '../dates.js';
import { byTexts } from '../ordering.js';
import { isYounger } from './ages.js';
import { daysBetween } from './censusDays.js';
import { sentWithNeighbours, temporary, type CareEpisode } from './careEpisodes.js';
import { isBefore, isEmpty } from './comparing.js';
import type { Facts } from './facts.js';
import { place, rule, ssda903 } from './rule.js';

/** A new placement in the same period of care. */
const placementChanges: ReadonlySet<string | undefined> = new Set(['P', 'B', 'T', 'U']);

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

export const placementRules = [
  placementsOverlap,
  changeWithoutReason,
  changeOfTemporary,
  changeOfOpen,
  custodyUnder10,
  supportedAccommodation,
  custody,
  school,
  employment,
  sameAsHome,
] as const;
