import type { CodeLists } from './codes.js';
import type { Window } from './window.js';

/** What a payload is built by, besides the child's own rows. */
export interface BuildRules {
  readonly window: Window;
  readonly codes: CodeLists;
  /** The immigration statuses, in capitals, that mean an unaccompanied asylum-seeking child. */
  readonly uascStatuses: ReadonlySet<string>;
  /** The roles, in capitals, of the workers that are reported on an episode. */
  readonly careWorkerRoles: ReadonlySet<string>;
  /** The type under which `ssd_linked_identifiers` keeps a former UPN. */
  readonly formerUpnType: string;
  /** The keys of the section 47 outcome that tell whether a conference is required, the first one found wins. */
  readonly conferenceFlagKeys: readonly string[];
}
