import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { isCodedField, type CodedField } from '../child/codes/codeLists.js';
import { codeColumns } from '../child/codes/codeReader.js';
import { normalised, placeholderKey } from '../child/codes/localValues.js';
import { isPlainDate } from '../child/dates.js';
import eclipse from './profiles/eclipse.json';
import mosaic from './profiles/mosaic.json';
import national from './profiles/national.json';
import systemc from './profiles/systemc.json';
import { columnsOf, isDetailTable, isKnownTable, isWayName } from './tables.js';

/** A name that needs no quotation marks in SQL. */
export const sqlName = z
  .string()
  .regex(/^[A-Za-z_#][\w#]*$/, 'must be a plain name of letters, digits and _');
const localValues = z.array(z.string().min(1));

const tableName = z.string().refine(isKnownTable, { error: 'is not a table of the SSD' });
const detailTable = z
  .string()
  .refine(isDetailTable, { error: 'is not a table of the SSD that hangs on a person' });
const wayName = z.string().refine(isWayName, { error: 'is neither "person" nor a table of the SSD' });
const codedField = z.string().refine(isCodedField, { error: 'is not a coded field' });
/** A bare blank, a letter or a digit separates nothing: it would cut words in two. */
const separator = z
  .string()
  .regex(
    /^[^A-Za-z0-9]*[^A-Za-z0-9\s][^A-Za-z0-9]*$/,
    'must be a sign such as : or " - ", with no letter or digit',
  );
const fieldOrAll = z
  .string()
  .refine((name): name is CodedField | 'all' => name === 'all' || isCodedField(name), {
    error: 'is neither a coded field nor "all"',
  });
const codeColumn = z.enum(codeColumns, 'must be code or description');

/** The lists: each adds to that of the profile it extends, and can be shortened. */
const lists = {
  uascStatuses: localValues.optional(),
  careWorkerRoles: localValues.optional(),
  formerUpnTypes: localValues.optional(),
  conferenceFlagKeys: localValues.optional(),
  conferenceOutcomes: localValues.optional(),
  /** The outcomes that mean something else: only a list of these alone says that there is no conference. */
  otherOutcomes: localValues.optional(),
  /** Texts in the place of a value that are not values. */
  placeholders: localValues.optional(),
  /** Dates in the place of a date that are not dates. */
  placeholderDates: z.array(z.string().refine(isPlainDate, 'must be a date yyyy-MM-dd')).optional(),
};

/** How two entries of a list are compared. */
const entryKeys: Readonly<Record<keyof typeof lists, (entry: string) => string>> = {
  uascStatuses: normalised,
  careWorkerRoles: normalised,
  formerUpnTypes: normalised,
  conferenceFlagKeys: placeholderKey,
  conferenceOutcomes: normalised,
  otherOutcomes: normalised,
  placeholders: placeholderKey,
  placeholderDates: placeholderKey,
};

/**
 * What one case management system does differently, as a JSON file says it. Lists and maps add to those of the
 * profile it extends; `schema` and names replace.
 */
const profileFileSchema = z.strictObject({
  extends: z.string().optional(),
  /** The database schema of the SSD tables, unless the setting SSD_SCHEMA says otherwise. */
  schema: sqlName.optional(),
  ...lists,
  /** The table's name in this system, by its name in the SSD specification. */
  tableNames: z.partialRecord(tableName, sqlName).optional(),
  /**
   * The column's name in this system, by table and by its name in the SSD specification; null where the system has no such
   * column, or something else in it.
   */
  columnNames: z.partialRecord(tableName, z.record(z.string(), sqlName.nullable())).optional(),
  /**
   * How the rows of a table find those of its parent: table, parent, alternatives in their order (`equation.ts` says how
   * one is written). They replace those of the profile it extends.
   */
  relations: z.partialRecord(detailTable, z.partialRecord(tableName, z.array(z.string()).min(1))).optional(),
  /** The ways from a row to its person, in their order: `person`, or a parent in `relations`. They replace, too. */
  ways: z.partialRecord(detailTable, z.array(wayName)).optional(),
  /** Read from older files, and no longer needed: any column but two ids may be missing, and any table but two. */
  optionalColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
  optionalTables: z.array(tableName).optional(),
  /** Read from older files, and no longer needed: ids of every type are compared as text. */
  integerColumns: z.partialRecord(tableName, z.array(z.string())).optional(),
  /** The older form of the relation `clae_person_id + clae_referral_id = cine_referral_id`. */
  prefixedWithPersonId: z.array(z.literal('clae_referral_id')).optional(),
  /** True where several placements of a child may have one id. */
  placementIdsRepeat: z.boolean().optional(),
  /**
   * National codes by local value, field by field. null removes a value of the profile that this one extends: the
   * value alone no longer means its code; after that code it is still recognised.
   */
  valueMaps: z.partialRecord(codedField, z.record(z.string(), z.string().nullable())).optional(),
  /** What may come between a code and its description, field by field or for `all`; replaces. */
  separators: z.partialRecord(fieldOrAll, z.array(separator)).optional(),
  /**
   * Which of the two columns of a field is read first, and in which one numbers are never read; replaces, field by
   * field.
   */
  speaks: z
    .partialRecord(
      codedField,
      z
        .strictObject({ first: codeColumn, never: codeColumn.optional() })
        .refine(({ first, never }) => first !== never, 'first and never must be different columns'),
    )
    .optional(),
  /** What is taken out of the lists that are inherited. */
  without: z
    .strictObject({
      ...lists,
      valueMaps: z.undefined('is not a list: in "valueMaps" give the value null').optional(),
    })
    .optional(),
});

export type ProfileFile = z.output<typeof profileFileSchema>;

/** The profile's file is missing or wrong; the message names the file and each wrong place. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

export const builtIn = { national, systemc, mosaic, eclipse } as const satisfies Record<string, unknown>;
export type BuiltInName = keyof typeof builtIn;

export function isBuiltIn(name: string | undefined): name is BuiltInName {
  return name !== undefined && Object.hasOwn(builtIn, name);
}

/**
 * Gives what a JSON file says that another one extends.
 * @param path from where the first file's name starts as well
 * @param namedBy the file that extends it
 * @throws ProfileError when it cannot be read
 */
export type ReadBase = (path: string, namedBy: string) => unknown;

/**
 * The file and what it extends, the most general first. What a file takes away is gone from those before it.
 * @param above the files that led here, each extended by the one before it
 */
export function layersOf(
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
  const wrong = deadEntries(inherited, own, without);
  if (wrong.length > 0) throw errorOf(name, wrong);
  return [...inherited.map((layer) => shortened(layer, without)), own];
}

type Lists = Partial<Record<keyof typeof lists, readonly string[] | undefined>>;

function shortened(layer: ProfileFile, without: Lists): ProfileFile {
  const shorter = Object.entries(entryKeys).map(([list, keyOf]): [string, string[]] => {
    const taken = new Set(entriesOf(without, list).map(keyOf));
    return [list, entriesOf(layer, list).filter((entry) => !taken.has(keyOf(entry)))];
  });
  return { ...layer, ...Object.fromEntries(shorter) };
}

/** What is to be taken out and is not inherited, or is given by the same file. */
function deadEntries(inherited: readonly Lists[], own: Lists, without: Lists): string[] {
  return Object.entries(entryKeys).flatMap(([list, keyOf]) => {
    const keysIn = (layer: Lists) => entriesOf(layer, list).map(keyOf);
    const before = new Set(inherited.flatMap(keysIn));
    const given = new Set(keysIn(own));
    return entriesOf(without, list).flatMap((entry) => [
      ...(before.has(keyOf(entry))
        ? []
        : [
            `without.${list}: "${entry}" is not inherited, so there is nothing to take away. Correct it or remove it`,
          ]),
      ...(given.has(keyOf(entry))
        ? [`without.${list}: "${entry}" is given in ${list} as well. Remove one of the two`]
        : []),
    ]);
  });
}

function entriesOf(layer: Lists, name: string): readonly string[] {
  return Object.entries(layer).find(([list]) => list === name)?.[1] ?? [];
}

function inheritedBy(
  { extends: base }: ProfileFile,
  name: string,
  readBase: ReadBase | undefined,
  chain: readonly string[],
): ProfileFile[] {
  if (base === undefined) return name === 'national' ? [] : layersOf(national, 'national', readBase);
  if (isBuiltIn(base)) return layersOf(builtIn[base], base, readBase);
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

export function errorOf(name: string, problems: readonly string[]): ProfileError {
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
