/*
 * Longer than other files: one class, which is the only way to the SSD. What its statements are made of, and how rows are
 * read, is in files of their own.
 */

import type { PlainDate } from '../child/dates.js';
import type { Finding } from '../child/findings.js';
import type { Database, Parameters, Row } from '../database/database.js';
import {
  joinedRanges,
  rangeParameters,
  type IdExpression,
  type IdOrder,
  type IdRange,
} from '../database/idRange.js';
import { idFormOf, idKeyOf, withoutPadding, type IdKey } from '../database/idForm.js';
import { idsIn, idsRead, listIdOf, listSelect } from './authorityLists.js';
import type { IdsRead } from './idSum.js';
import { unfitColumns, type UnfitColumn } from './columnTypes.js';
import { newestDateSelects, newestDatesOf, type NewestDates } from './freshness.js';
import { involvementRolesOf, involvementRolesSelect, type InvolvementRoles } from './involvementRoles.js';
import { absentColumns, absentTables, readLayout, type NotRead, type SsdLayout } from './layout.js';
import {
  unassignedRowFindings,
  unassignedRowSelects,
  unnamedRowSelects,
  unnamedIdsOf,
} from './unassignedRows.js';
import { Ownership } from './ownership.js';
import { indexesOfPersonColumns, unservableIdsOf, type PersonIndexes } from './personIndexes.js';
import type { Professionals } from './professionals.js';
import type { SsdNames } from './profile.js';
import type { PublishedSystem } from './publishedColumns.js';
import { releaseSigns, type ReleaseSigns } from './releaseSigns.js';
import { personsOf, type PersonRead } from './rows.js';
import { personIds, rangeEnds, rowCountSelects, rowCountsOf, selectsOf, type RowCounts } from './selects.js';
import type { AbsentColumn, Survey } from './survey.js';
import { surveyOf } from './surveying.js';
import type { SsdDetailTable, SsdTable } from '../child/sourceRows.js';
import type { KnownTable } from './tables.js';

/** Everyone in one range, and the rows of one more SELECT. */
interface RangeRead {
  readonly persons: readonly PersonRead[];
  /** The tables that the SSD does not have: their rows are not known to be none. */
  readonly absentTables: ReadonlySet<SsdTable>;
  readonly besides: readonly Row[];
  /** The ids of the range on the authority's own list of the cohort, by their `idKeyOf`; `undefined` without a list. */
  readonly cohortList: ReadonlyMap<string, string> | undefined;
  /** The ids of the range on the allow-list, by their `idKeyOf`; `undefined` without one. */
  readonly allowList: ReadonlyMap<string, string> | undefined;
  /** Who was read, to be compared with `ids`. */
  readonly ids: IdsRead;
}

/** What else limits who is sent, in addition to the inclusion sets. Lists are tables with a column `person_id`. */
export interface CohortLimits {
  /** In years; 26 when absent. */
  readonly ageLimit?: number;
  /** The authority's own list of the cohort, as of its statutory returns. */
  readonly cohortList?: string | undefined;
  /** The few children to send before going live. */
  readonly allowList?: string | undefined;
}

/** How values are read, where a council differs. */
export interface ReadingOptions {
  /** Dates that mean no date; 1900-01-01 when absent. */
  readonly placeholderDates?: readonly PlainDate[];
  /** What is not read, since it is not shared (`child/categories.ts`); none when absent. */
  readonly notRead?: NotRead;
}

/** What a run has learned of the SSD before it reads ranges. */
interface Surveyed {
  readonly layout: SsdLayout;
  readonly survey: Survey;
  readonly professionals: Professionals;
}

/** Reads the SSD by ranges of person ids, so that the memory it needs does not depend on the size of the authority. */
export class SsdReader {
  readonly #database: Database;
  readonly #schema: string;
  readonly #names: SsdNames;
  readonly #placeholders: ReadonlySet<string>;
  readonly #notRead: NotRead;
  readonly limits: CohortLimits;
  #layout: SsdLayout | undefined;
  #surveyed: Surveyed | undefined;
  #listIds: ReadonlyMap<string, IdExpression> | undefined;

  constructor(
    database: Database,
    schema: string,
    names: SsdNames,
    limits: CohortLimits = {},
    { placeholderDates, notRead }: ReadingOptions = {},
  ) {
    this.#database = database;
    this.#schema = schema;
    this.#names = names;
    this.#placeholders = new Set<string>(placeholderDates ?? ['1900-01-01']);
    this.#notRead = notRead ?? new Set();
    this.limits = limits;
  }

  /**
   * Surveys the SSD as a whole: which tables and columns there are, how rows belong together, whose they are, and the
   * professionals. Call it at the beginning of each run; `read` uses the result.
   * @throws SsdLayoutError when a table or column is missing without which nothing can be sent
   */
  async survey(): Promise<Survey> {
    return (await this.#survey()).survey;
  }

  /** The rows that cannot be given to one child, as findings: no range of persons holds them. */
  async findingsOfUnassignedRows(survey: Survey): Promise<Finding[]> {
    const layout = await this.#readLayout();
    const ownership = new Ownership(layout, this.#names.relations, survey.belonging);
    const selects = unassignedRowSelects(layout, ownership, survey);
    const rows = Object.keys(selects).length === 0 ? {} : await this.#database.queryTogether(selects);
    return unassignedRowFindings(layout, ownership, survey, rows);
  }

  /**
   * By table, the ids of rows without a person that are too many to be named. Usually there are none, and nothing is
   * read.
   */
  async idsOfUnnamedRows(
    survey: Survey,
    tables: readonly SsdDetailTable[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const layout = await this.#readLayout();
    const ownership = new Ownership(layout, this.#names.relations, survey.belonging);
    const selects = unnamedRowSelects(layout, ownership, survey, tables);
    return Object.keys(selects).length === 0
      ? new Map()
      : unnamedIdsOf(await this.#database.queryTogether(selects));
  }

  /** The number of rows of every table, by its name in the SSD specification; a table that is missing is left out. */
  async rowCounts(): Promise<RowCounts> {
    return rowCountsOf(await this.#database.queryTogether(rowCountSelects(await this.#readLayout())));
  }

  /**
   * The tables that the SSD does not have.
   * @throws SsdLayoutError when a table or column is missing without which nothing can be sent
   */
  async missingTables(): Promise<KnownTable[]> {
    return absentTables(await this.#readLayout());
  }

  /** The columns that the SSD does not have, of the tables that it has: what more could be sent with them. */
  async absentColumns(): Promise<AbsentColumn[]> {
    return absentColumns(await this.#readLayout(), this.#names);
  }

  /** What the columns say about the release of the SSD, where the profile is for the extract of a system. */
  async releaseSigns(system: PublishedSystem): Promise<ReleaseSigns> {
    return releaseSigns(await this.#readLayout(), this.#names, system);
  }

  /**
   * The columns that name a row's person, where reading a range goes through their whole table: of the SSD, and of the other
   * tables that are read by its ranges.
   * @param others the other tables with a column `person_id`
   */
  async unindexedPersonColumns(others: readonly string[] = []): Promise<PersonIndexes> {
    const layout = await this.#readLayout();
    const ofSsd = await indexesOfPersonColumns(this.#database, this.#schema, layout);
    const tables = [...this.lists().map(({ table }) => table), ...others];
    const ofOthers = await unservableIdsOf(this.#database, tables, layout.idOrder);
    return { ...ofSsd, unservable: [...ofSsd.unservable, ...ofOthers] };
  }

  /** The roles of involved workers; `undefined` where the SSD does not have them. */
  async involvementRoles(): Promise<InvolvementRoles | undefined> {
    const select = involvementRolesSelect(await this.#readLayout());
    return select === undefined ? undefined : involvementRolesOf(await this.#database.query(select));
  }

  /** The lists that are set: their tables. */
  lists(): { readonly list: 'cohortList' | 'allowList'; readonly table: string }[] {
    const { cohortList, allowList } = this.limits;
    return [
      ...(cohortList === undefined ? [] : [{ list: 'cohortList' as const, table: cohortList }]),
      ...(allowList === undefined ? [] : [{ list: 'allowList' as const, table: allowList }]),
    ];
  }

  /** How many ids a list has. */
  async countListed(table: string): Promise<number> {
    const [row] = await this.#database.query(`SELECT COUNT(person_id) AS listed FROM ${table}`);
    return Number(row?.['listed']);
  }

  /** The columns whose type loses values. */
  async unfitColumns(): Promise<UnfitColumn[]> {
    return unfitColumns(await this.#readLayout());
  }

  /** When something last happened, by table: what a refresh that has stopped leaves behind. Dates after `today` do not count. */
  async newestDates(today: PlainDate): Promise<NewestDates> {
    const selects = newestDateSelects(await this.#readLayout(), this.#database.engine);
    if (Object.keys(selects).length === 0) return {};
    return newestDatesOf(await this.#database.queryTogether(selects, { today }));
  }

  /**
   * Ranges of about `size` persons in ssd_person. Together they cover every possible id.
   * @param after the last id of the ranges that are not wanted any more, `null` when all are
   * @throws SsdLayoutError when a table or column is missing without which nothing can be sent
   */
  async ranges(size: number, after: string | null = null): Promise<IdRange[]> {
    const rows = await this.#database.query(rangeEnds(await this.#readLayout(), after), {
      size,
      ...rangeParameters({ after, upTo: null }),
    });
    return joinedRanges(
      rows.map((row) => withoutPadding(String(row['up_to']))),
      after,
    );
  }

  /** The ids of the persons and of the lists, without anything about them. */
  async ids(range: IdRange): Promise<IdsRead> {
    const layout = await this.#readLayout();
    return idsRead(
      await this.#database.queryTogether(
        { ssd_person: personIds(layout, range), ...(await this.#lists(layout, range)) },
        rangeParameters(range),
      ),
    );
  }

  /**
   * The SELECTs of a range, for the SSD as the last survey found it: two readers with the same SELECTs read the same.
   */
  async selects(): Promise<Readonly<Record<string, string>>> {
    return this.#selects(this.#surveyed ?? (await this.#survey()), { after: null, upTo: null });
  }

  /** The order in which `besides` must compare ids with the ends of a range. */
  async idOrder(): Promise<IdOrder> {
    return (await this.#readLayout()).idOrder;
  }

  /** The same key for all ids that `ssd_person` takes for one. */
  async idKey(): Promise<IdKey> {
    const { engine, collation } = await this.idOrder();
    return idKeyOf(engine, collation);
  }

  /**
   * Everything about the persons of one range in one round trip, with the relations that the last survey found.
   * @param besides one more SELECT for the same range, with the parameters `@after` and `@upTo`
   * @param parameters those that it has in addition
   */
  async read(range: IdRange, besides: string, parameters: Parameters = {}): Promise<RangeRead> {
    const surveyed = this.#surveyed ?? (await this.#survey());
    const { layout, survey, professionals } = surveyed;
    const { relations } = this.#names;
    const { engine } = this.#database;
    const { cohortList, allowList } = this.limits;
    const rows = await this.#database.queryTogether(
      { ...(await this.#selects(surveyed, range)), besides },
      { ...rangeParameters(range), ...parameters },
    );
    const keyOf = idKeyOf(engine, layout.idOrder.collation);
    return {
      persons: personsOf(rows, {
        form: idFormOf(engine, layout.idOrder.collation),
        relations,
        professionals,
        placeholders: this.#placeholders,
        placeholderIds: this.#names.placeholderIds,
        has: (table, column) => layout.has(table, column),
      }),
      absentTables: survey.absentTables,
      besides: rows.besides,
      cohortList: cohortList === undefined ? undefined : idsIn(rows.cohortList, keyOf),
      allowList: allowList === undefined ? undefined : idsIn(rows.allowList, keyOf),
      ids: idsRead(rows),
    };
  }

  async #selects({ layout, survey }: Surveyed, range: IdRange) {
    const { relations } = this.#names;
    return {
      ...selectsOf(layout, relations, new Ownership(layout, relations, survey.belonging), range),
      ...(await this.#lists(layout, range)),
    };
  }

  async #lists({ idOrder }: SsdLayout, range: IdRange) {
    const ids = (this.#listIds ??= await this.#readLists(idOrder));
    const listed = (table: string | undefined) => listSelect(table, ids, range, idOrder);
    return { cohortList: listed(this.limits.cohortList), allowList: listed(this.limits.allowList) };
  }

  async #readLists(order: IdOrder): Promise<ReadonlyMap<string, IdExpression>> {
    const ids = new Map<string, IdExpression>();
    for (const { table } of this.lists()) ids.set(table, await listIdOf(this.#database, table, order));
    return ids;
  }

  async #survey(): Promise<Surveyed> {
    const layout = await readLayout(this.#database, this.#schema, this.#names, this.#notRead);
    this.#layout = layout;
    this.#listIds = undefined;
    const surveyed = await surveyOf(
      this.#database,
      layout,
      this.#names,
      idFormOf(this.#database.engine, layout.idOrder.collation),
    );
    this.#surveyed = { layout, ...surveyed };
    return this.#surveyed;
  }

  async #readLayout(): Promise<SsdLayout> {
    return (this.#layout ??= await readLayout(this.#database, this.#schema, this.#names, this.#notRead));
  }
}
