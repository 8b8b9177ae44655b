import { all, any, isWithin, overlaps, yearsAfter, type Tri, type Window } from './calendar.js';
import type { Row } from './input.js';
import type { Owners } from './owners.js';
import type { TableName } from '../../infra/syntheticSsd/columns.js';
import { cellOf, dateOf, type DateSaid } from './values.js';

/**
 * Whether a child is in the cohort, by the specification: the age gate and at least one of the sets that are on by
 * default. `unknown` where something unreadable decides it.
 */
export function isInCohort(child: string, owners: Owners, window: Window): Tri {
  const persons = owners
    .rows('ssd_person')
    .filter((row) => owners.key('ssd_person', row, 'pers_person_id') === child);
  const answers = persons.map((person) => membership(person, child, owners, window));
  const [first] = answers;
  if (first === undefined) return 'no';
  // Two rows of one person that say different things.
  return answers.every((answer) => answer === first) ? first : 'unknown';
}

function membership(person: Row, child: string, owners: Owners, window: Window): Tri {
  const said = (table: TableName, row: Row, column: string): DateSaid =>
    dateOf(cellOf(row, column), owners.hasColumn(table, column));
  const born = said('ssd_person', person, 'pers_dob');
  const expected = said('ssd_person', person, 'pers_expected_dob');
  const gate = ageGate(born, expected, owners.hasColumn('ssd_person', 'pers_expected_dob'), window);
  if (gate === 'no') return 'no';

  const episodes = owners.rowsOf('ssd_cin_episodes', child).map((row) => ({
    row,
    id: owners.key('ssd_cin_episodes', row, 'cine_referral_id'),
    closed: said('ssd_cin_episodes', row, 'cine_close_date'),
    overlap: overlaps(
      window,
      said('ssd_cin_episodes', row, 'cine_referral_date'),
      said('ssd_cin_episodes', row, 'cine_close_date'),
    ),
  }));
  const assessments = owners.rowsOf('ssd_cin_assessments', child).map((row) => ({
    referral: owners.key('ssd_cin_assessments', row, 'cina_referral_id'),
    started: said('ssd_cin_assessments', row, 'cina_assessment_start_date'),
  }));

  const openWithoutAssessment = episodes.map(({ id, closed }): Tri => {
    if (closed.is === 'date') return 'no';
    const under = assessments.filter(({ referral }) => referral !== undefined && referral === id);
    if (under.some(({ started }) => started.is === 'date')) return 'no';
    const isDoubtful = closed.is === 'unreadable' || under.some(({ started }) => started.is === 'unreadable');
    return isDoubtful || id === undefined ? 'unknown' : 'yes';
  });
  const plans = owners
    .rowsOf('ssd_cin_plans', child)
    .map((row) =>
      overlaps(
        window,
        said('ssd_cin_plans', row, 'cinp_cin_plan_start_date'),
        said('ssd_cin_plans', row, 'cinp_cin_plan_end_date'),
      ),
    );
  const lookedAfter = [
    ...owners.rowsOf('ssd_cla_episodes', child).map((row): Tri => {
      const named = new Set(
        owners
          .referralsOfCareEpisode(row)
          .flatMap((episode) => owners.key('ssd_cin_episodes', episode, 'cine_referral_id') ?? []),
      );
      return any(
        episodes.filter(({ id }) => id !== undefined && named.has(id)).map(({ overlap }) => overlap),
      );
    }),
    ...owners
      .rowsOf('ssd_cla_placement', child)
      .map((row) =>
        overlaps(
          window,
          said('ssd_cla_placement', row, 'clap_cla_placement_start_date'),
          said('ssd_cla_placement', row, 'clap_cla_placement_end_date'),
        ),
      ),
  ];
  const careLeaver = all([
    isOfLeavingAge(born, window),
    any(
      owners
        .rowsOf('ssd_care_leavers', child)
        .map((row) => isWithin(window, said('ssd_care_leavers', row, 'clea_care_leaver_latest_contact'))),
    ),
    any(
      episodes.map(({ closed, overlap }) =>
        all([closed.is === 'none' ? 'yes' : closed.is === 'date' ? 'no' : 'unknown', overlap]),
      ),
    ),
  ]);
  const sets = any([
    ...episodes.map(({ overlap }) => overlap),
    ...openWithoutAssessment,
    ...plans,
    ...lookedAfter,
    careLeaver,
  ]);
  return all([gate, sets]);
}

function ageGate(born: DateSaid, expected: DateSaid, hasExpected: boolean, window: Window): Tri {
  if (born.is === 'unreadable') return 'unknown';
  if (born.is === 'date') {
    return born.date <= window.end && yearsAfter(born.date, 26) > window.start ? 'yes' : 'no';
  }
  // Without the column no one is known by an expected birth.
  return hasExpected ? isWithin(window, expected) : 'no';
}

function isOfLeavingAge(born: DateSaid, window: Window): Tri {
  if (born.is === 'unreadable') return 'unknown';
  if (born.is === 'none') return 'no';
  return yearsAfter(born.date, 16) <= window.end && yearsAfter(born.date, 26) >= window.start ? 'yes' : 'no';
}

/** Whether the birth of a person cannot be read, so that we cannot tell whether the person passes the age gate. */
export function isBirthUnreadable(person: Row, owners: Owners): boolean {
  const born = dateOf(cellOf(person, 'pers_dob'), owners.hasColumn('ssd_person', 'pers_dob'));
  if (born.is !== 'none') return born.is === 'unreadable';
  return (
    owners.hasColumn('ssd_person', 'pers_expected_dob') &&
    dateOf(cellOf(person, 'pers_expected_dob'), true).is === 'unreadable'
  );
}

const decidingSpells: Readonly<Partial<Record<TableName, readonly [start: string, end: string]>>> = {
  ssd_cin_episodes: ['cine_referral_date', 'cine_close_date'],
  ssd_cin_plans: ['cinp_cin_plan_start_date', 'cinp_cin_plan_end_date'],
  ssd_cla_placement: ['clap_cla_placement_start_date', 'clap_cla_placement_end_date'],
};

/**
 * Whether a row would have decided the cohort if its dates could be read. Where only a column is absent, that is named once
 * for all: the row is one of a person who was not sent.
 */
export function isUndecided(table: TableName, row: Row, owners: Owners, window: Window): boolean {
  const said = (column: string) => dateOf(cellOf(row, column), owners.hasColumn(table, column));
  const spell = decidingSpells[table];
  if (spell !== undefined) {
    const [start, end] = spell;
    const isAbsent = spell.some((column) => !owners.hasColumn(table, column));
    const isUnreadable = spell.some(
      (column) => owners.hasColumn(table, column) && said(column).is === 'unreadable',
    );
    if (isAbsent && !isUnreadable) return false;
    return overlaps(window, said(start), said(end)) === 'unknown';
  }
  if (table === 'ssd_care_leavers') return said('clea_care_leaver_latest_contact').is === 'unreadable';
  if (table === 'ssd_cin_assessments') return said('cina_assessment_start_date').is === 'unreadable';
  return false;
}
