import { z } from 'zod';
import { fillTallySchema } from '../child/changes/fillRates.js';
import { cohortCensusSchema } from '../child/rules/cohort.js';
import { idChangesSchema } from '../child/changes/idChurn.js';
import { rehearsalTallySchema } from '../child/rehearsal/tally.js';
import { cohortCountsSchema } from '../ssd/cohortReport.js';
import { knownTables } from '../ssd/tables.js';
import { ownFiguresSchema } from './figures.js';
import { ofRun } from './runFolder.js';
import { count, counts } from './scalars.js';

/**
 * How far an attempt at an extract is. It is written over each time the rows of the SSD have been counted: a later
 * attempt does not use ranges that were read after the last count. It holds numbers and one id: the last one of the
 * last range. What is to be sent stays in the chunk blobs of the attempt. Another version cannot use it and starts
 * again.
 */
const checkpointSchema = z.strictObject({
  /** Of the SSD, the settings and the version: an attempt that has a different one starts again. */
  fingerprint: z.string(),
  /** Whose chunks and findings these are. */
  attempt: z.string(),
  rangesDone: z.int().positive(),
  /** The last id of the last range; `null` when all ranges are done. */
  upTo: z.string().nullable(),
  /** The row counts once they have differed from those at the beginning; else those. */
  rowsSeen: z.partialRecord(z.enum(knownTables), count),
  /** The sum of the ids that were read, see `IdSum`. */
  idsRead: z.string().regex(/^[0-9a-f]+$/),
  chunks: z
    .strictObject({
      /** How many chunks will not change any more. */
      full: count,
      /** How many children are in the one after them. */
      open: count,
      /** The hash of each, the one that is not full last. */
      hashes: z.array(z.string()),
    })
    .refine(({ full, open, hashes }) => hashes.length === full + Math.min(open, 1)),
  figures: ownFiguresSchema,
  cohort: cohortCountsSchema,
  fill: fillTallySchema,
  census: cohortCensusSchema,
  /** By rule that the council has changed: the children it holds, or the findings it silences. */
  changedRules: counts,
  idChurn: idChangesSchema,
  rehearsal: rehearsalTallySchema,
  /** For scope `children`: which of the named children were found, by their place in the list. */
  namedMet: z.array(count),
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Each record is whole in itself: it does not matter which attempt wrote last. */
export const checkpointRecord = ofRun('checkpoint.json', checkpointSchema);
