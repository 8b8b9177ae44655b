import { codedFields, type CodedField } from '../child/codes/codeLists.js';
import type { CodeProfile, Speaks } from '../child/codes/codeReader.js';
import { normalised, placeholderKey } from '../child/codes/localValues.js';
import type { PlainDate } from '../child/dates.js';
import { recordOf } from '../child/recordOf.js';
import { detailTables } from '../child/sourceRows.js';
import {
  builtIn,
  errorOf,
  isBuiltIn,
  layersOf,
  type BuiltInName,
  type ProfileFile,
  type ReadBase,
} from './profileFile.js';
import type { PublishedSystem } from './publishedColumns.js';
import { relationsOf, type AlternativeTexts, type Relations, type WayNames } from './relations.js';
import { isKnownTable, type KnownTable } from './tables.js';
import { valueMapsOf } from './valueMaps.js';

/** The names under which the SSD is read, and how its rows hang together. */
export interface SsdNames {
  tableName(table: KnownTable): string;
  /** `null` where the profile says that there is none, whatever the SSD has under the name in the specification. */
  columnName(table: KnownTable, column: string): string | null;
  readonly relations: Relations;
  /** Texts in the place of an id that are not ids, such as -1: as a key they lead nowhere. */
  readonly placeholderIds: readonly string[];
}

/** How one case management system fills the SSD. */
export interface Profile extends CodeProfile {
  /** The case management system among those with a published extract; `undefined` for another. */
  readonly system: PublishedSystem | undefined;
  /** The built-in profile that it is or extends, through other files or directly. */
  readonly basis: BuiltInName;
  readonly schema: string;
  readonly names: SsdNames;
  /** Dates in the place of a date that are not dates, such as 1900-01-01. */
  readonly placeholderDates: ReadonlySet<PlainDate>;
  readonly uascStatuses: ReadonlySet<string>;
  readonly careWorkerRoles: ReadonlySet<string>;
  readonly formerUpnTypes: ReadonlySet<string>;
  readonly conferenceFlagKeys: readonly string[];
  readonly conferenceOutcomes: ReadonlySet<string>;
  readonly otherOutcomes: ReadonlySet<string>;
  readonly placementIdsRepeat: boolean;
}

/** The profile of that name itself, also the one that the others extend. */
export function basisProfile(name: BuiltInName): Profile {
  return profileFrom(builtIn[name], name);
}

/** The profiles that are there without a file of one's own. */
export const profileNames = ['systemc', 'mosaic', 'eclipse'] as const;

export function builtInProfile(name: (typeof profileNames)[number]): Profile {
  return basisProfile(name);
}

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
  const basis = isBuiltIn(name)
    ? name
    : (layers.map((layer) => layer.extends).findLast(isBuiltIn) ?? 'national');
  return {
    basis,
    system: basis === 'national' ? undefined : basis,
    schema: layers.findLast((layer) => layer.schema !== undefined)?.schema ?? 'dbo',
    names: namesOf(layers, name),
    ...valueMapsOf(layers, name),
    separators: recordOf(codedFields, (field) => separatorsOf(layers, field)),
    speaks: recordOf(codedFields, (field) => speaksOf(layers, field)),
    placeholders: new Set(all((layer) => layer.placeholders).map(placeholderKey)),
    placeholderDates: new Set(layers.flatMap((layer) => layer.placeholderDates ?? [])),
    uascStatuses: setOf((layer) => layer.uascStatuses),
    careWorkerRoles: setOf((layer) => layer.careWorkerRoles),
    formerUpnTypes: setOf((layer) => layer.formerUpnTypes),
    conferenceFlagKeys: all((layer) => layer.conferenceFlagKeys),
    conferenceOutcomes: setOf((layer) => layer.conferenceOutcomes),
    otherOutcomes: setOf((layer) => layer.otherOutcomes),
    placementIdsRepeat:
      layers.findLast((layer) => layer.placementIdsRepeat !== undefined)?.placementIdsRepeat ?? false,
  };
}

function namesOf(layers: readonly ProfileFile[], name: string): SsdNames {
  const { relations, problems } = relationsOf(alternativesOf(layers), waysOf(layers));
  if (problems.length > 0) throw errorOf(name, problems);
  return {
    tableName: (table) =>
      layers.map((layer) => layer.tableNames?.[table]).findLast((found) => found !== undefined) ?? table,
    columnName: (table, column) => {
      const named = layers.map((layer) => layer.columnNames?.[table]?.[column]);
      const last = named.findLast((found) => found !== undefined);
      return last === undefined ? column : last;
    },
    relations,
    placeholderIds: [...new Set(layers.flatMap((layer) => layer.placeholders ?? []))],
  };
}

function alternativesOf(layers: readonly ProfileFile[]): AlternativeTexts {
  const found: AlternativeTexts[] = layers.map(({ relations, prefixedWithPersonId }) => {
    const prefixed =
      prefixedWithPersonId === undefined || prefixedWithPersonId.length === 0
        ? {}
        : { ssd_cin_episodes: ['clae_person_id + clae_referral_id = cine_referral_id'] };
    return { ...relations, ssd_cla_episodes: { ...prefixed, ...relations?.ssd_cla_episodes } };
  });
  return recordOf(detailTables, (table) =>
    found.reduce<NonNullable<AlternativeTexts[typeof table]>>(
      (all, layer) => ({ ...all, ...layer[table] }),
      {},
    ),
  );
}

function waysOf(layers: readonly ProfileFile[]): WayNames {
  return layers.reduce<WayNames>((all, { ways }) => ({ ...all, ...ways }), {});
}

/** A table and a column, by their names in the SSD specification, as this system names them. */
export function namesInSsd(
  { table, column }: { readonly table: string; readonly column?: string | undefined },
  names: SsdNames,
): { readonly table: string; readonly column: string | undefined } {
  if (!isKnownTable(table)) return { table, column };
  return {
    table: names.tableName(table),
    column: column === undefined ? undefined : (names.columnName(table, column) ?? undefined),
  };
}

/** The column of ssd_professionals that holds a worker's Social Work England number, in the SSD specification. */
export const registrationColumn = 'prof_social_worker_registration_no';

/**
 * The same names, with another column of ssd_professionals read as a worker's registration.
 * @param column its name in the SSD specification, where it has one there; else its name in this system
 */
export function withRegistrationColumn(names: SsdNames, column: string): SsdNames {
  return {
    ...names,
    columnName: (table, name) =>
      names.columnName(table, table === 'ssd_professionals' && name === registrationColumn ? column : name),
  };
}

function separatorsOf(layers: readonly ProfileFile[], field: CodedField): readonly string[] {
  const named = (key: CodedField | 'all') =>
    layers.map((layer) => layer.separators?.[key]).findLast((found) => found !== undefined);
  return (named(field) ?? named('all') ?? []).map((text) =>
    text.replace(/[‐-―−]/g, '-').replace(/\s+/g, ' '),
  );
}

function speaksOf(layers: readonly ProfileFile[], field: CodedField): Speaks {
  const last = layers.map((layer) => layer.speaks?.[field]).findLast((found) => found !== undefined);
  return last ?? { first: 'code' };
}
