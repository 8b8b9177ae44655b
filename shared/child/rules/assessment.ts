import { readable } from '../cells.js';
import { allButLast, beginningWithin, isBefore, isThere } from './comparing.js';
import type { Referral } from './facts.js';
import { cin, place, rule } from './rule.js';

type Assessment = Referral['assessments'][number];

const isUnfinished = ({ row }: Assessment) => row.cina_assessment_auth_date === null;

/** The factors that are sent, or `undefined` where what DfE holds is repeated, or none are shared. */
function factorsOf({ item }: Assessment): readonly string[] | undefined {
  return Array.isArray(item.factors) ? item.factors : undefined;
}

const beforeReferral = rule({
  code: 'cin-1103',
  published: [cin('1103', 'The assessment start date cannot be before the referral date')],
  columns: ['cina_assessment_start_date'],
  meaning: 'The assessment starts before the referral that it belongs to.',
  remedy: 'Correct one of the dates, or link the assessment to the referral that led to it.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: referral, assessments }) =>
      assessments
        .filter(({ row }) => isBefore(row.cina_assessment_start_date, referral.cine_referral_date))
        .map(({ row }) => place('cina_assessment_start_date', row, 'a date before the referral')),
    ),
});

const authorisationBeforeStart = rule({
  code: 'authorisation-before-start',
  published: [cin('8608', 'Assessment Start Date cannot be later than its End Date')],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The assessment is authorised before it starts.',
  remedy: 'Correct the start or the authorisation date.',
  check: ({ parts: { assessments } }) =>
    assessments
      .filter(({ row }) => isBefore(row.cina_assessment_auth_date, row.cina_assessment_start_date))
      .map(({ row }) => place('cina_assessment_auth_date', row, 'a date before the start')),
});

const unfinishedAtClosure = rule({
  code: 'cin-8867',
  published: [cin('8867', 'CIN episode is shown as closed, however Assessment is not shown as completed')],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The referral is closed, and an assessment under it is not authorised.',
  remedy: 'Enter the day of authorisation, remove the assessment, or correct the closure.',
  check: ({ referrals }) =>
    referrals
      .filter(({ row }) => readable(row.cine_close_date) !== null)
      .flatMap(({ assessments }) =>
        assessments
          .filter(isUnfinished)
          .map(({ row }) => place('cina_assessment_auth_date', row, 'nothing, under a closed referral')),
      ),
});

const severalOpen = rule({
  code: 'cin-8896',
  published: [cin('8896', 'Within one CINDetails group there are 2 or more open Assessments groups')],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The assessment is not authorised, and neither is a later one under the same referral.',
  remedy: 'Enter the day of authorisation, or remove the assessment.',
  check: ({ referrals }) =>
    referrals.flatMap(({ assessments }) =>
      allButLast(
        assessments.filter(isUnfinished),
        ({ row }) => row.cina_assessment_start_date,
        ({ row }) => row.cina_assessment_id,
      ).map(({ row }) => place('cina_assessment_auth_date', row, 'nothing, beside a later open assessment')),
    ),
});

const startsDuringAnother = rule({
  code: 'cin-8863Q',
  published: [cin('8863Q', 'An Assessment is shown as starting when there is another Assessment ongoing.')],
  columns: ['cina_assessment_start_date'],
  meaning:
    'The assessment starts while another one of the referral is under way, or on the day of its authorisation.',
  remedy: 'Correct the dates, or remove the assessment that is recorded twice.',
  check: ({ referrals }) =>
    referrals.flatMap(({ assessments }) =>
      beginningWithin(
        assessments,
        ({ row }) => ({ from: row.cina_assessment_start_date, to: row.cina_assessment_auth_date }),
        true,
      ).map(({ row }) => place('cina_assessment_start_date', row, 'a date during another assessment')),
    ),
});

const open45Days = rule({
  code: 'cin-8670Q',
  published: [
    cin(
      '8670Q',
      'Assessment started more than 45 working days before the end of the census year. However, there is no Assessment end date.',
    ),
  ],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The assessment started more than 45 working days before the run, and is not authorised.',
  remedy: 'Enter the day of authorisation if it is finished.',
  check: ({ parts: { assessments }, days }) =>
    assessments
      .filter((one) => isUnfinished(one) && isBefore(one.row.cina_assessment_start_date, days.days45Ago))
      .map(({ row }) =>
        place('cina_assessment_auth_date', row, 'nothing, more than 45 working days after the start'),
      ),
});

const factorsBeforeEnd = rule({
  code: 'cin-8614',
  published: [
    cin('8614', 'Parental or child factors at assessment should only be present for a completed assessment.'),
  ],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The assessment has factors, and is not authorised.',
  remedy: 'Enter the day of authorisation, or remove the factors until the assessment is finished.',
  check: ({ parts: { assessments } }) =>
    assessments
      .filter((one) => isUnfinished(one) && (factorsOf(one)?.length ?? 0) > 0)
      .map(({ row }) => place('cina_assessment_auth_date', row, 'nothing, beside factors')),
});

const noneBesideFactors = rule({
  code: 'cin-8869',
  published: [
    cin(
      '8869',
      'The assessment factors code "21" cannot be used in conjunction with any other assessment factors.',
    ),
  ],
  columns: ['cinf_assessment_factors_json'],
  meaning: 'Factor 21 (no factors found) is recorded together with other factors.',
  remedy: 'Remove 21, or the other factors.',
  check: ({ parts: { assessments }, rows }) =>
    assessments
      .filter((one) => {
        const factors = factorsOf(one) ?? [];
        return factors.length > 1 && factors.includes('21');
      })
      .flatMap(({ row: assessment }) =>
        rows.ssd_assessment_factors
          .filter(({ cinf_assessment_id: id }) => id === assessment.cina_assessment_id)
          .map((row) => place('cinf_assessment_factors_json', row, '21 beside other factors')),
      ),
});

const noFactorsClosure = rule({
  code: 'cin-8873Q',
  published: [
    cin(
      '8873Q',
      "When there is only one assessment on the episode and the factors code '21 No factors identified' has been used for the completed assessment, the reason for closure 'RC8' or 'RC9' should be used.",
    ),
  ],
  columns: ['cine_close_reason'],
  meaning:
    'The only assessment of the referral found no factors (21), and the reason for closure is another one than RC8 or RC9.',
  remedy: 'Correct the reason for closure, or the factors.',
  needs: ['ssd_cin_assessments'],
  // An open referral has no reason yet.
  check: ({ referrals, rows }) =>
    referrals
      .filter(({ row, item, assessments: [only, ...others] }) => {
        if (only === undefined || others.length > 0 || isUnfinished(only)) return false;
        const ofReferral = rows.ssd_cin_assessments.filter(
          ({ cina_referral_id: referral }) => referral === row.cine_referral_id,
        );
        return (
          ofReferral.length === 1 &&
          factorsOf(only)?.includes('21') === true &&
          item.closure_reason !== undefined &&
          item.closure_reason !== 'RC8' &&
          item.closure_reason !== 'RC9'
        );
      })
      .map(({ row }) => place('cine_close_reason', row, 'a reason other than RC8 and RC9, beside factor 21')),
});

const noFactors = rule({
  code: 'cin-8897Q',
  published: [
    cin(
      '8897Q',
      'Parental or child factors at assessment information is missing from a completed assessment',
    ),
  ],
  columns: ['cina_assessment_auth_date'],
  meaning: 'The assessment was authorised in the collection year, and has no factors.',
  remedy: 'Enter the factors that were found, or 21 if there were none.',
  needs: ['ssd_assessment_factors'],
  // A factor that is not in the list is a finding of its own.
  check: ({ parts: { assessments }, days }) =>
    assessments
      .filter(
        (one) =>
          isThere(one.row.cina_assessment_auth_date) &&
          !isBefore(one.row.cina_assessment_auth_date, days.yearStart) &&
          factorsOf(one)?.length === 0,
      )
      .map(({ row }) => place('cina_assessment_auth_date', row, 'a date, and no factors')),
});

export const assessmentRules = [
  beforeReferral,
  authorisationBeforeStart,
  unfinishedAtClosure,
  severalOpen,
  startsDuringAnother,
  open45Days,
  factorsBeforeEnd,
  noneBesideFactors,
  noFactorsClosure,
  noFactors,
] as const;
