import type { z } from 'zod';
import { ofRun } from './runFolder.js';
import { counts } from './scalars.js';

/** How many children DfE has refused in a run that has ended, by rule of refusal. Follows from its results. */
const refusalsSchema = counts;
export type Refusals = z.output<typeof refusalsSchema>;

export const refusalsRecord = ofRun('refusals.json', refusalsSchema);
