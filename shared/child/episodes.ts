import type { BuildRules } from './buildRules.js';
import { careWorkersOf } from './careWorkers.js';
import { assessmentOf, cinPlanOf, cpPlanOf, section47Of } from './nestedItems.js';
import { classOf } from './findings.js';
import { compareText, groupBy, under } from './ordering.js';
import type { Episode } from './payload.js';
import { withAdoption, withCareLeaver } from './personLevel.js';
import { placementsByReferral } from './placements.js';
import { ValueReader, type Source } from './values.js';
import { isWithin, overlaps } from './window.js';
import type { PersonRows, SsdRow } from '../ssd/tables.js';

/**
 * The episodes of one child: those that overlap the window, and those under which something falls into it, each with
 * what belongs under it (attributes 16 to 44 and 47 to 55), in order of their ids.
 * Source: cohort-and-mapping.md, "What goes in".
 */
export function episodesOf(rows: PersonRows, rules: BuildRules, values: ValueReader): readonly Episode[] {
  const detailsUnder = detailsByReferral(rows, rules, values);
  const known = new Set(rows.ssd_cin_episodes.map((row) => row.cine_referral_id?.trim()));
  detailsUnder.reportOthers(known);
  const episodes = distinct(
    rows.ssd_cin_episodes.map((row) => {
      const details = detailsUnder.referral(row.cine_referral_id);
      const inWindow =
        overlaps(rules.window, row.cine_referral_date, row.cine_close_date) || hasAny(details.inWindow);
      if (!inWindow && row.cine_referral_date === null) {
        const source: Source = { table: 'ssd_cin_episodes', rowId: row.cine_referral_id };
        values.leaveOut('date-missing', source, 'cine_referral_date', classOf(null));
      }
      return inWindow ? episodeOf(row, details, values) : undefined;
    }),
    (episode) => episode.social_care_episode_id,
    duplicateIn('ssd_cin_episodes', 'cine_referral_id', values),
  );
  return withCareLeaver(withAdoption(episodes, rows, rules, values), rows.ssd_care_leavers, values);
}

type Details = ReturnType<ReturnType<typeof detailsByReferral>['referral']>;

function hasAny(details: Details['inWindow']): boolean {
  return Object.values(details).some((items) => items !== undefined);
}

/** Everything that the payload wants under a referral, by referral id. */
function detailsByReferral(rows: PersonRows, rules: BuildRules, values: ValueReader) {
  const assessments = groupBy(rows.ssd_cin_assessments, (row) => row.cina_referral_id);
  const factors = groupBy(rows.ssd_assessment_factors, (row) => row.cinf_assessment_id);
  const cinPlans = groupBy(rows.ssd_cin_plans, (row) => row.cinp_referral_id);
  const section47s = groupBy(rows.ssd_s47_enquiry, (row) => row.s47e_referral_id);
  const conferences = groupBy(rows.ssd_initial_cp_conference, (row) => row.icpc_s47_enquiry_id);
  const cpPlans = groupBy(rows.ssd_cp_plans, (row) => row.cppl_referral_id);
  const involvements = groupBy(rows.ssd_involvements, (row) => row.invo_referral_id);
  const placements = placementsByReferral(rows, rules.window, values);

  const referral = (id: string | null) => ({
    careWorkers: unlessEmpty(careWorkersOf(under(involvements, id), under(cinPlans, id), rules, values)),
    inWindow: {
      assessments: unlessEmpty(
        distinct(
          under(assessments, id).map((row) =>
            assessmentOf(row, under(factors, row.cina_assessment_id), rules, values),
          ),
          (item) => item.child_and_family_assessment_id,
          duplicateIn('ssd_cin_assessments', 'cina_assessment_id', values),
        ),
      ),
      cinPlans: unlessEmpty(
        distinct(
          under(cinPlans, id).map((row) => cinPlanOf(row, rules, values)),
          (item) => item.child_in_need_plan_id,
          duplicateIn('ssd_cin_plans', 'cinp_cin_plan_id', values),
        ),
      ),
      section47s: unlessEmpty(
        distinct(
          under(section47s, id).map((row) =>
            section47Of(row, under(conferences, row.s47e_s47_enquiry_id), rules, values),
          ),
          (item) => item.section_47_assessment_id,
          duplicateIn('ssd_s47_enquiry', 's47e_s47_enquiry_id', values),
        ),
      ),
      cpPlans: unlessEmpty(
        distinct(
          under(cpPlans, id).map((row) => cpPlanOf(row, rules, values)),
          (item) => item.child_protection_plan_id,
          duplicateIn('ssd_cp_plans', 'cppl_cp_plan_id', values),
        ),
      ),
      placements: unlessEmpty(
        distinct(
          under(placements, id),
          (item) => item.child_looked_after_placement_id,
          duplicateIn('ssd_cla_placement', 'clap_cla_placement_id', values),
        ),
      ),
    },
  });

  /** What falls into the window under a referral that the child does not have: it cannot be sent, and is reported. */
  const reportOthers = (known: ReadonlySet<string | undefined>): void => {
    const report = (table: Source['table'], column: string, rowId: string | null) =>
      values.leaveOut('no-episode', { table, rowId }, column, 'a referral that is none of this child');
    const others = <T>(rowsByReferral: ReadonlyMap<string, T[]>) =>
      [...rowsByReferral].filter(([id]) => !known.has(id)).flatMap(([, items]) => items);
    // Read once more on the side, so that nothing is reported twice: what is out of the window needs no report.
    const aside = new ValueReader(rules.codes, rules.valueMaps);
    const concerns = (item: unknown, before: number) => item !== undefined || aside.findings.length > before;
    const check = <Row>(
      rowsWithout: readonly Row[],
      item: (row: Row) => unknown,
      table: Source['table'],
      column: string,
      idOf: (row: Row) => string | null,
    ) => {
      for (const row of rowsWithout) {
        const before = aside.findings.length;
        if (concerns(item(row), before)) report(table, column, idOf(row));
      }
    };
    check(
      [...others(assessments), ...rows.ssd_cin_assessments.filter((row) => row.cina_referral_id === null)],
      (row) => assessmentOf(row, [], rules, aside),
      'ssd_cin_assessments',
      'cina_referral_id',
      (row) => row.cina_assessment_id,
    );
    check(
      [...others(cinPlans), ...rows.ssd_cin_plans.filter((row) => row.cinp_referral_id === null)],
      (row) => cinPlanOf(row, rules, aside),
      'ssd_cin_plans',
      'cinp_referral_id',
      (row) => row.cinp_cin_plan_id,
    );
    check(
      [...others(section47s), ...rows.ssd_s47_enquiry.filter((row) => row.s47e_referral_id === null)],
      (row) => section47Of(row, under(conferences, row.s47e_s47_enquiry_id), rules, aside),
      'ssd_s47_enquiry',
      's47e_referral_id',
      (row) => row.s47e_s47_enquiry_id,
    );
    check(
      [...others(cpPlans), ...rows.ssd_cp_plans.filter((row) => row.cppl_referral_id === null)],
      (row) => cpPlanOf(row, rules, aside),
      'ssd_cp_plans',
      'cppl_referral_id',
      (row) => row.cppl_cp_plan_id,
    );
    const enquiries = new Set(rows.ssd_s47_enquiry.map((row) => row.s47e_s47_enquiry_id?.trim()));
    for (const row of rows.ssd_initial_cp_conference) {
      const { icpc_icpc_id: rowId, icpc_s47_enquiry_id: enquiry, icpc_icpc_date: date } = row;
      if (enquiries.has(enquiry?.trim()) || !isWithin(rules.window, date)) continue;
      const source: Source = { table: 'ssd_initial_cp_conference', rowId };
      values.leaveOut('no-enquiry', source, 'icpc_s47_enquiry_id', classOf(enquiry));
    }
    for (const placement of others(placements)) {
      report('ssd_cla_placement', 'clap_cla_id', placement.child_looked_after_placement_id);
    }
  };
  return { referral, reportOthers };
}

/** An array that holds nothing is left out of the payload. */
function unlessEmpty<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function duplicateIn(table: Source['table'], column: string, values: ValueReader) {
  return (rowId: string): undefined =>
    values.leaveOut('duplicate-id', { table, rowId }, column, 'an id that another row has, too');
}

/**
 * Sorted by id. Of several with one id the last in the order of their JSON text stays, so that the choice does not
 * depend on row order; rows that say the same are one item and no duplicate.
 */
function distinct<T>(
  items: readonly (T | undefined)[],
  idOf: (item: T) => string,
  onDuplicate: (id: string) => void,
): T[] {
  const sorted = items
    .filter((item) => item !== undefined)
    .map((item) => ({ item, id: idOf(item), json: JSON.stringify(item) }))
    .sort((a, b) => compareText(a.id, b.id) || compareText(a.json, b.json));
  return sorted
    .filter(({ id, json }, index) => {
      const next = sorted[index + 1];
      if (next?.id !== id) return true;
      if (next.json !== json) onDuplicate(id);
      return false;
    })
    .map(({ item }) => item);
}

function episodeOf(
  row: SsdRow<'ssd_cin_episodes'>,
  { careWorkers, inWindow }: Details,
  values: ValueReader,
): Episode | undefined {
  const source: Source = { table: 'ssd_cin_episodes', rowId: row.cine_referral_id };
  const id = values.itemId(row.cine_referral_id, source, 'cine_referral_id');
  if (id === undefined) return undefined;
  return {
    social_care_episode_id: id,
    referral_date: row.cine_referral_date ?? undefined,
    referral_source: values.codeOfEither(
      'referralSource',
      // SystemC keeps an internal number in the code column and the national code in front of the description.
      [row.cine_referral_source_desc, row.cine_referral_source_code],
      source,
      'cine_referral_source_code',
    ),
    closure_date: row.cine_close_date ?? undefined,
    closure_reason: values.code('closureReason', row.cine_close_reason, source, 'cine_close_reason'),
    referral_no_further_action_flag: values.flag(row.cine_referral_nfa, source, 'cine_referral_nfa'),
    purge: false,
    care_worker_details: careWorkers,
    child_and_family_assessments: inWindow.assessments,
    child_in_need_plans: inWindow.cinPlans,
    section_47_assessments: inWindow.section47s,
    child_protection_plans: inWindow.cpPlans,
    child_looked_after_placements: inWindow.placements,
  };
}
