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

/** As much of an `HttpRequest` as the calls for a file read. */
export interface FileRequest {
  readonly query: { get(name: string): string | null };
  readonly params: Readonly<Record<string, string>>;
}

/** What a query says, by its names: what is not there is absent. */
export function fieldsOf(query: FileRequest['query']): { from: string | undefined } {
  return { from: query.get('from') ?? undefined };
}
