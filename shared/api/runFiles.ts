import type { Invocation } from '../composition/handledBy.js';
import { childrenFile, fileOfRun, findingsFile, type RunFile } from '../downloads/runFile.js';
import { inEachFormat, tableFile, type TableFormat } from '../downloads/tableFile.js';
import { readFields } from '../requests/fields.js';
import { noSuchRun, type Problem } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export const getChildren = inEachFormat((format) => handlerOf(childrenFile, format));
export const getFindings = inEachFormat((format) => handlerOf(findingsFile, format));

function handlerOf<From extends string | number>(file: RunFile<From>, format: TableFormat) {
  return (request: Request, { container }: Invocation) =>
    apiAnswer(request, 'data-officer', async ({ by }) => {
      const query = readFields({ from: request.query.get('from') ?? undefined }, file.querySchema);
      if ('errors' in query) return { status: 400, jsonBody: query };
      const asked = { runIdInPath: request.params['runId'], from: query.from, format, by };
      const made = await fileOfRun(file, asked, container());
      if (made === 'unknown run') return noSuchRun;
      if (made === 'not planned') {
        const error = `The run has not finished reading the SSD: not all of its ${file.what} are known.`;
        return { status: 409, jsonBody: { error } satisfies Problem };
      }
      return tableFile(made);
    });
}
