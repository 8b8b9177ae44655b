import { z } from 'zod';
import { record } from './record.js';

/** Which receiver has acknowledged what a staging table says. */
export const receiverSchema = z.object({ receiver: z.enum(['test', 'live']), baseUrl: z.string() });
export type Receiver = z.output<typeof receiverSchema>;

/** The same, as it is kept of a staging table. */
const tableReceiverSchema = receiverSchema.extend({
  /** Whether children went there under pseudonyms. Absent where it is not known. */
  pseudonymised: z.boolean().optional(),
});
export type TableReceiver = z.output<typeof tableReceiverSchema>;

/** Whose acknowledgements a staging table holds; absent before anything was sent from it. */
export const receiverRecord = record(
  (stagingTable: string) => `receivers/${withoutSchema(stagingTable)}.json`,
  tableReceiverSchema,
);

/** `dbo` is the schema that SQL Server takes where none is named, and case does not matter there. */
function withoutSchema(stagingTable: string): string {
  return stagingTable.toLowerCase().replace(/^dbo\./, '');
}
