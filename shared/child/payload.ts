import { z } from 'zod';
import { isSendableCode, type CodedField, type CodeLists } from './codes/codeLists.js';
import { isPlainDate } from './dates.js';

/**
 * The widest id DfE takes, by kind.
 * Source: payload_fields.csv of the specification (attributes 2, 16, 22, 26, 29, 34, 37, 53).
 */
export const idLength = { child: 20, worker: 12, other: 36 } as const;

export const limits = { name: 128, disabilities: 12, factors: 41, sdqScore: 40 } as const;

const idShape = /^[A-Za-z0-9_-]+$/;
/** The firewall before DfE's endpoint refuses a whole batch for an id like this (OWASP rule 942450). */
const hexLiteral = /0x[0-9a-f]{3}/i;

/** True for an id that DfE takes: letters, digits, `_`, `-`, no wider than `longest`, and nothing its firewall refuses. */
export function isSendableId(text: string, longest: number): boolean {
  return text.length <= longest && idShape.test(text) && !hexLiteral.test(text);
}

export const upnShape = /^[A-Za-z0-9]{13}$/;
/** A postcode with its space, at most 8 characters. */
export const postcodeShape = /^(GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})$/;

/*
 * What `meta` says is checked by the refinement before it; `docs/reference/` is made from it.
 */

const id = (longest: number) =>
  z
    .string()
    .refine((text) => isSendableId(text, longest), 'not a sendable id')
    .meta({ format: 'id', maxLength: longest, pattern: idShape.source });
const upn = z.string().regex(upnShape).meta({ maxLength: 13 });
const postcode = z.string().regex(postcodeShape).meta({ maxLength: 8 });
/** 1900-01-01 is what case management systems put where there is no date. */
const date = z
  .string()
  .refine((text) => isPlainDate(text) && text !== '1900-01-01', 'not a date')
  .meta({ format: 'date', maxLength: 10 })
  .optional();
const kept = z.literal(false);

/**
 * What may be sent about one child, strictly by the published rules: an unknown key, a code outside its list or an
 * id that DfE would refuse does not pass.
 * Source: payload_fields.csv (attributes 2 to 55) and dfe-api.md.
 */
export function childSchemaOf(codes: CodeLists) {
  const coded = (field: CodedField) =>
    z
      .string()
      .refine((code) => isSendableCode(codes, field, code), 'not in the code list')
      .meta({ format: 'code', codeList: field });

  const adoption = z.strictObject({
    initial_decision_date: date,
    matched_date: date,
    placed_date: date,
    purge: kept,
  });
  const careLeavers = z.strictObject({
    contact_date: date,
    activity: coded('careLeaverActivity').optional(),
    accommodation: coded('careLeaverAccommodation').optional(),
    purge: kept,
  });
  const episode = z.strictObject({
    social_care_episode_id: id(idLength.other),
    referral_date: date,
    referral_source: coded('referralSource').optional(),
    closure_date: date,
    closure_reason: coded('closureReason').optional(),
    referral_no_further_action_flag: z.boolean().optional(),
    purge: kept,
    care_worker_details: z
      .array(z.strictObject({ worker_id: id(idLength.worker), start_date: date, end_date: date }))
      .optional(),
    child_and_family_assessments: z
      .array(
        z.strictObject({
          child_and_family_assessment_id: id(idLength.other),
          start_date: date,
          authorisation_date: date,
          /** An empty list says that there are none. */
          factors: z.array(coded('assessmentFactor')).max(limits.factors).optional(),
          purge: kept,
        }),
      )
      .optional(),
    child_in_need_plans: z
      .array(
        z.strictObject({
          child_in_need_plan_id: id(idLength.other),
          start_date: date,
          end_date: date,
          purge: kept,
        }),
      )
      .optional(),
    section_47_assessments: z
      .array(
        z.strictObject({
          section_47_assessment_id: id(idLength.other),
          start_date: date,
          icpc_required_flag: z.boolean().optional(),
          icpc_date: date,
          end_date: date,
          purge: kept,
        }),
      )
      .optional(),
    child_protection_plans: z
      .array(
        z.strictObject({
          child_protection_plan_id: id(idLength.other),
          start_date: date,
          end_date: date,
          purge: kept,
        }),
      )
      .optional(),
    child_looked_after_placements: z
      .array(
        z.strictObject({
          child_looked_after_placement_id: id(idLength.other),
          start_date: date,
          start_reason: coded('placementStartReason').optional(),
          postcode: postcode.optional(),
          placement_type: coded('placementType').optional(),
          end_date: date,
          end_reason: coded('placementEndReason').optional(),
          change_reason: coded('placementChangeReason').optional(),
          purge: kept,
        }),
      )
      .optional(),
    adoption: adoption.optional(),
    care_leavers: careLeavers.optional(),
  });

  return z.strictObject({
    la_child_id: id(idLength.child),
    mis_child_id: id(idLength.other).optional(),
    purge: kept,
    child_details: z.strictObject({
      unique_pupil_number: upn.optional(),
      former_unique_pupil_number: upn.optional(),
      unique_pupil_number_unknown_reason: coded('uniquePupilNumberUnknownReason').optional(),
      first_name: z.string().min(1).max(limits.name).optional(),
      surname: z.string().min(1).max(limits.name).optional(),
      date_of_birth: date,
      expected_date_of_birth: date,
      sex: coded('sex').optional(),
      ethnicity: coded('ethnicity').optional(),
      disabilities: z.array(coded('disability')).min(1).max(limits.disabilities).optional(),
      postcode: postcode.optional(),
      uasc_flag: z.boolean().optional(),
      uasc_end_date: date,
      purge: kept,
    }),
    health_and_wellbeing: z
      .strictObject({
        sdq_assessments: z.array(z.strictObject({ date, score: z.int().min(0).max(limits.sdqScore) })).min(1),
        purge: kept,
      })
      .optional(),
    social_care_episodes: z.array(episode).min(1).optional(),
  });
}

export type ChildSchema = ReturnType<typeof childSchemaOf>;

/** The whole payload of one child: what DfE should hold about them. Its keys are in the order in which they are sent. */
export type Child = z.output<ChildSchema>;
export type Episode = NonNullable<Child['social_care_episodes']>[number];
export type Placement = NonNullable<Episode['child_looked_after_placements']>[number];

/** Removes a child at DfE. */
export interface ChildPurge {
  readonly la_child_id: string;
  readonly mis_child_id?: string | undefined;
  readonly purge: true;
}
