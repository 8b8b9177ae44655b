import type { DateCell } from '../cells.js';
import { within } from '../inTime.js';
import { groupBy, under } from '../ordering.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { assessmentOf, reportFactors } from './assessments.js';
import type { Building } from './building.js';
import { NestedItems } from './nestedItems.js';
import { ownPlacementIds } from './placementIds.js';
import { placementReader, reportCareEpisodes } from './placements.js';
import { cinPlanOf, cpPlanOf } from './plans.js';
import { reportConferences, section47Of } from './section47.js';

export type ItemsUnderEpisodes = ReturnType<typeof itemsUnderEpisodes>;

/** Every item of the child that lies in the window. */
export function itemsUnderEpisodes(rows: PersonRows, building: Building) {
  const { values } = building;
  const factors = groupBy(rows.ssd_assessment_factors, (row) => row.cinf_assessment_id);
  const conferences = groupBy(rows.ssd_initial_cp_conference, (row) => row.icpc_s47_enquiry_id);
  const placement = placementReader(rows, ownPlacementIds(rows, building.rules), building);
  const factorsOf = (row: SsdRow<'ssd_cin_assessments'>) => under(factors, row.cina_assessment_id);
  const conferencesOf = (row: SsdRow<'ssd_s47_enquiry'>) => under(conferences, row.s47e_s47_enquiry_id);

  const hasStrayConferences = reportStrayConferences(rows, building);
  const assessments = new NestedItems(
    {
      list: 'child_and_family_assessments',
      referralColumn: 'cina_referral_id',
      idOf: (row) => row.cina_assessment_id,
      referralOf: (row) => row.cina_referral_id,
      read: (row) => assessmentOf(row, factorsOf(row), building),
      reportBelow: (row) => {
        reportFactors(factorsOf(row), values);
      },
    },
    rows.ssd_cin_assessments,
    building,
  );
  const cinPlans = new NestedItems(
    {
      list: 'child_in_need_plans',
      referralColumn: 'cinp_referral_id',
      idOf: (row) => row.cinp_cin_plan_id,
      referralOf: (row) => row.cinp_referral_id,
      read: (row) => cinPlanOf(row, building),
    },
    rows.ssd_cin_plans,
    building,
  );
  const section47s = new NestedItems(
    {
      list: 'section_47_assessments',
      referralColumn: 's47e_referral_id',
      idOf: (row) => row.s47e_s47_enquiry_id,
      referralOf: (row) => row.s47e_referral_id,
      read: (row) => section47Of(row, conferencesOf(row), hasStrayConferences, building),
      reportBelow: (row) => {
        reportConferences(conferencesOf(row), values);
      },
    },
    rows.ssd_s47_enquiry,
    building,
  );
  const cpPlans = new NestedItems(
    {
      list: 'child_protection_plans',
      referralColumn: 'cppl_referral_id',
      idOf: (row) => row.cppl_cp_plan_id,
      referralOf: (row) => row.cppl_referral_id,
      read: (row) => cpPlanOf(row, building),
    },
    rows.ssd_cp_plans,
    building,
  );
  const placements = new NestedItems(
    {
      list: 'child_looked_after_placements',
      referralColumn: 'clap_cla_id',
      ...placement,
    },
    rows.ssd_cla_placement,
    building,
  );
  reportCareEpisodes(rows, building);
  reportFactorsWithoutAssessment(rows, building);
  return {
    assessments,
    cinPlans,
    section47s,
    cpPlans,
    placements,
    conferencesOf,
    all: [assessments, cinPlans, section47s, cpPlans, placements] as const,
    /** The referrals with an enquiry that a conference without an enquiry may bring into the window. */
    mayHaveConference: new Set(
      hasStrayConferences ? rows.ssd_s47_enquiry.map((row) => row.s47e_referral_id) : [],
    ),
  };
}

/** Conferences of an enquiry that the child does not have: their date has no place. @returns whether there are any */
function reportStrayConferences(rows: PersonRows, { rules, values }: Building): boolean {
  let found = false;
  const enquiries = new Set(rows.ssd_s47_enquiry.map((row) => row.s47e_s47_enquiry_id));
  for (const row of rows.ssd_initial_cp_conference) {
    const { icpc_s47_enquiry_id: enquiry } = row;
    if (enquiry !== null && enquiries.has(enquiry)) continue;
    if (isKnownOutside(within(rules.window, row.icpc_icpc_date), row.icpc_icpc_date)) {
      values.outOfScope('ssd_initial_cp_conference', 'outsideWindow', row);
      continue;
    }
    const source = values.places.of('ssd_initial_cp_conference', row);
    const named = enquiry === null ? 'no enquiry' : 'an enquiry that is none of this child';
    values.leaveOut('no-enquiry', source, 'icpc_s47_enquiry_id', named);
    found = true;
  }
  return found;
}

function isKnownOutside(answer: string, date: DateCell): boolean {
  return answer === 'no' && date !== null;
}

/** Factors of an assessment that the child does not have: the reader found it by another way than its id. */
function reportFactorsWithoutAssessment(rows: PersonRows, { values }: Building): void {
  const assessments = new Set(rows.ssd_cin_assessments.map((row) => row.cina_assessment_id));
  for (const row of rows.ssd_assessment_factors) {
    const { cinf_assessment_id: assessment } = row;
    if (assessment !== null && assessments.has(assessment)) continue;
    const source = values.places.of('ssd_assessment_factors', row);
    values.leaveOut(
      'no-assessment',
      source,
      'cinf_assessment_id',
      'an assessment that is none of this child',
    );
  }
}
