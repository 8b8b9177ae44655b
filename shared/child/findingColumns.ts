import { findingRules, isFindingRule, type FindingRule } from './findingRules.js';
import { recordBy } from './recordOf.js';
import { allRules } from './rules/catalogue.js';
import { columnsOfKind, isSsdTable, rowIdOf, tableOf, type SsdColumn } from './sourceRows.js';

const child: readonly SsdColumn[] = ['pers_person_id'];
const dates = columnsOfKind('date');
const values = [...columnsOfKind('text'), ...dates];
const ofPerson = values.filter((column) => column.startsWith('pers_'));
const personKeys = columnsOfKind('id').filter(
  (column) => column.endsWith('_person_id') && column !== 'pers_person_id',
);

/** The ids of rows: what a finding names where the table has neither a person nor a parent. */
const rowIds = columnsOfKind('id').filter((column) => {
  const table = tableOf(column);
  return isSsdTable(table) && table !== 'ssd_person' && rowIdOf(table) === column;
});

/** The ids under which episodes and the items below them are sent. */
const itemIds: readonly SsdColumn[] = [
  'cine_referral_id',
  'cina_assessment_id',
  'cinp_cin_plan_id',
  's47e_s47_enquiry_id',
  'cppl_cp_plan_id',
  'clap_cla_placement_id',
];

/** What leads from an item to the record it belongs to. */
const itemParents: readonly SsdColumn[] = [
  'cina_referral_id',
  'cinp_referral_id',
  's47e_referral_id',
  'cppl_referral_id',
  'clap_cla_id',
  'invo_referral_id',
];
const parentKeys: readonly SsdColumn[] = [
  ...itemParents,
  'cinf_assessment_id',
  'cinf_table_id',
  'icpc_s47_enquiry_id',
  'icpc_referral_id',
  'clae_referral_id',
  'perm_cla_id',
];

const coded: readonly SsdColumn[] = [
  'pers_upn_unknown',
  'pers_sex',
  'pers_ethnicity',
  'disa_disability_code',
  'cine_referral_source_code',
  'cine_close_reason',
  'cinf_assessment_factors_json',
  'clae_cla_episode_start_reason',
  'clae_cla_episode_ceased_reason',
  'clap_cla_placement_type',
  'clap_cla_placement_change_reason',
  'clea_care_leaver_activity',
  'clea_care_leaver_accommodation',
];

/** The starts of what is sent when it overlaps the window. */
const starts: readonly SsdColumn[] = [
  'cine_referral_date',
  'cinp_cin_plan_start_date',
  's47e_s47_start_date',
  'cppl_cp_plan_start_date',
  'clap_cla_placement_start_date',
];

/**
 * The columns that a finding of each rule can name. The pages in `docs/reference/` list the findings of an attribute by
 * it. The tests fail where a finding names another column.
 */
export const findingColumns: Readonly<Record<FindingRule, readonly SsdColumn[]>> = {
  'child-id': child,
  'child-id-twice': child,
  'payload-unfit': child,
  'payload-too-large': child,
  'in-cohort-not-listed': child,
  'listed-not-in-cohort': child,
  'cohort-unclear': child,
  'item-id': [...itemIds, 'pers_legacy_id', 'prof_social_worker_registration_no', 'invo_professional_id'],
  'duplicate-id': [...itemIds, ...ofPerson, 'prof_social_worker_registration_no'],
  'no-episode': [...itemParents, 'perm_person_id', 'clea_person_id'],
  'no-person': [...new Set([...personKeys, ...parentKeys, ...rowIds])],
  'belongs-to-two': [...personKeys, ...parentKeys],
  'parent-left-out': [
    ...itemParents,
    'cinf_assessment_id',
    'icpc_s47_enquiry_id',
    'perm_cla_id',
    'clea_person_id',
  ],
  'date-missing': [
    ...starts,
    'cine_close_date',
    'cina_assessment_start_date',
    'csdq_sdq_completed_date',
    'icpc_icpc_date',
    'invo_involvement_start_date',
  ],
  'date-in-future': [...starts, 'cina_assessment_start_date'],
  'end-before-start': [
    'addr_address_end_date',
    'immi_immigration_status_end_date',
    'cine_close_date',
    'cinp_cin_plan_end_date',
    's47e_s47_end_date',
    'cppl_cp_plan_end_date',
    'clap_cla_placement_end_date',
    'invo_involvement_end_date',
  ],
  'worker-unregistered': ['invo_professional_id'],
  'code-unknown': coded,
  'code-retired': coded,
  'code-retired-since': coded,
  'codes-contradict': [...coded, 'pers_upn'],
  placeholder: [...values, 'invo_professional_id'],
  'value-unreadable': values,
  'column-absent': [...columnsOfKind('id'), ...values],
  'text-too-long': ['pers_forename', 'pers_surname'],
  'text-broken': ['pers_forename', 'pers_surname'],
  'upn-shape': ['pers_upn', 'link_identifier_value'],
  'upn-and-reason': ['pers_upn_unknown'],
  'no-enquiry': ['icpc_s47_enquiry_id'],
  'postcode-shape': ['addr_address_postcode', 'clap_cla_placement_postcode'],
  'flag-unknown': ['cine_referral_nfa', 's47e_s47_outcome_json'],
  'sdq-score': ['csdq_sdq_score'],
  'factors-unreadable': ['cinf_assessment_factors_json'],
  'factors-too-many': ['cinf_assessment_factors_json'],
  'disabilities-too-many': ['disa_disability_code'],
  'outcome-unreadable': ['s47e_s47_outcome_json'],
  'no-assessment': ['cinf_assessment_id'],
  'no-placement': ['clae_cla_placement_id'],
  'second-adoption': ['perm_cla_id'],
  'status-unclear': ['immi_immigration_status'],
  ...recordBy(
    allRules,
    ({ code }) => code,
    ({ columns }) => columns,
  ),
};

/** The rules of the findings that can name a column. */
export function rulesOn(column: SsdColumn): readonly FindingRule[] {
  return Object.keys(findingRules)
    .filter(isFindingRule)
    .filter((rule) => findingColumns[rule].includes(column));
}
