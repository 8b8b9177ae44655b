import type { PlainDate } from '../../../../shared/child/dates.js';
import type { PersonRows } from '../../../../shared/child/sourceRows.js';
import {
  aCinPlan,
  aConference,
  aCpPlan,
  aDisability,
  anAssessment,
  anEpisode,
  aSection47,
  someFactors,
} from '../../aPerson.js';
import { soundly } from '../aSoundPerson.js';
import type { PublishedChild, PublishedItem, PublishedReferral } from './examples.js';

const longAgo = '2010-04-01';

/** The rows of a child. What an example does not say is sound: a plan of which only the end is said began long ago. */
export function rowsOf(child: PublishedChild, on: PlainDate): PersonRows {
  const { cinPlans = [], cpPlans = [], disabilities = [] } = child;
  return soundly({
    person: personOf(child),
    ssd_disability: disabilities.map((code, index) =>
      aDisability({ disa_table_id: numbered('DI', index), disa_disability_code: code }),
    ),
    ssd_cin_episodes: referralsOf(child).map(episodeOf),
    ...assessmentsOf(child, on),
    ssd_cin_plans: cinPlans.map((one, index) =>
      aCinPlan({
        cinp_cin_plan_id: numbered('N', index),
        cinp_referral_id: referralOf(one),
        cinp_cin_plan_start_date: startOf(one, on),
        cinp_cin_plan_end_date: one.end ?? null,
      }),
    ),
    ssd_cp_plans: cpPlans.map((one, index) =>
      aCpPlan({
        cppl_cp_plan_id: numbered('P', index),
        cppl_referral_id: referralOf(one),
        cppl_cp_plan_start_date: startOf(one, on),
        cppl_cp_plan_end_date: one.end ?? null,
      }),
    ),
    ...enquiriesOf(child, on),
  });
}

function assessmentsOf({ assessments = [] }: PublishedChild, on: PlainDate) {
  return {
    ssd_cin_assessments: assessments.map((one, index) =>
      anAssessment({
        cina_assessment_id: numbered('A', index),
        cina_referral_id: referralOf(one),
        cina_assessment_start_date: one.start ?? one.end ?? on,
        cina_assessment_auth_date: one.end ?? null,
      }),
    ),
    ssd_assessment_factors: assessments.flatMap(({ factors }, index) =>
      factors === undefined
        ? []
        : someFactors({
            cinf_table_id: numbered('F', index),
            cinf_assessment_id: numbered('A', index),
            cinf_assessment_factors_json: JSON.stringify(factors),
          }),
    ),
  };
}

function enquiriesOf({ enquiries = [], referrals = [] }: PublishedChild, on: PlainDate) {
  const ofEnquiries = enquiries.flatMap((one, index) =>
    one.met === undefined
      ? []
      : aConference({
          icpc_icpc_id: numbered('C', index),
          icpc_s47_enquiry_id: numbered('S', index),
          icpc_referral_id: referralOf(one),
          icpc_icpc_date: one.met,
        }),
  );
  const ofReferrals = referrals.flatMap(({ id = 'R1', met }, index) =>
    met === undefined
      ? []
      : aConference({
          icpc_icpc_id: numbered('CR', index),
          icpc_s47_enquiry_id: null,
          icpc_referral_id: id,
          icpc_icpc_date: met,
        }),
  );
  return {
    ssd_s47_enquiry: enquiries.map((one, index) =>
      aSection47({
        s47e_s47_enquiry_id: numbered('S', index),
        s47e_referral_id: referralOf(one),
        s47e_s47_start_date: one.start ?? one.met ?? on,
        s47e_s47_outcome_json: outcomeOf(one.notRequired),
      }),
    ),
    ssd_initial_cp_conference: [...ofEnquiries, ...ofReferrals],
  };
}

function numbered(prefix: string, index: number): string {
  return `${prefix}${String(index + 1)}`;
}

function startOf({ start, end }: PublishedItem, on: PlainDate): PlainDate {
  return start ?? (end === undefined ? on : longAgo);
}

function referralOf({ of = 'R1' }: PublishedItem): string {
  return of;
}

/** Those of the example, and an open one of long ago for what is under none of them. */
function referralsOf(child: PublishedChild): readonly PublishedReferral[] {
  const { referrals = [], assessments = [], cinPlans = [], cpPlans = [], enquiries = [] } = child;
  const known = new Set(referrals.map(({ id = 'R1' }) => id));
  const named = [...assessments, ...cinPlans, ...cpPlans, ...enquiries].map(referralOf);
  const others = new Set(named.filter((id) => !known.has(id)));
  return [...referrals, ...[...others].map((id) => ({ id }))];
}

function episodeOf(one: PublishedReferral, index: number) {
  return anEpisode({
    cine_referral_id: one.id ?? numbered('R', index),
    cine_referral_date: one.date ?? longAgo,
    cine_close_date: one.closed ?? null,
    cine_close_reason: one.reason ?? null,
    cine_referral_nfa: one.nfa === undefined ? 'N' : one.nfa,
    cine_referral_source_code: one.source === undefined ? '1A' : one.source,
  });
}

function personOf({ person = {} }: PublishedChild): Partial<PersonRows['person']> {
  const { born, expected, sex, upn, noUpn } = person;
  return {
    ...((born !== undefined || expected !== undefined) && { pers_dob: born ?? null }),
    ...(expected !== undefined && { pers_expected_dob: expected }),
    ...(sex !== undefined && { pers_sex: sex }),
    ...(upn !== undefined && { pers_upn: upn }),
    ...(noUpn !== undefined && { pers_upn_unknown: noUpn }),
  };
}

function outcomeOf(notRequired: boolean | undefined): string | null {
  if (notRequired === undefined) return null;
  return JSON.stringify({ CP_CONFERENCE_FLAG: notRequired ? 'N' : 'Y' });
}
