import { z } from 'zod';
import { ofRun } from './runFolder.js';
import { count } from './scalars.js';

/** How far an extract is; written over and over. */
export const progressSchema = z.object({
  rangesDone: count,
  ranges: count,
  personsRead: count,
  cohort: count,
  toSend: count,
});
export type Progress = z.output<typeof progressSchema>;

export const progressRecord = ofRun('progress.json', progressSchema);
