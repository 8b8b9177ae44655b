import type { IdKey } from '../database/idForm.js';
import type { HeldAtDfe } from '../staging/stagedChild.js';

/** The rows of the staging table, as an erasure sees them. */
export interface StagedRows {
  /** The same key for all ids that the table takes for one. */
  idKey(): Promise<IdKey>;
  heldAtDfe(personId: string): Promise<HeldAtDfe>;
  /**
   * Removes the row if DfE holds nothing about the child at that moment, in one statement. @returns whether it was
   * removed
   */
  removeIfNotHeld(personId: string): Promise<boolean>;
}
