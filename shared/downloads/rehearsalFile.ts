import type { ComparedRehearsal } from '../records/rehearsalOfRun.js';
import { rehearsalTable } from './rehearsalTable.js';
import type { TableFile, TableFormat } from './tableFile.js';

/** The dress rehearsal of a run for a day, as a file. It names no child, so its download is not recorded. */
export function rehearsalFile(rehearsal: ComparedRehearsal, format: TableFormat): TableFile {
  const { runId, day } = rehearsal.now;
  return { name: `rehearsal-${runId}-for-${day}`, table: rehearsalTable(rehearsal), format };
}
