import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { codeLists2025to26, type CodedField, type CodeLists } from '../child/codes.js';
import { normalised, type ValueMaps } from '../child/localValues.js';
import eclipse from './profiles/eclipse.json';
import mosaic from './profiles/mosaic.json';
import national from './profiles/national.json';
import systemc from './profiles/systemc.json';
import { lookedUp, shortened } from './shortened.js';
import { personColumns, ssdTables, type SsdTable } from './tables.js';

const sqlName = z.string().regex(/^[A-Za-z_#][\w#]*$/, 'must be a plain name of letters, digits and _');
const localValues = z.array(z.string().min(1));

const tableName = z.string().refine(isKnownTable, { error: 'is not a table of the SSD' });
const codedField = z.string().refine(isCodedField, { error: 'is not a coded field' });

/**
 * What one case management system does differently, as a JSON file says it. Lists and maps add to those of the
 * profile it extends; `schema` and names replace.
 */
const profileFileSchema = z.strictObject({
  extends: z.string().optional(),
  /** The database schema of the SSD tables, unless the setting SSD_SCHEMA says otherwise. */
  schema: sqlName.optional(),
  uascStatuses: localValues.optional(),
  careWorkerRoles: localValues.optional(),
  formerUpnTypes: localValues.optional(),
  conferenceFlagKeys: localValues.optional(),
  conferenceOutcomes: localValues.optional(),
  /** The table's name in this system, by its name in the SSD specification. */
  tableNames: z.partialRecord(tableName, sqlName).optional(),
  /** The column's name in this system, by table and by its name in the SSD specification. */
  columnNames: z.partialRecord(tableName, z.record(z.string(), sqlName)).optional(),
  /** Columns and tables that may be missing: they count as empty. */
  optionalColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
  optionalTables: z.array(tableName).optional(),
  /** Id columns that are whole numbers here and text in other tables. */
  integerColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
  /** Columns whose value goes after the person's id to meet the column they refer to. */
  prefixedWithPersonId: z.array(z.literal('clae_referral_id')).optional(),
  /** True where several placements of a child may have one id. */
  placementIdsRepeat: z.boolean().optional(),
  /** National codes by local value, field by field. */
  valueMaps: z.partialRecord(codedField, z.record(z.string(), z.string())).optional(),
  /** What is taken out of the lists and maps that are inherited. Every list that can be extended can be shortened. */
  without: z
    .strictObject({
      uascStatuses: localValues.optional(),
      careWorkerRoles: localValues.optional(),
      formerUpnTypes: localValues.optional(),
      conferenceFlagKeys: localValues.optional(),
      conferenceOutcomes: localValues.optional(),
      optionalColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
      optionalTables: z.array(tableName).optional(),
      integerColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
      prefixedWithPersonId: z.array(z.string()).optional(),
      /** The local values whose code is not inherited. */
      valueMaps: z.partialRecord(codedField, localValues).optional(),
    })
    .optional(),
});

type ProfileFile = z.output<typeof profileFileSchema>;

/** The names under which the SSD is read, and what is special about its columns. */
export interface SsdNames {
  tableName(table: KnownTable): string;
  columnName(table: KnownTable, column: string): string;
  isOptional(table: KnownTable, column: string): boolean;
  isOptionalTable(table: KnownTable): boolean;
  isInteger(table: KnownTable, column: string): boolean;
  isPrefixedWithPersonId(column: string): boolean;
}

/** How one case management system fills the SSD. */
export interface Profile {
  readonly schema: string;
  readonly names: SsdNames;
  readonly valueMaps: ValueMaps;
  readonly uascStatuses: ReadonlySet<string>;
  readonly careWorkerRoles: ReadonlySet<string>;
  readonly formerUpnTypes: ReadonlySet<string>;
  readonly conferenceFlagKeys: readonly string[];
  readonly conferenceOutcomes: ReadonlySet<string>;
  readonly placementIdsRepeat: boolean;
}

/** The tables that are read: those with rows of their own in the domain, and the professionals joined to them. */
export type KnownTable = SsdTable | 'ssd_professionals';

/** The profile's file is missing or wrong; the message names the file and each wrong place. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

const builtIn: Readonly<Record<string, unknown>> = { national, systemc, mosaic, eclipse };

/** The profiles that are there without a file of one's own. */
export const profileNames = ['systemc', 'mosaic', 'eclipse'] as const;

export function builtInProfile(name: (typeof profileNames)[number]): Profile {
  return profileFrom(builtIn[name], name);
}

/**
 * Gives what a JSON file says that another one extends.
 * @param path from where the first file's name starts as well
 * @param namedBy the file that extends it
 * @throws ProfileError when it cannot be read
 */
export type ReadBase = (path: string, namedBy: string) => unknown;

/**
 * A profile from what its JSON file says, on top of the profile or the file it extends.
 * @param name the file's path, as errors call it; what it extends is looked for from there
 * @param readBase reads a file that is extended; without it only built-in profiles can be
 * @throws ProfileError that lists everything wrong
 */
export function profileFrom(file: unknown, name: string, readBase?: ReadBase): Profile {
  const layers = layersOf(file, name, readBase);
  const all = (list: (layer: ProfileFile) => readonly string[] | undefined) =>
    layers.flatMap((layer) => list(layer) ?? []);
  const setOf = (list: (layer: ProfileFile) => readonly string[] | undefined) =>
    new Set(all(list).map(normalised));
  return {
    schema: layers.findLast((layer) => layer.schema !== undefined)?.schema ?? 'dbo',
    names: namesOf(layers),
    valueMaps: valueMapsOf(layers, codeLists2025to26, name),
    uascStatuses: setOf((layer) => layer.uascStatuses),
    careWorkerRoles: setOf((layer) => layer.careWorkerRoles),
    formerUpnTypes: setOf((layer) => layer.formerUpnTypes),
    conferenceFlagKeys: all((layer) => layer.conferenceFlagKeys),
    conferenceOutcomes: setOf((layer) => layer.conferenceOutcomes),
    placementIdsRepeat:
      layers.findLast((layer) => layer.placementIdsRepeat !== undefined)?.placementIdsRepeat ?? false,
  };
}

/**
 * The file and what it extends, the most general first. What a file takes away is gone from those before it.
 * @param above the files that led here, each extended by the one before it
 */
function layersOf(
  file: unknown,
  name: string,
  readBase: ReadBase | undefined,
  above: readonly string[] = [],
): ProfileFile[] {
  const read = profileFileSchema.safeParse(file);
  if (!read.success) {
    throw errorOf(
      name,
      read.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`),
    );
  }
  const { without, ...own } = read.data;
  const problems = columnProblems(own);
  if (problems.length > 0) throw errorOf(name, problems);
  const inherited = inheritedBy(own, name, readBase, [...above, name]);
  if (without === undefined) return [...inherited, own];
  const wrong = [
    ...lookedUp(inherited, without).notThere.map(
      ({ place, entry }) =>
        `without.${place}: "${entry}" is not inherited, so there is nothing to take away. Correct it or remove it`,
    ),
    ...lookedUp([own], without).there.map(
      ({ place, entry }) =>
        `without.${place}: "${entry}" is given in ${place} as well. Remove one of the two`,
    ),
  ];
  if (wrong.length > 0) throw errorOf(name, wrong);
  return [...inherited.map((layer) => profileFileSchema.parse(shortened(layer, without))), own];
}

function inheritedBy(
  { extends: base }: ProfileFile,
  name: string,
  readBase: ReadBase | undefined,
  chain: readonly string[],
): ProfileFile[] {
  if (base === undefined) return name === 'national' ? [] : layersOf(national, 'national', readBase);
  if (Object.hasOwn(builtIn, base)) return layersOf(builtIn[base], base, readBase);
  if (!base.endsWith('.json') || readBase === undefined) {
    throw errorOf(name, [
      `extends: must be one of ${Object.keys(builtIn).join(', ')}, or a file that ends in .json`,
    ]);
  }
  if (isAbsolute(base)) {
    throw errorOf(name, [
      'extends: must be a path from the folder of this file, so that both travel together',
    ]);
  }
  const path = join(dirname(name), base);
  if (chain.includes(path)) {
    throw errorOf(name, [
      `extends: the files extend each other in a circle: ${[...chain.slice(chain.indexOf(path)), path].join(' extends ')}`,
    ]);
  }
  return layersOf(readBase(path, name), path, readBase, chain);
}

function errorOf(name: string, problems: readonly string[]): ProfileError {
  return new ProfileError(
    `The profile ${name} cannot be used. Nothing was read.\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
  );
}

function columnProblems({ columnNames, optionalColumns, integerColumns }: ProfileFile): string[] {
  const named = [
    ...Object.entries(columnNames ?? {}).map(([table, columns]) => [table, Object.keys(columns)] as const),
    ...Object.entries(optionalColumns ?? {}),
    ...Object.entries(integerColumns ?? {}),
  ];
  return named.flatMap(([table, columns]) =>
    columns
      .filter((column) => !isKnownTable(table) || !columnsOf(table).includes(column))
      .map((column) => `${table}.${column}: is not a column that is read`),
  );
}

function namesOf(layers: readonly ProfileFile[]): SsdNames {
  return {
    tableName: (table) =>
      layers.map((layer) => layer.tableNames?.[table]).findLast((found) => found !== undefined) ?? table,
    columnName: (table, column) =>
      layers.map((layer) => layer.columnNames?.[table]?.[column]).findLast((found) => found !== undefined) ??
      column,
    isOptional: (table, column) => layers.some((layer) => layer.optionalColumns?.[table]?.includes(column)),
    isOptionalTable: (table) => layers.some((layer) => layer.optionalTables?.includes(table)),
    isInteger: (table, column) => layers.some((layer) => layer.integerColumns?.[table]?.includes(column)),
    isPrefixedWithPersonId: (column) =>
      layers.some((layer) => layer.prefixedWithPersonId?.some((name) => name === column)),
  };
}

function valueMapsOf(layers: readonly ProfileFile[], codes: CodeLists, name: string): ValueMaps {
  const maps: Partial<Record<CodedField, Map<string, string>>> = {};
  const problems: string[] = [];
  for (const layer of layers) {
    for (const [field, values] of Object.entries(layer.valueMaps ?? {})) {
      if (!isCodedField(field)) continue;
      const map = (maps[field] ??= new Map<string, string>());
      for (const [local, code] of Object.entries(values)) {
        if (!codes[field].has(code)) problems.push(`valueMaps.${field}: ${code} is not a national code`);
        map.set(normalised(local), code);
      }
    }
  }
  if (problems.length > 0) throw errorOf(name, problems);
  return maps;
}

function isKnownTable(name: string): name is KnownTable {
  return name === 'ssd_professionals' || Object.hasOwn(ssdTables, name);
}

function isCodedField(name: string): name is CodedField {
  return Object.hasOwn(codeLists2025to26, name) && !['collectionYear', 'source', 'retired'].includes(name);
}

/** Every column that is read of a table, or joined by, under its name in the SSD specification. */
export function columnsOf(table: KnownTable): readonly string[] {
  if (table === 'ssd_professionals') return ['prof_professional_id', 'prof_social_worker_registration_no'];
  const own = Object.keys(ssdTables[table]).filter((column) => !column.startsWith('prof_'));
  return [...new Set([...own, ...personColumns[table]])];
}
