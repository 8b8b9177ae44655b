import type { Database, Row } from '../database/database.js';
import { healthOf, healthSelects } from './health.js';
import { belongingOf, belongingSelect, judged } from './judged.js';
import { absentColumns, absentTables, type SsdLayout } from './layout.js';
import { Ownership } from './ownership.js';
import { professionalsFrom, professionalsSelect, type Professionals } from './professionals.js';
import type { SsdNames } from './profile.js';
import { stepsOfWays } from './relations.js';
import type { IdForm } from '../database/idForm.js';
import type { Belonging, Survey } from './survey.js';
import { isSsdTable, type SsdDetailTable } from '../child/sourceRows.js';
import { typeKind } from './typeKinds.js';

/**
 * Surveys the SSD as a whole, in one round trip for each step of the ways: a table comes after those that its ways
 * lead through, so that the SELECTs join only what is needed.
 */
export async function surveyOf(
  database: Database,
  layout: SsdLayout,
  names: SsdNames,
  form: IdForm,
): Promise<{ readonly survey: Survey; readonly professionals: Professionals }> {
  const { relations } = names;
  const belonging = new Map<SsdDetailTable, Belonging>();
  let once: Readonly<Record<string, readonly Row[]>> | undefined;
  for (const step of stepsOfWays(relations)) {
    const tables = step.filter((table) => !layout.isMissing(table));
    const ownership = new Ownership(layout, relations, belonging);
    const selects: Record<string, string> = Object.fromEntries(
      tables.map((table) => [table, belongingSelect(judged(layout, ownership, table))]),
    );
    if (once === undefined) {
      Object.assign(selects, healthSelects(layout, relations), {
        professionals: professionalsSelect({ layout, relations }),
        withoutId: withoutIdSelect(layout),
        ...sharedUpnsSelects(layout),
      });
    }
    const rows = await database.queryTogether(selects);
    once ??= rows;
    for (const table of tables) {
      belonging.set(table, belongingOf(rows[table]?.[0], ownership.waysOf(table).length));
    }
  }
  const relationHealth = healthOf(layout, relations, once ?? {}, belonging);
  const factors = relationHealth.find(
    ({ table, parent }) => table === 'ssd_assessment_factors' && parent === 'ssd_cin_assessments',
  );
  return {
    survey: {
      relations: relationHealth,
      absentTables: new Set(absentTables(layout).filter(isSsdTable)),
      absentColumns: absentColumns(layout, names),
      factorsWithoutAssessment:
        factors === undefined
          ? (belonging.get('ssd_assessment_factors')?.rows ?? 0)
          : factors.rows - factors.found,
      sharedUpns: new Set((once?.['sharedUpns'] ?? []).map(({ upn }) => String(upn))),
      personsWithoutId: Number(once?.['withoutId']?.[0]?.['persons'] ?? 0),
      belonging,
    },
    professionals: professionalsFrom(once?.['professionals'] ?? [], {
      layout,
      relations,
      form,
    }),
  };
}

function withoutIdSelect(layout: SsdLayout): string {
  const id = layout.id('ssd_person', 'pers_person_id', 'person');
  return `SELECT COUNT(*) AS persons
FROM ${layout.table('ssd_person')} person
WHERE ${id} IS NULL OR ${id} = ''`;
}

/** One SELECT, or none where the column is not there or holds no text. Column: `upn`. */
function sharedUpnsSelects(layout: SsdLayout): Readonly<Record<string, string>> {
  const [table, column] = ['ssd_person', 'pers_upn'] as const;
  if (!layout.has(table, column) || typeKind(layout.engine, layout.type(table, column)) !== 'text') return {};
  const id = layout.id(table, 'pers_person_id', 'person');
  const upn = `UPPER(LTRIM(RTRIM(${layout.column(table, column, 'person')})))`;
  return {
    sharedUpns: `SELECT ${upn} AS upn
FROM ${layout.table(table)} person
WHERE ${id} <> '' AND ${upn} <> ''
GROUP BY ${upn}
HAVING COUNT(DISTINCT ${id}) > 1`,
  };
}
