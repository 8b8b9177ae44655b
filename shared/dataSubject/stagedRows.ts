import type { IdKey } from '../database/idForm.js';

/**
 * What the staging table knows of a child. `DfE holds nothing`: nothing is acknowledged and nothing that was sent is
 * unanswered.
 */
export type RowStanding =
  | 'no row'
  | 'DfE holds nothing'
  | 'DfE holds the child'
  | 'DfE may hold the child'
  | 'a POST may still arrive';

/** The rows of the staging table, as an erasure sees them. */
export interface StagedRows {
  /** What two ids have in common that the table takes for one. */
  idKey(): Promise<IdKey>;
  standingOf(personId: string): Promise<RowStanding>;
  /** Removes the row if at that moment DfE holds nothing of the child, in one statement. @returns whether it did */
  removeIfNotHeld(personId: string): Promise<boolean>;
}
