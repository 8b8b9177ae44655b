import type { Window } from '../child/window.js';
import type { Database, Row } from '../database/database.js';
import { joinedRanges, type IdRange } from '../database/idRange.js';
import { ageGateOf } from './cohort.js';
import { personsOf } from './rows.js';
import { rangeEnds, selectsOf } from './selects.js';
import type { PersonRows } from './tables.js';

/** The persons of one range that pass the age gate, and the rows of one more SELECT read with them. */
export interface RangeRead {
  readonly persons: readonly PersonRows[];
  readonly besides: readonly Row[];
}

/** Reads the SSD by ranges of person ids, so that memory is bounded by the range whatever the authority's size. */
export class SsdReader {
  readonly #database: Database;
  readonly #schema: string;

  constructor(database: Database, schema: string) {
    this.#database = database;
    this.#schema = schema;
  }

  /** Ranges of about `size` persons that pass the age gate; together they cover every id there can be. */
  async ranges(window: Window, size: number): Promise<IdRange[]> {
    const rows = await this.#database.query(rangeEnds(this.#schema), { size, ...ageGateOf(window) });
    return joinedRanges(rows.map((row) => String(row['up_to'])));
  }

  /**
   * Everything about the persons of one range in one round trip.
   * @param besides one more SELECT for the same range, with the parameters `@after` and `@upTo`
   */
  async read(window: Window, range: IdRange, besides: string): Promise<RangeRead> {
    const { selects, parameters } = selectsOf(this.#schema, range, ageGateOf(window));
    const rows = await this.#database.queryTogether({ ...selects, besides }, parameters);
    return { persons: personsOf(rows), besides: rows.besides };
  }
}
