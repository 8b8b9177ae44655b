import { z } from 'zod';
import { findingsPlaceSchema } from '../records/findingsOfRun.js';

const asBefore = 'must be what the last line of the file before said';
const what =
  'Where the file begins: what the last line of one that was not whole said, and its header `Link`.';

/** The query of a file that lists children by chunks. */
export const chunksFileRequestSchema = z.object({
  from: z.coerce.number(asBefore).int(asBefore).min(1, asBefore).optional().describe(what),
});

/** The query of a file of findings. */
export const findingsFileRequestSchema = z.object({ from: findingsPlaceSchema.optional().describe(what) });
