import type { InventedPeople } from '../ssd/inventedPeople.js';
import type { PersonRead } from '../ssd/rows.js';
import type { StagedChild } from '../staging/stagedChild.js';
import { goAsTheyAre, type Destination } from './asPlanned.js';

/** A test receiver would get people as they are, and the generator of invented children did not make all of them. Names no id. */
export class NotInventedError extends Error {
  override readonly name = 'NotInventedError';
}

export interface ReadInventedPeople {
  /** Reads the mark of the generator; `undefined` when there is none that counts for the receiver. */
  readonly readInvented: () => Promise<InventedPeople | undefined>;
}

/**
 * Who may be sent as they are: `undefined` when that is everyone, because they go to the live receiver or under pseudonyms.
 * A setting alone is not believed.
 * @throws NotInventedError
 */
export async function whoIsInvented({
  receiver,
  pseudonyms,
  readInvented,
}: Pick<Destination, 'receiver' | 'pseudonyms'> & ReadInventedPeople): Promise<InventedPeople | undefined> {
  if (!goAsTheyAre({ receiver, pseudonyms })) return undefined;
  const invented = await readInvented();
  if (invented === undefined) {
    throw new NotInventedError(
      'SSD_SYNTHETIC is true, but in the SSD the app found no mark of the generator of invented children that counts for this receiver, so the children may be real. Nothing was sent. Set SSD_SYNTHETIC to false. If the children are invented, make them again: npm run synthetic-ssd, or npm run evaluate.',
    );
  }
  return invented;
}

/**
 * A staged child counts too, because its removal would be sent.
 * @throws NotInventedError when not all of them are invented
 */
export function assertInvented(
  invented: InventedPeople,
  persons: readonly PersonRead[],
  staged: readonly StagedChild[],
): void {
  const isOther = (id: string | null) => id === null || !invented.includes(id);
  const ofSsd = persons.filter(({ rows }) => isOther(rows.person.pers_person_id)).length;
  const ofStaging = staged.filter(({ personId }) => isOther(personId)).length;
  if (ofSsd + ofStaging === 0) return;
  throw new NotInventedError(
    `SSD_SYNTHETIC is true, but the generator of invented children did not make ${String(ofSsd)} of the ids in the SSD and ${String(ofStaging)} of those in the staging table, as far as they were read: they may be those of real children. Nothing was sent. Set SSD_SYNTHETIC to false.`,
  );
}
