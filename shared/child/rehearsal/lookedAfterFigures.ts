import type { Child, Placement } from '../payload.js';
import { episodesOf } from './cinFigures.js';
import type { Figure, Stretch } from './figure.js';

const census = 'SSDA903';
const onTheDay = 'on the day';
const inTheYear = 'in the year to the day';

/** The start reason of a placement that begins a period of care. */
export const startsCare = 'S';
/** The end reason of a placement after which the period of care goes on. */
export const careGoesOn = 'X1';
/** The end reasons of a period of care that adoption ends. */
export const adopted: readonly string[] = ['E11', 'E12'];

const shortBreaks =
  'The legal status is not sent, so children in a series of short breaks (V3 and V4) are counted; the statistics leave them out.';

const ofPlacements = {
  categories: ['placements'],
  tables: ['ssd_cla_placement', 'ssd_cla_episodes'],
  since: 'placementsStart',
} as const;

/** What the SSDA903 return about children looked after would show. */
export const lookedAfterFigures = [
  {
    code: 'looked-after',
    title: 'Children looked after',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted:
      'Children with a placement that has started and has not ended by the end of the day. A child counts once.',
    differs: `${shortBreaks} A child between two placements, or missing with no placement open, is not counted.`,
    ...ofPlacements,
    stretches: placementsOf,
  },
  {
    code: 'looked-after-started',
    title: 'Children who started to be looked after',
    census,
    kind: inTheYear,
    unit: 'children',
    takes: 'first',
    counted:
      'Children with a placement that started in the year with the reason S. A child counts once, at the first one in the year.',
    differs: `${shortBreaks} A placement whose start reason was left out is not counted.`,
    ...ofPlacements,
    dates: (child) =>
      placementsOf(child)
        .filter(({ start_reason: reason }) => reason === startsCare)
        .map(({ start_date: date }) => date),
  },
  {
    code: 'looked-after-ceased',
    title: 'Children who ceased to be looked after',
    census,
    kind: inTheYear,
    unit: 'children',
    takes: 'last',
    counted:
      'Children with a placement that ended in the year with a reason other than X1. A child counts once, at the last one in the year.',
    differs: `${shortBreaks} A placement whose end reason is empty or was left out is not counted.`,
    ...ofPlacements,
    dates: (child) => ceasedOf(child).map(({ end_date: date }) => date),
  },
  {
    code: 'looked-after-adopted',
    title: 'Children adopted from care',
    census,
    kind: inTheYear,
    unit: 'children',
    takes: 'last',
    counted: 'Children with a placement that ended in the year with the reason E11 or E12.',
    differs:
      'Your council may close the old record of an adopted child and open one under another id. A child whose old record is no longer in the SSD is not counted.',
    ...ofPlacements,
    dates: (child) =>
      ceasedOf(child)
        .filter(({ end_reason: reason }) => reason !== undefined && adopted.includes(reason))
        .map(({ end_date: date }) => date),
  },
  {
    code: 'placements',
    title: 'Placements open',
    census,
    kind: onTheDay,
    unit: 'placements',
    takes: 'each',
    counted: 'Placements that have started and have not ended by the end of the day.',
    differs:
      'More than the number of children looked after: a child has two placements open at once, and one should be ended, or one is respite. The return has one episode a child at a time.',
    ...ofPlacements,
    stretches: placementsOf,
  },
  {
    code: 'placements-started',
    title: 'Placements started',
    census,
    kind: inTheYear,
    unit: 'placements',
    takes: 'each',
    counted: 'Placements by the date on which they started. A child may count more than once.',
    differs:
      'The return has episodes: a change of legal status begins one there, and not here. Respite and temporary placements are counted if the SSD has them as placements.',
    ...ofPlacements,
    dates: (child) => placementsOf(child).map(({ start_date: date }) => date),
  },
  {
    code: 'unaccompanied',
    title: 'Unaccompanied asylum-seeking children looked after',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted:
      'Children looked after on the day who are flagged as unaccompanied asylum-seeking, and whose status has not ended by the end of the day.',
    differs:
      'The flag says what is so now. A child whose status began or was corrected after the day counts as it is flagged now.',
    categories: ['placements', 'uasc'],
    tables: [...ofPlacements.tables, 'ssd_immigration_status'],
    since: 'placementsStart',
    stretches: unaccompaniedStretchesOf,
  },
  {
    code: 'adoption-decisions',
    title: 'Decisions that a child should be placed for adoption',
    census,
    kind: inTheYear,
    unit: 'decisions',
    takes: 'each',
    counted: 'Adoption records by the date of the initial decision.',
    differs:
      'One adoption record is sent for a referral, so an earlier decision about the same child may be missing. A decision that was reversed is counted.',
    categories: ['adoption'],
    tables: ['ssd_permanence'],
    since: 'start',
    dates: (child) => adoptionsOf(child).map(({ initial_decision_date: date }) => date),
  },
  {
    code: 'adoption-placements',
    title: 'Children placed for adoption',
    census,
    kind: inTheYear,
    unit: 'children',
    takes: 'last',
    counted:
      'Children with an adoption record whose date of placement is in the year. A child counts once, at the last one in the year.',
    differs:
      'The return shows a child as placed for adoption by its placement (A3 to A6); the date of the adoption record counts here.',
    categories: ['adoption'],
    tables: ['ssd_permanence'],
    since: 'start',
    dates: (child) => adoptionsOf(child).map(({ placed_date: date }) => date),
  },
  {
    code: 'care-leavers',
    title: 'Care leavers',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted:
      'Young people with a care leaver record whose latest contact is on or before the day, or has no date.',
    differs:
      'The return has the young people whose 17th to 21st birthday is in the year, each around that birthday; here everyone with a record counts. Only the latest contact is sent, so on an earlier day those who were contacted again since are missing.',
    categories: ['careLeavers'],
    tables: ['ssd_care_leavers'],
    since: 'start',
    stretches: (child) =>
      episodesOf(child).flatMap(({ care_leavers: leaver }) =>
        leaver === undefined ? [] : [{ start_date: leaver.contact_date ?? longAgo }],
      ),
  },
] as const satisfies readonly Figure[];

/** For a record that counts on every day. */
const longAgo = '0001-01-01';

function placementsOf(child: Child): readonly Placement[] {
  return episodesOf(child).flatMap(({ child_looked_after_placements: placements = [] }) => placements);
}

/** The placements that ended a period of care. */
function ceasedOf(child: Child): readonly Placement[] {
  return placementsOf(child).filter(
    ({ end_reason: reason }) => reason !== undefined && reason !== careGoesOn,
  );
}

function adoptionsOf(child: Child) {
  return episodesOf(child).flatMap(({ adoption }) => adoption ?? []);
}

/** The placements until the status as unaccompanied ends. */
function unaccompaniedStretchesOf(child: Child): readonly Stretch[] {
  const { uasc_flag: flag, uasc_end_date: end } = child.child_details;
  if (flag !== true) return [];
  return placementsOf(child).map(({ start_date, end_date }) => ({
    start_date,
    end_date: [end_date, end].filter((date) => date !== undefined).sort()[0],
  }));
}
