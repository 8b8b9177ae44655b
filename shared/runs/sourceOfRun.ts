import { createHash } from 'node:crypto';
import type { IdsByList } from '../child/draft.js';
import type { Finding } from '../child/findings.js';
import { itemTables, lostItemsOf } from '../child/changes/lostItems.js';
import type { Window } from '../child/window.js';
import { IdSum } from '../ssd/idSum.js';
import type { RowCounts } from '../ssd/selects.js';
import { silentTables } from '../ssd/silentTables.js';
import type { SsdReader } from '../ssd/ssdReader.js';
import type { Survey } from '../ssd/survey.js';
import type { RunRequest } from '../records/runRequest.js';

/** What is known of the SSD before its persons are read. */
export interface SourceOfRun {
  readonly window: Window;
  readonly ssdRows: RowCounts;
  readonly survey: Survey;
  readonly absentTables: ReadonlySet<string>;
  /** The rows that lead to no person, or to several. */
  readonly unassignedRows: readonly Finding[];
  readonly lostItems: IdsByList;
  /** Who is in the SSD and on the lists: if reading all ranges finds other ids, the SSD has changed in between. */
  readonly ids: string;
  /**
   * A hash of all this, of the newest dates and of how the SSD is read. Another attempt that finds the same one reads the
   * same SSD.
   */
  readonly fingerprint: string;
}

export async function readSource(
  request: Pick<RunRequest, 'today'>,
  window: Window,
  ssd: SsdReader,
): Promise<SourceOfRun> {
  const ssdRows = await ssd.rowCounts();
  const newestDates = await ssd.newestDates(request.today);
  const survey = await ssd.survey();
  const missing = await ssd.missingTables();
  const unassignedRows = await ssd.findingsOfUnassignedRows(survey);
  const unnamed = await ssd.idsOfUnnamedRows(survey, itemTables);
  const ids = await allIds(ssd);
  return {
    window,
    ssdRows,
    survey,
    absentTables: silentTables(survey, missing),
    unassignedRows,
    lostItems: lostItemsOf(unassignedRows, unnamed),
    ids,
    fingerprint: fingerprintOf({
      ssdRows,
      newestDates,
      survey,
      missing,
      // The database gives rows of the same id in any order.
      unassignedRows: unassignedRows.map((finding) => JSON.stringify(finding)).sort(),
      unnamed: [...unnamed].map(([table, ids]) => [table, [...ids].sort()]),
      ids,
      selects: await ssd.selects(),
    }),
  };
}

/** How many ids are in memory at a time. */
const idsAtATime = 50_000;

async function allIds(ssd: SsdReader): Promise<string> {
  const sum = new IdSum();
  for (const range of await ssd.ranges(idsAtATime)) sum.add(await ssd.ids(range));
  return sum.text();
}

/** The SHA-256 of a value. Functions do not count. */
export function fingerprintOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Map || part instanceof Set ? Array.from<unknown>(part) : part,
  );
  return createHash('sha256').update(text).digest('hex');
}
