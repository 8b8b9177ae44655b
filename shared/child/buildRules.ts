import type { CodeProfile } from './codeReader.js';
import type { CodeLists } from './codes.js';
import type { PlainDate } from './dates.js';
import type { Window } from './window.js';

/** What a care worker must pass to be sent, besides having a registration number. All are on in D2I's builder v0.4.8. */
export const careWorkerGates = ['role', 'censusDay', 'childInNeedPlan'] as const;
export type CareWorkerGate = (typeof careWorkerGates)[number];

/** What is sent of a worker without a Social Work England number: nothing, or the worker's own id. */
export const unregisteredWorkerRules = ['leaveOut', 'sendWorkerId'] as const;
export type UnregisteredWorkers = (typeof unregisteredWorkerRules)[number];

/** What a payload is built by, besides the child's own rows. Local values are normalised, see `localValues.ts`. */
export interface BuildRules extends CodeProfile {
  readonly window: Window;
  readonly codes: CodeLists;
  /** Dates that stand where a date belongs and are none. */
  readonly placeholderDates: ReadonlySet<PlainDate>;
  /** The immigration statuses that mean an unaccompanied asylum-seeking child. */
  readonly uascStatuses: ReadonlySet<string>;
  readonly careWorkerGates: readonly CareWorkerGate[];
  /** The roles of the workers that are reported on an episode. */
  readonly careWorkerRoles: ReadonlySet<string>;
  readonly unregisteredWorkers: UnregisteredWorkers;
  /** The types under which `ssd_linked_identifiers` keeps a former UPN. */
  readonly formerUpnTypes: ReadonlySet<string>;
  /** The keys of the section 47 outcome that tell whether a conference is required, the first one found wins. */
  readonly conferenceFlagKeys: readonly string[];
  /**
   * The outcomes that mean that a conference is required, where the outcome is a comma list of names and no JSON;
   * empty where it must be JSON.
   */
  readonly conferenceOutcomes: ReadonlySet<string>;
  /** Several placements of a child may have one id, see `placementIds.ts`. */
  readonly placementIdsRepeat: boolean;
}
