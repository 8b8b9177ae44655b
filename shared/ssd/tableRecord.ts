import type { SsdDetailTable } from '../child/sourceRows.js';

/** Something for each table that hangs on a person. */
export type TableRecord<Value> = Readonly<Record<SsdDetailTable, Value>>;

export function tableRecord<Value>(of: (table: SsdDetailTable) => Value): TableRecord<Value> {
  return {
    ssd_address: of('ssd_address'),
    ssd_disability: of('ssd_disability'),
    ssd_immigration_status: of('ssd_immigration_status'),
    ssd_linked_identifiers: of('ssd_linked_identifiers'),
    ssd_sdq_scores: of('ssd_sdq_scores'),
    ssd_cin_episodes: of('ssd_cin_episodes'),
    ssd_cin_assessments: of('ssd_cin_assessments'),
    ssd_assessment_factors: of('ssd_assessment_factors'),
    ssd_cin_plans: of('ssd_cin_plans'),
    ssd_s47_enquiry: of('ssd_s47_enquiry'),
    ssd_initial_cp_conference: of('ssd_initial_cp_conference'),
    ssd_cp_plans: of('ssd_cp_plans'),
    ssd_cla_episodes: of('ssd_cla_episodes'),
    ssd_cla_placement: of('ssd_cla_placement'),
    ssd_permanence: of('ssd_permanence'),
    ssd_care_leavers: of('ssd_care_leavers'),
    ssd_involvements: of('ssd_involvements'),
  };
}
