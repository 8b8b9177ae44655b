import { agreement } from './agreement.js';
import { categories } from './categories.js';
import { emptyCohort } from './emptyCohort.js';
import type { Guard, GuardFacts, GuardLimits } from './guard.js';
import { idChurn } from './idChurn.js';
import { leavers } from './leavers.js';
import { otherReceiver } from './otherReceiver.js';
import { pseudonymsOff } from './pseudonymsOff.js';
import { ssdChanging } from './ssdChanging.js';
import { ssdShrunk } from './ssdShrunk.js';
import { vanished } from './vanished.js';

/** The safety checks: what may pause a run before anything is sent. The names are stored, and shown in telemetry. */
export const guardNames = [
  'emptyCohort',
  'leavers',
  'ssdChanging',
  'ssdShrunk',
  'idChurn',
  'vanished',
  'otherReceiver',
  'pseudonymsOff',
  'agreement',
  'categories',
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
  agreement,
  categories,
};

/** The checks that no approval overrides: the run stays paused until what they object to is put right. */
const finalGuards: readonly string[] = ['agreement'] satisfies GuardName[];

/** Why a run must not be sent. The explanation is for a person, and says nothing about any one child. */
interface Objection {
  readonly guard: GuardName;
  readonly explanation: string;
}

/**
 * Every reason not to send a run; none when it may be sent. An SSD that is being rebuilt looks like an authority whose
 * children have all left, and the run would ask DfE to remove them.
 */
export function guardsAgainst(facts: GuardFacts, limits: GuardLimits): Objection[] {
  return guardNames.flatMap((guard) => {
    const explanation = guards[guard](facts, limits);
    return explanation === undefined ? [] : [{ guard, explanation }];
  });
}

/** @param approved in advance, by the person who asked for the run */
export function pauses(objections: readonly Objection[], approved: boolean): boolean {
  return objections.some(({ guard }) => !approved || finalGuards.includes(guard));
}
