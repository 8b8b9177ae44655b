import { z } from 'zod';
import type { Invocation } from '../composition/handledBy.js';
import { rehearsalFile } from '../downloads/rehearsalFile.js';
import { inEachFormat, tableFile, type TableFormat } from '../downloads/tableFile.js';
import { rehearsalOfRun } from '../records/rehearsalOfRun.js';
import { readFields, type FieldErrors } from '../requests/fields.js';
import { plannedRun } from '../requests/plannedRun.js';
import { noSuchRun, type Problem } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export const rehearsalRequestSchema = z.object({
  date: z
    .string()
    .optional()
    .describe(
      'The day of the figures, yyyy-mm-dd: the last day of a month that the run has figures for. Without it the next 31 March.',
    ),
});

export const getRehearsal = inEachFormat((format) => handlerOf(format));

function handlerOf(format: TableFormat) {
  return (request: Request, { container }: Invocation) =>
    apiAnswer(request, 'reader', async () => {
      const query = readFields({ date: request.query.get('date') ?? undefined }, rehearsalRequestSchema);
      if ('errors' in query) return { status: 400, jsonBody: query };
      const { runs } = container();
      const run = await plannedRun(request.params['runId'], runs);
      if (run === 'unknown run') return noSuchRun;
      if (run === 'not planned') {
        const error = 'The run has not finished reading the SSD: not all of its figures are known.';
        return { status: 409, jsonBody: { error } satisfies Problem };
      }
      const found = await rehearsalOfRun(run, query.date, runs);
      if (found === 'no figures') {
        const error = 'This run kept no figures. A run of this version keeps them: request a dry run.';
        return { status: 404, jsonBody: { error } satisfies Problem };
      }
      if (!('now' in found)) {
        const problem = `must be one of the days that the run has figures for: ${found.days.join(', ')}`;
        return { status: 400, jsonBody: { errors: [{ field: 'date', problem }] } satisfies FieldErrors };
      }
      return tableFile(rehearsalFile(found, format));
    });
}
