import type { Child } from '../payload.js';

/**
 * How a value is treated before it is sent to a test receiver.
 *
 * - `kept`: a code of a national list, a flag or a score; many children share it.
 * - `childId`, `misChildId`, `itemId`, `workerId`: an id drawn in place of the source's, the same everywhere.
 * - `upn`: a pupil number drawn in place of the source's, the same everywhere.
 * - `firstName`, `surname`, `postcode`: an invented one, drawn for this child.
 * - `date`: moved back by the whole weeks of this child.
 * - `birthDate`: the same, or only the month of that.
 */
export type Treatment =
  | 'kept'
  | 'childId'
  | 'misChildId'
  | 'itemId'
  | 'workerId'
  | 'upn'
  | 'firstName'
  | 'surname'
  | 'postcode'
  | 'date'
  | 'birthDate';

/** A treatment for each attribute; that of a list is the treatment of each of its items. */
export interface Treatments {
  readonly [attribute: string]: Treatment | Treatments;
}

/** No attribute of the payload can be forgotten: one without a treatment does not compile. */
type TreatmentsOf<Value> = Value extends readonly (infer Item)[]
  ? TreatmentsOf<Item>
  : Value extends object
    ? { readonly [Attribute in keyof Value]-?: TreatmentsOf<NonNullable<Value[Attribute]>> }
    : Treatment;

const planDates = { start_date: 'date', end_date: 'date', purge: 'kept' } as const;

/**
 * The treatment of every attribute of payload_fields.csv, in its order. What is not listed here is left out.
 */
export const treatments = {
  la_child_id: 'childId',
  mis_child_id: 'misChildId',
  purge: 'kept',
  child_details: {
    unique_pupil_number: 'upn',
    former_unique_pupil_number: 'upn',
    unique_pupil_number_unknown_reason: 'kept',
    first_name: 'firstName',
    surname: 'surname',
    date_of_birth: 'birthDate',
    expected_date_of_birth: 'birthDate',
    sex: 'kept',
    ethnicity: 'kept',
    disabilities: 'kept',
    postcode: 'postcode',
    uasc_flag: 'kept',
    uasc_end_date: 'date',
    purge: 'kept',
  },
  health_and_wellbeing: {
    sdq_assessments: { date: 'date', score: 'kept' },
    purge: 'kept',
  },
  social_care_episodes: {
    social_care_episode_id: 'itemId',
    referral_date: 'date',
    referral_source: 'kept',
    closure_date: 'date',
    closure_reason: 'kept',
    referral_no_further_action_flag: 'kept',
    purge: 'kept',
    care_worker_details: { worker_id: 'workerId', start_date: 'date', end_date: 'date' },
    child_and_family_assessments: {
      child_and_family_assessment_id: 'itemId',
      start_date: 'date',
      authorisation_date: 'date',
      factors: 'kept',
      purge: 'kept',
    },
    child_in_need_plans: { child_in_need_plan_id: 'itemId', ...planDates },
    section_47_assessments: {
      section_47_assessment_id: 'itemId',
      start_date: 'date',
      icpc_required_flag: 'kept',
      icpc_date: 'date',
      end_date: 'date',
      purge: 'kept',
    },
    child_protection_plans: { child_protection_plan_id: 'itemId', ...planDates },
    child_looked_after_placements: {
      child_looked_after_placement_id: 'itemId',
      start_date: 'date',
      start_reason: 'kept',
      postcode: 'postcode',
      placement_type: 'kept',
      end_date: 'date',
      end_reason: 'kept',
      change_reason: 'kept',
      purge: 'kept',
    },
    adoption: { initial_decision_date: 'date', matched_date: 'date', placed_date: 'date', purge: 'kept' },
    care_leavers: { contact_date: 'date', activity: 'kept', accommodation: 'kept', purge: 'kept' },
  },
} as const satisfies TreatmentsOf<Child>;
