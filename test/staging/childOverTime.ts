import assert from 'node:assert/strict';
import type { Child } from '../../shared/child/payload.js';
import { submissionsIn, withSubmission } from '../../shared/staging/doubt.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import {
  stageAbsence,
  stageChild,
  type Staged,
  type StagingWrite,
  type Submission,
} from '../../shared/staging/transitions.js';
import {
  aCareEpisode,
  aCinPlan,
  anAdoption,
  anAssessment,
  anEpisode,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  someFactors,
} from '../child/aPerson.js';
import { payloadOf } from '../child/aPayload.js';

/** Three versions of one child that differ in ids, blocks and lists. */
export const versions = {
  A: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M1' },
      ssd_sdq_scores: [anSdqScore()],
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_plans: [aCinPlan()],
      ssd_involvements: [anInvolvement()],
      ssd_permanence: [anAdoption()],
    }),
  ),
  B: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M1' },
      ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_id: 'N2' })],
      ssd_cin_assessments: [anAssessment()],
      ssd_assessment_factors: [someFactors()],
    }),
  ),
  C: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M2' },
      ssd_cin_episodes: [anEpisode({ cine_referral_id: 'R2', cine_close_date: '2026-01-01' })],
      ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R2' })],
      ssd_cla_placement: [aPlacement()],
    }),
  ),
} as const;
export type Version = keyof typeof versions;

/** What the staging table says after a write, as its SQL does it: what DfE has answered stays. */
export function written(before: StagedChild | undefined, write: StagingWrite): StagedChild {
  return {
    personId: write.personId,
    rowState: write.rowState,
    status: write.status,
    currentHash: write.hash,
    acknowledged: write.isHeld ? { json: write.json, hash: write.hash } : before?.acknowledged,
    mayHold: before?.mayHold ?? [],
    refusedHash: before?.refusedHash,
    legacyId: write.legacyId,
  };
}

/** What it says once the child is being sent. */
export function claimed(row: StagedChild, { payload }: Submission): StagedChild {
  const mayHold = submissionsIn(withSubmission(row.mayHold.join('\n'), JSON.stringify(payload)));
  return { ...row, status: 'Pending', mayHold };
}

/** What it says after DfE has answered, or has certainly not taken what was sent. */
export function settled(
  row: StagedChild,
  before: StagedChild,
  { hash, holds }: Submission,
  answer: 'accepted' | 'refused' | 'not taken',
): StagedChild {
  const isCurrent = row.currentHash === hash;
  // An earlier doubt stays: the refusal of this payload says nothing about an earlier one.
  const mayHold = before.mayHold.length > 0 ? row.mayHold : [];
  if (answer === 'not taken') return { ...row, mayHold };
  if (answer === 'refused') {
    return { ...row, mayHold, status: isCurrent ? 'Error' : row.status, refusedHash: hash };
  }
  return {
    ...row,
    acknowledged: holds === undefined ? undefined : { json: holds, hash },
    mayHold: [],
    refusedHash: undefined,
    status: isCurrent ? 'Sent' : row.status,
    rowState: isCurrent && holds !== undefined ? 'Unchanged' : row.rowState,
  };
}

/** A child staged from what the table says, with the table after it. */
export function staged(child: Child, before?: StagedChild): { staged: Staged; row: StagedChild } {
  const result = stageChild(child, before);
  const row = result.write === undefined ? before : written(before, result.write);
  assert.ok(row);
  return { staged: result, row };
}

export function left(before: StagedChild): { staged: Staged; row: StagedChild } {
  const result = stageAbsence(before);
  assert.ok(result, 'nothing is made of the absence');
  return { staged: result, row: result.write === undefined ? before : written(before, result.write) };
}

export const wholeOf = (result: Staged | undefined): Submission | undefined => result?.submission?.('all');

export function answered(
  run: { staged: Staged; row: StagedChild },
  answer: 'accepted' | 'refused',
): StagedChild {
  const submission = wholeOf(run.staged);
  assert.ok(submission);
  return settled(claimed(run.row, submission), run.row, submission, answer);
}

export const accepted = (child: Child, before?: StagedChild) => answered(staged(child, before), 'accepted');
export const refused = (child: Child, before?: StagedChild) => answered(staged(child, before), 'refused');
