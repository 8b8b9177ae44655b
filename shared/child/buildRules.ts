import type { Category } from './categories.js';
import type { CodeProfile } from './codes/codeReader.js';
import type { CodeLists } from './codes/codeLists.js';
import type { OutcomeWords } from './values/jsonColumns.js';
import type { IdsByList } from './draft.js';
import type { Window } from './window.js';

/** What a care worker must pass to be sent, in addition to having a registration number. All are on in D2I's builder v0.4.8. */
export const careWorkerGates = ['role', 'censusDay', 'childInNeedPlan'] as const;
export type CareWorkerGate = (typeof careWorkerGates)[number];

/** What is sent of a worker without a Social Work England number: nothing, or the worker's own id. */
export const unregisteredWorkerRules = ['leaveOut', 'sendWorkerId'] as const;
export type UnregisteredWorkers = (typeof unregisteredWorkerRules)[number];

/** What a payload is built by, apart from the child's own rows. Local values are normalised, see `localValues.ts`. */
export interface BuildRules extends CodeProfile, OutcomeWords {
  readonly window: Window;
  readonly codes: CodeLists;
  /** The categories that are not shared: nothing of them is built. */
  readonly leftOut: readonly Category[];
  /** The immigration statuses that mean an unaccompanied asylum-seeking child. */
  readonly uascStatuses: ReadonlySet<string>;
  readonly careWorkerGates: readonly CareWorkerGate[];
  /** The roles of the workers that are reported on an episode. */
  readonly careWorkerRoles: ReadonlySet<string>;
  readonly unregisteredWorkers: UnregisteredWorkers;
  /** The types under which `ssd_linked_identifiers` keeps a former UPN. */
  readonly formerUpnTypes: ReadonlySet<string>;
  /** Several placements of a child may have one id, see `placementIds.ts`. */
  readonly placementIdsRepeat: boolean;
  /** The tables that say nothing about any child (`ssd/silentTables.ts`). */
  readonly absentTables: ReadonlySet<string>;
  /** By list, the ids of rows that lead to no person. What DfE holds under such an id is not gone: its row has lost its child. */
  readonly lostItems: IdsByList;
  /** The UPNs that several persons of the SSD have, in capitals. */
  readonly sharedUpns: ReadonlySet<string>;
  /** Some factors belong to no assessment, so we cannot tell whether an assessment without factors has none. */
  readonly factorsMayBeMissing: boolean;
}
