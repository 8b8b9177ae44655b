import { z } from 'zod';
import { findingsPlaceSchema } from '../records/findingsOfRun.js';

const asBefore = 'must be the value in the last line of the previous file';
const what =
  'Where the file begins: the value that the last line of an incomplete file gives, and its header `Link`.';

/** The query of a file that lists children by chunks. */
export const chunksFileRequestSchema = z.object({
  from: z.coerce.number(asBefore).int(asBefore).min(1, asBefore).optional().describe(what),
});

/** The query of a file of findings. */
export const findingsFileRequestSchema = z.object({ from: findingsPlaceSchema.optional().describe(what) });
