import { readable } from '../cells.js';
import type { PlainDate } from '../dates.js';
import type { SsdRow } from '../sourceRows.js';
import { adopted, forAdoption, type CareEpisode } from './careEpisodes.js';
import { isBefore } from './comparing.js';
import type { Facts } from './facts.js';
import { place, rule, ssda903 } from './rule.js';


type Adoption = SsdRow<'ssd_permanence'>;

/**
 * The care episodes of the period of care of an adoption; those of the child where the adoption names no period. Without
 * those that began in the placement of another adoption: one that did not last, before this one.
 */
function careOf({ careEpisodes, rows }: Facts, adoption: Adoption): readonly CareEpisode[] {
  const others = rows.ssd_permanence.filter((other) => other !== adoption);
  return careEpisodes.filter((one) => {
    if (!one.isSent || !isOfPeriod(one, adoption)) return false;
    return (
      hadPlaced(adoption, one.start) ||
      !others.some((other) => isOfPeriod(one, other) && hadPlaced(other, one.start))
    );
  });
}

function isOfPeriod({ row }: CareEpisode, { perm_cla_id: period }: Adoption): boolean {
  return period === null || row.clae_cla_id === period;
}

/** Whether a child had been placed for an adoption by a day. */
function hadPlaced({ perm_placed_for_adoption_date: placed }: Adoption, day: PlainDate | null): boolean {
  const from = readable(placed);
  return from !== null && day !== null && from <= day;
}

const matchedAfterPlaced = rule({
  code: 'ssda903-331',
  published: [
    ssda903(
      '331',
      'Date of matching child and adopter(s) should be the same as, or prior to, the date of placement of adoption.',
    ),
  ],
  columns: ['perm_matched_date'],
  meaning:
    'The child was matched with adopters after being placed for adoption, or after the start of the care episode that ended with adoption (E11, E12).',
  remedy: 'Correct one of the dates.',
  check: (facts) =>
    facts.parts.adoptions
      .filter(
        ({ row }) =>
          isBefore(row.perm_placed_for_adoption_date, row.perm_matched_date) ||
          careOf(facts, row).some(
            ({ start, endReason }) => adopted.has(endReason) && isBefore(start, row.perm_matched_date),
          ),
      )
      .map(({ row }) => place('perm_matched_date', row, 'a date after the placement')),
});

const decidedAfterMatch = rule({
  code: 'ssda903-333',
  published: [
    ssda903(
      '333',
      'Date should be placed for adoption must be on or prior to the date of matching child with adopter(s).',
    ),
  ],
  columns: ['perm_adm_decision_date'],
  meaning:
    'The child was matched with adopters without a decision to place the child for adoption, or before it.',
  remedy: 'Enter the day of the decision, or correct one of the dates.',
  check: ({ parts: { adoptions } }) =>
    adoptions.flatMap(({ row }) => {
      const { perm_adm_decision_date: decided, perm_matched_date: matched } = row;
      if (readable(matched) === null) return [];
      if (decided === null) return [place('perm_adm_decision_date', row, 'nothing, beside a match')];
      return isBefore(matched, decided)
        ? [place('perm_adm_decision_date', row, 'a date after the match')]
        : [];
    }),
});

const decidedAfterPlaced = rule({
  code: 'ssda903-521',
  published: [
    ssda903(
      '521',
      "Date of local authority's decision (LA) that adoption is in the best interests of the child (date should be placed) must be on or prior to the date the child is placed for adoption.",
    ),
  ],
  columns: ['perm_adm_decision_date'],
  meaning: 'The decision to place the child for adoption is after the child was placed (A3 to A6).',
  remedy: 'Correct the day of the decision, or that of the placement.',
  check: (facts) =>
    facts.parts.adoptions
      .filter(
        ({ row }) =>
          isBefore(row.perm_placed_for_adoption_date, row.perm_adm_decision_date) ||
          careOf(facts, row).some(
            ({ start, type }) => forAdoption.has(type) && isBefore(start, row.perm_adm_decision_date),
          ),
      )
      .map(({ row }) => place('perm_adm_decision_date', row, 'a date after the placement')),
});

export const adoptionRules = [matchedAfterPlaced, decidedAfterMatch, decidedAfterPlaced] as const;
