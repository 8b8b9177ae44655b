import { z } from 'zod';
import { ofChunk } from './runFolder.js';
import { count } from './scalars.js';

/** How many attempts at a chunk have begun since one was recorded to its end. */
const attemptsSchema = z.object({ unrecorded: count });

export const unrecordedAttemptsRecord = ofChunk('attempts', attemptsSchema);
