import { lossWithout, servesFindingsOnly } from '../../ssd/columnPurposes.js';
import { SsdLayoutError } from '../../ssd/layout.js';
import type { AbsentColumn } from '../../ssd/survey.js';
import { count, Explained, list, pass, shortMs, warn, type Check, type CheckAnswer } from '../check.js';
import { database } from './database.js';

export const ssdTables = {
  name: 'ssdTables',
  needs: database,
  limitMs: shortMs,
  look: async (parts) => {
    const ssd = await parts.ssd();
    try {
      return answerOnAbsence(await ssd.missingTables(), await ssd.absentColumns());
    } catch (error) {
      if (!(error instanceof SsdLayoutError)) throw error;
      throw new Explained(`The SSD does not have what every run needs: ${error.missing.join(', ')}.`);
    }
  },
  remedy:
    "No run starts without ssd_person with pers_person_id, and ssd_cin_episodes with cine_referral_id and cine_person_id. Check SSD_PROFILE and SSD_SCHEMA, give the app's login the right to read the tables, or say in a profile of your own what they are called here (docs/profiles.md).",
} as const satisfies Check;

/** A run works without what is absent; what it would add is said once for all that would add the same. */
export function answerOnAbsence(tables: readonly string[], columns: readonly AbsentColumn[]): CheckAnswer {
  if (tables.length + columns.length === 0)
    return pass('Every table and column that the app reads is there.');
  const lost = new Map<string, string[]>();
  const add = (loss: string, name: string) => lost.set(loss, [...(lost.get(loss) ?? []), name]);
  const sending = columns.filter(({ table, column }) => !servesFindingsOnly(table, column));
  const finding = columns.filter(({ table, column }) => servesFindingsOnly(table, column));
  for (const table of tables) add(lossWithout(table), table);
  for (const { table, column } of sending) add(lossWithout(table, column), nameOf({ table, column }));
  const counts = [count(tables.length, 'table'), count(columns.length, 'column')];
  const found = [
    `A run works, and DfE keeps what it holds. Missing: ${counts.join(' and ')}.`,
    ...[...lost].map(([loss, names]) => `Without ${list(names)}: ${loss}.`),
    ...(finding.length === 0
      ? []
      : [`Without ${list(finding.map(nameOf))}: findings are harder to look up.`]),
  ].join('\n');
  if (tables.length + sending.length === 0) return pass(found);
  return warn(
    found,
    "To send more, ask who fills the SSD for what you need. A table or column that the app's login may not read counts as absent: give it the right. One that has another name here: tableNames and columnNames in a profile of your own (docs/profiles.md).",
  );
}

function nameOf({ table, column }: AbsentColumn): string {
  return `${table}.${column}`;
}
