import type { RunId } from '../records/runId.js';
import { emptyCohort } from './emptyCohort.js';
import type { Guard, GuardFacts, GuardLimits } from './guard.js';
import { idChurn } from './idChurn.js';
import { leavers } from './leavers.js';
import { otherReceiver } from './otherReceiver.js';
import { pseudonymsOff } from './pseudonymsOff.js';
import { ssdChanging } from './ssdChanging.js';
import { ssdShrunk } from './ssdShrunk.js';
import { vanished } from './vanished.js';

/** What may hold a run instead of letting it be sent. */
export const guardNames = [
  'emptyCohort',
  'leavers',
  'ssdChanging',
  'ssdShrunk',
  'idChurn',
  'vanished',
  'otherReceiver',
  'pseudonymsOff',
] as const;
export type GuardName = (typeof guardNames)[number];

const guards: Readonly<Record<GuardName, Guard>> = {
  emptyCohort,
  leavers,
  ssdChanging,
  ssdShrunk,
  idChurn,
  vanished,
  otherReceiver,
  pseudonymsOff,
};

/** Why a run must not be sent. The explanation is for a person and says nothing of any one child. */
export interface Objection {
  readonly guard: GuardName;
  readonly explanation: string;
}

/**
 * Everything that speaks against sending a run, nothing when it may go. An SSD that is being rebuilt looks like an
 * authority whose children have all left, and DfE would be told to forget them.
 */
export function guardsAgainst(facts: GuardFacts, limits: GuardLimits): Objection[] {
  return guardNames.flatMap((guard) => {
    const explanation = guards[guard](facts, limits);
    return explanation === undefined ? [] : [{ guard, explanation }];
  });
}

/** What every held run has in common; to be said once, after the explanations. */
export function howToGoOn(runId: RunId): string {
  return `Nothing was queued and nothing has left the authority. If this is right all the same, approve the run by POST /api/runs/${runId}/approval, with a reason; else mend the source and ask for a run again, or wait for the next night, which starts afresh.`;
}
