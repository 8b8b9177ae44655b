import type { IdKey } from '../database/idForm.js';
import type { HeldAtDfe } from '../staging/stagedChild.js';

/** The rows of the staging table, as an erasure sees them. */
export interface StagedRows {
  /** What two ids have in common that the table takes for one. */
  idKey(): Promise<IdKey>;
  heldAtDfe(personId: string): Promise<HeldAtDfe>;
  /** Removes the row if at that moment DfE holds nothing of the child, in one statement. @returns whether it did */
  removeIfNotHeld(personId: string): Promise<boolean>;
}
