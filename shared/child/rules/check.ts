import type { BuildRules } from '../buildRules.js';
import type { RemarkRule } from '../findingRules.js';
import type { Built } from '../parts/building.js';
import type { ChildDetailsBuilt } from '../parts/childDetails.js';
import type { EpisodesBuilt } from '../parts/episodes.js';
import type { Child, Episode } from '../payload.js';
import type { SsdRow, SsdTable } from '../sourceRows.js';
import type { AnyRow } from '../values/places.js';

/*
 * What DfE's second stage would ask about. Everything is sent as it is; each remark lets the analyst correct the source
 * before DfE asks. "CIN rule" is the number of the check in DfE's children in need census specification.
 */

/** What the builders give, each part with the row that it is made of. */
export interface Parts extends Omit<EpisodesBuilt, 'drafts'>, Omit<ChildDetailsBuilt, 'sent'> {
  readonly person: SsdRow<'ssd_person'>;
  /** All of them: a score that DfE holds may be sent again, and its row is outside the window. */
  readonly sdqScores: readonly SsdRow<'ssd_sdq_scores'>[];
}

/** What the checks look at. */
export interface Facts extends Omit<Parts, 'episodes'> {
  readonly rules: BuildRules;
  readonly child: Child;
  /** As they are sent: what the source does not say is as DfE holds it. */
  readonly episodes: readonly Built<SsdRow<'ssd_cin_episodes'>, Episode>[];
}

/** A remark on a row that is sent. */
interface Remark {
  readonly rule: RemarkRule;
  readonly table: SsdTable;
  readonly row: AnyRow;
  readonly column: string;
  readonly found: string;
}

export type Check = (facts: Facts) => readonly Remark[];
