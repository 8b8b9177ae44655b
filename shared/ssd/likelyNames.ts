import type { Engine } from '../database/database.js';
import type { SchemaTable, SchemaTables } from '../database/schemaTables.js';
import type { SsdNames } from './profile.js';
import { sqlName } from './profileFile.js';
import { columnsOf, kindOf, knownTables, type KnownTable } from './tables.js';
import { typeKind } from './typeKinds.js';

/** A table or column that the SSD lacks by name, and one it has that no profile reads and whose name is alike. */
export interface LikelyName {
  readonly table: KnownTable;
  /** `undefined` for the table itself. */
  readonly column?: string;
  readonly name: string;
}

/** What could be in `tableNames` and `columnNames` of a profile. A person decides: names are compared, not values. */
export function likelyNames(found: SchemaTables, engine: Engine, names: SsdNames): LikelyName[] {
  const taken = new Set(knownTables.map((table) => names.tableName(table).toLowerCase()));
  return knownTables.flatMap((table): LikelyName[] => {
    const here = found.tables.get(names.tableName(table).toLowerCase());
    if (here !== undefined) return likelyColumns(here, table, engine, names);
    const [likely] = [...found.tables.entries()]
      .filter(([name]) => !taken.has(name) && sqlName.safeParse(name).success)
      .map(([, spare]) => ({ spare, share: shareOfColumns(spare, table, names) }))
      .filter(({ share }) => share >= 0.5)
      .sort((one, other) => other.share - one.share);
    if (likely === undefined) return [];
    return [{ table, name: likely.spare.name }, ...likelyColumns(likely.spare, table, engine, names)];
  });
}

/** Columns begin with letters of their table, such as `pers_`, so that they show which table one is. */
function shareOfColumns(spare: SchemaTable, table: KnownTable, names: SsdNames): number {
  const wanted = columnsOf(table).flatMap((column) => names.columnName(table, column) ?? []);
  const there = wanted.filter((name) => spare.columns.has(name.toLowerCase()));
  return there.length / Math.max(wanted.length, 1);
}

function likelyColumns(here: SchemaTable, table: KnownTable, engine: Engine, names: SsdNames): LikelyName[] {
  const wanted = columnsOf(table).map((column) => ({ column, name: names.columnName(table, column) }));
  const read = new Set(wanted.map(({ name }) => name?.toLowerCase()));
  const spare = [...here.columns]
    .filter(([name]) => !read.has(name) && sqlName.safeParse(name).success)
    .map(([, column]) => column);
  const pairs = wanted
    .filter(({ name }) => name !== null && !here.columns.has(name.toLowerCase()))
    .flatMap(({ column }) =>
      spare
        .filter(({ type }) => canHold(table, column, typeKind(engine, type)))
        .map(({ name }) => ({ column, name, likeness: likeness(column, name) })),
    )
    .filter((pair) => pair.likeness > 0)
    .sort((one, other) => other.likeness - one.likeness);
  const given: LikelyName[] = [];
  for (const { column, name } of pairs) {
    if (given.some((before) => before.column === column || before.name === name)) continue;
    given.push({ table, column, name });
  }
  return given;
}

function canHold(table: KnownTable, column: string, kind: ReturnType<typeof typeKind>): boolean {
  if (kind === undefined || kind === 'text') return true;
  const isDate = kind === 'date' || kind === 'zoned date';
  return isDate === (kindOf(table, column) === 'date');
}

/** Oracle before 12.2 has names of 30 characters at most, so that a long one is cut. */
const leastOfCutName = 20;

/** Words that say in which form a value is, and not which value. */
const wordsOfForm: ReadonlySet<string> = new Set([
  'code',
  'desc',
  'description',
  'name',
  'no',
  'number',
  'text',
  'value',
]);

/** How much a name says what another says, from 0 to 1. Each word of the shorter must be in the longer, and the last word. */
export function likeness(wanted: string, found: string): number {
  const [one, other] = [wanted.toLowerCase(), found.toLowerCase()];
  if (other.length >= leastOfCutName && one.startsWith(other)) return 1;
  const [prefix, ...words] = one.split('_');
  const all = other.split('_').filter((word) => word !== '');
  const its = all[0] === prefix ? all.slice(1) : all;
  const shared = words.filter((word) => its.some((theirs) => isSameWord(word, theirs)));
  if (shared.at(-1) !== words.at(-1)) return 0;
  if (shared.length < Math.min(words.length, its.length)) return 0;
  const more = its.filter((theirs) => !words.some((word) => isSameWord(word, theirs)));
  // `icpc_icpc_target_date` is another date than `icpc_icpc_date`.
  if (more.some((word) => !wordsOfForm.has(word))) return 0;
  const share = shared.length / Math.max(words.length, its.length);
  return share >= 0.5 ? share : 0;
}

/** `close` and `closure`, `auth` and `authorised`: words that begin alike. */
function isSameWord(one: string, other: string): boolean {
  return one === other || (one.length >= 4 && other.length >= 4 && one.slice(0, 4) === other.slice(0, 4));
}
