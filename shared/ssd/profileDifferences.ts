import { codedFields } from '../child/codes/codeLists.js';
import type { Profile } from './profile.js';
import { columnsOf, knownTables } from './tables.js';

/** How many entries of a list or map are only in one of two profiles, or mean another code in the other. */
export interface EntriesChanged {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/**
 * What a profile does differently from another one. Only tables, columns, fields and lists are named. The entries of lists
 * and maps are values of the council's records, or of whatever a person wrote there: they are counted.
 */
export interface ProfileDifferences {
  /** The database schema, where it is another one. */
  readonly schema?: string;
  /** Names in the council's database, by those of the SSD specification. */
  readonly tableNames: Readonly<Record<string, string>>;
  /** By `table.column`. */
  readonly columnNames: Readonly<Record<string, string>>;
  /** `table -> parent`, where rows find each other in another way. */
  readonly relations: readonly string[];
  /** The tables whose rows find their child in another way. */
  readonly ways: readonly string[];
  readonly lists: Readonly<Record<string, EntriesChanged>>;
  /** By coded field. */
  readonly valueMaps: Readonly<Record<string, EntriesChanged>>;
  /** The coded fields with other separators, and those whose columns are read in another order. */
  readonly separators: readonly string[];
  readonly speaks: readonly string[];
  readonly placementIdsRepeat?: boolean;
}

export function profileDifferences(own: Profile, basis: Profile): ProfileDifferences {
  const named = <Value>(of: (profile: Profile) => readonly (readonly [string, Value])[]) => {
    const before = new Map(of(basis));
    return of(own).filter(([name, value]) => differ(value, before.get(name)));
  };
  const names = (of: (profile: Profile) => readonly (readonly [string, unknown])[]) =>
    named(of).map(([name]) => name);
  const counted = (of: (profile: Profile) => readonly (readonly [string, Entries])[]) => {
    const before = new Map(of(basis));
    return Object.fromEntries(
      named(of).map(([name, entries]) => [name, entriesChanged(entries, before.get(name) ?? [])]),
    );
  };
  return {
    ...(own.schema === basis.schema ? {} : { schema: own.schema }),
    tableNames: Object.fromEntries(named(tableNamesOf)),
    // A column that holds something else has no name.
    columnNames: Object.fromEntries(named(columnNamesOf).map(([name, its]) => [name, its ?? 'not used'])),
    relations: names(({ names: { relations } }) =>
      relations.all.map(({ table, parent, alternatives }) => [`${table} -> ${parent}`, alternatives]),
    ),
    ways: names(({ names: { relations } }) => Object.entries(relations.ways)),
    lists: counted(listsOf),
    valueMaps: counted(({ valueMaps }) =>
      codedFields.map((field) => [field, [...(valueMaps[field] ?? [])]] as const),
    ),
    separators: names(({ separators }) => Object.entries(separators)),
    speaks: names(({ speaks }) => Object.entries(speaks)),
    ...(own.placementIdsRepeat === basis.placementIdsRepeat
      ? {}
      : { placementIdsRepeat: own.placementIdsRepeat }),
  };
}

/** The entries of a list, or of a map with what each one means. */
type Entries = readonly (readonly [entry: string, meaning: string])[];

function tableNamesOf({ names }: Profile) {
  return knownTables.map((table) => [table, names.tableName(table)] as const);
}

function columnNamesOf({ names }: Profile) {
  return knownTables.flatMap((table) =>
    columnsOf(table).map((column) => [`${table}.${column}`, names.columnName(table, column)] as const),
  );
}

function listsOf(profile: Profile) {
  const lists: Readonly<Record<string, Iterable<string>>> = {
    uascStatuses: profile.uascStatuses,
    careWorkerRoles: profile.careWorkerRoles,
    formerUpnTypes: profile.formerUpnTypes,
    conferenceFlagKeys: profile.conferenceFlagKeys,
    conferenceOutcomes: profile.conferenceOutcomes,
    otherOutcomes: profile.otherOutcomes,
    placeholders: profile.placeholders,
    placeholderDates: profile.placeholderDates,
  };
  return Object.entries(lists).map(
    ([name, entries]) => [name, [...entries].map((entry) => [entry, entry] as const)] as const,
  );
}

function entriesChanged(own: Entries, basis: Entries): EntriesChanged {
  const [is, was] = [new Map(own), new Map(basis)];
  return {
    added: [...is.keys()].filter((entry) => !was.has(entry)).length,
    removed: [...was.keys()].filter((entry) => !is.has(entry)).length,
    changed: [...is].filter(([entry, meaning]) => was.has(entry) && was.get(entry) !== meaning).length,
  };
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
