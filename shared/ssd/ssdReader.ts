import type { Finding } from '../child/findings.js';
import type { PlainDate } from '../child/dates.js';
import type { Window } from '../child/window.js';
import type { Database, Row } from '../database/database.js';
import { idKeyOf } from '../database/idKey.js';
import { inRange, joinedRanges, type IdRange } from '../database/idRange.js';
import { ageGateOf } from './cohort.js';
import { ageGateCounts, ageGateOfRow, type CohortReport } from './cohortReport.js';
import { indexesOfSchema } from '../database/catalogue.js';
import { unfitColumns, type UnfitColumn } from './columnTypes.js';
import { newestDateSelects, newestDatesOf, type NewestDates } from './freshness.js';
import { knownTables, readLayout, type SsdLayout } from './layout.js';
import type { KnownTable, SsdNames } from './profile.js';
import { orphanFindings, orphanSelects } from './orphans.js';
import { personsOf } from './rows.js';
import { rangeEnds, rowCountSelects, rowCountsOf, selectsOf, type RowCounts } from './selects.js';
import { personColumns, type PersonRows } from './tables.js';

/** The persons of one range that pass the age gate, and the rows of one more SELECT read with them. */
export interface RangeRead {
  readonly persons: readonly PersonRows[];
  readonly besides: readonly Row[];
  /** The ids of the range on the authority's own list of the cohort, by their `idKeyOf`; `undefined` without a list. */
  readonly cohortList: ReadonlyMap<string, string> | undefined;
  /** The ids of the range on the allow-list, by their `idKeyOf`; `undefined` without one. */
  readonly allowList: ReadonlyMap<string, string> | undefined;
}

/** What limits who is sent, besides the inclusion sets. Lists are tables with a column `person_id`. */
export interface CohortLimits {
  /** In years; 26 when absent. */
  readonly ageLimit?: number;
  /** The authority's own list of the cohort, as of its statutory returns. */
  readonly cohortList?: string | undefined;
  /** The few children of the time before going live. */
  readonly allowList?: string | undefined;
}

/** Reads the SSD by ranges of person ids, so that memory is bounded by the range whatever the authority's size. */
export class SsdReader {
  readonly #database: Database;
  readonly #schema: string;
  readonly #names: SsdNames;
  readonly limits: CohortLimits;
  #layout: SsdLayout | undefined;

  constructor(database: Database, schema: string, names: SsdNames, limits: CohortLimits = {}) {
    this.#database = database;
    this.#schema = schema;
    this.#names = names;
    this.limits = limits;
  }

  /** Everyone in ssd_person, by what the age gate says of them. */
  async ageGate(window: Window): Promise<CohortReport['ageGate']> {
    const layout = await this.#readLayout();
    const rows = await this.#database.query(ageGateCounts(layout), {
      ...ageGateOf(window, this.limits.ageLimit),
    });
    return ageGateOfRow(rows[0]);
  }

  /** The rows that belong to nobody, as findings; read once a run, since no range of persons holds them. */
  async orphans(): Promise<Finding[]> {
    return orphanFindings(await this.#database.queryTogether(orphanSelects(await this.#readLayout())));
  }

  /** The number of rows of every table, by its name in the SSD specification; a table that is missing is left out. */
  async rowCounts(): Promise<RowCounts> {
    return rowCountsOf(await this.#database.queryTogether(rowCountSelects(await this.#readLayout())));
  }

  /**
   * The tables that the profile lets be missing, and that are.
   * @throws SsdLayoutError when one is missing that must be there, or a column of one
   */
  async missingTables(): Promise<KnownTable[]> {
    const layout = await this.#readLayout();
    return knownTables.filter((table) => layout.isMissing(table));
  }

  /**
   * The person columns by which reading a range goes through their whole table: no index begins with them, or none can
   * serve, since they must be converted before they are compared.
   */
  async unindexedPersonColumns(): Promise<{
    readonly withoutIndex: readonly string[];
    readonly unservable: readonly string[];
  }> {
    const layout = await this.#readLayout();
    const { baseTables, indexes } = await indexesOfSchema(this.#database, this.#schema);
    const indexed = new Set(indexes.map(({ table, firstColumn }) => `${table}.${firstColumn}`));
    const columns = knownTables
      .filter((table) => table !== 'ssd_professionals')
      .filter((table) => !layout.isMissing(table))
      .flatMap((table) => {
        const name = this.#names.tableName(table);
        // What a view reads from cannot be seen from here.
        if (!baseTables.has(name.toLowerCase())) return [];
        return (
          personColumns[table]
            // Read by the referral; the professional only follows from the row.
            .filter((column) => column !== 'invo_professional_id')
            .map((column) => ({
              column: this.#names.columnName(table, column),
              read: layout.column(table, column, 't'),
            }))
            .filter(({ read }) => read !== 'NULL')
            .map(({ column, read }) => ({ name: `${name}.${column}`, isBare: read === `t.${column}` }))
        );
      });
    return {
      withoutIndex: columns
        .filter(({ name, isBare }) => isBare && !indexed.has(name.toLowerCase()))
        .map(({ name }) => name),
      unservable: columns.filter(({ isBare }) => !isBare).map(({ name }) => name),
    };
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

  /** The columns whose type loses values, or stops a night. */
  async unfitColumns(): Promise<UnfitColumn[]> {
    return unfitColumns(await this.#readLayout(), this.#names, this.#database.engine);
  }

  /** When something last happened, by table: what a refresh that has stopped leaves behind. Dates after `today` do not count. */
  async newestDates(today: PlainDate): Promise<NewestDates> {
    const selects = newestDateSelects(await this.#readLayout(), this.#database.engine);
    if (Object.keys(selects).length === 0) return {};
    return newestDatesOf(await this.#database.queryTogether(selects, { today }));
  }

  /**
   * Ranges of about `size` persons that pass the age gate; together they cover every id there can be.
   * @throws SsdLayoutError when a table or column that the profile needs is missing
   */
  async ranges(window: Window, size: number): Promise<IdRange[]> {
    const layout = await this.#readLayout();
    const rows = await this.#database.query(rangeEnds(layout), {
      size,
      ...ageGateOf(window, this.limits.ageLimit),
    });
    return joinedRanges(rows.map((row) => String(row['up_to'])));
  }

  /** The collation, as it stands after COLLATE, by which `besides` must compare ids with the ends of a range. */
  async idCollation(): Promise<string> {
    return (await this.#readLayout()).idCollation;
  }

  /**
   * Everything about the persons of one range in one round trip.
   * @param besides one more SELECT for the same range, with the parameters `@after` and `@upTo`
   */
  async read(window: Window, range: IdRange, besides: string): Promise<RangeRead> {
    const layout = await this.#readLayout();
    const { selects, parameters } = selectsOf(layout, range, ageGateOf(window, this.limits.ageLimit));
    const { cohortList, allowList } = this.limits;
    const rows = await this.#database.queryTogether(
      {
        ...selects,
        besides,
        cohortList: listed(cohortList, range, layout.idCollation),
        allowList: listed(allowList, range, layout.idCollation),
      },
      parameters,
    );
    const keyOf = idKeyOf(this.#database.engine);
    return {
      persons: personsOf(rows, keyOf),
      besides: rows.besides,
      cohortList: cohortList === undefined ? undefined : idsIn(rows.cohortList, keyOf),
      allowList: allowList === undefined ? undefined : idsIn(rows.allowList, keyOf),
    };
  }

  async #readLayout(): Promise<SsdLayout> {
    return (this.#layout ??= await readLayout(this.#database, this.#schema, this.#names));
  }
}

/** The ids on an authority's own list, which may be of any type: they become text, without the blanks of `char`, before they are compared. */
function listed(table: string | undefined, range: IdRange, idCollation: string): string {
  if (table === undefined) return 'SELECT NULL AS person_id WHERE 1 = 0';
  return `SELECT DISTINCT RTRIM(CONCAT(t.person_id, N'')) AS person_id
FROM ${table} t
WHERE t.person_id IS NOT NULL
  AND ${inRange(`RTRIM(CONCAT(t.person_id, N'')) COLLATE ${idCollation}`, range)}`;
}

function idsIn(rows: readonly Row[], keyOf: (id: string) => string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => String(row['person_id'])).map((id): [string, string] => [keyOf(id), id]));
}
