import { readable } from '../cells.js';
import { daysBetween } from './censusDays.js';
import { sentWithNeighbours, temporary, type CareEpisode } from './careEpisodes.js';
import type { Facts } from './facts.js';
import { place, rule, ssda903 } from './rule.js';

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

export const temporaryPlacementRules = [
  startsTemporary,
  endsTemporary,
  returnsFromTemporary,
  carersHoliday,
  unspecified,
] as const;
