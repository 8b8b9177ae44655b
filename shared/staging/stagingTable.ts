import { z } from 'zod';
import type { PayloadHash } from '../child/canonical.js';
import type { Database, Queryable, Row } from '../database/database.js';
import { inRange, type IdRange } from '../database/idRange.js';
import { stagingSql, type StagingSql } from './stagingSql.js';
import type { RowState, StagedChild, SubmissionStatus } from './stagedChild.js';
import type { StagingWrite } from './transitions.js';

/** How DfE answered about one child. */
export type Settlement =
  | {
      readonly outcome: 'accepted';
      readonly personId: string;
      readonly hash: PayloadHash;
      /** What DfE now holds, as canonical JSON; `undefined` after a purge. */
      readonly holds: string | undefined;
      readonly receipt: string;
    }
  | {
      readonly outcome: 'refused';
      readonly personId: string;
      readonly hash: PayloadHash;
      readonly reason: string;
    };

/**
 * The staging table `ssd_api_data_staging`: one row a child, kept as Data to Insight's scripts know it. Its meaning
 * is tightened: `previous_*` is what DfE acknowledged last.
 */
export class StagingTable {
  readonly #database: Database;
  readonly #name: string;
  readonly #sql: StagingSql;

  /** @param name the table's name, with its schema where it is not the login's own */
  constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
    this.#sql = stagingSql[database.engine](name);
  }

  /**
   * What two ids have in common that the table takes for one: SQL Server compares without regard to case under the
   * collations that councils use, PostgreSQL to the letter.
   */
  keyOf(personId: string): string {
    return this.#database.engine === 'sqlserver' ? personId.toLowerCase() : personId;
  }

  /** A SELECT for `queryTogether`; its rows are read by `stagedChildOf`. */
  selectOf(range: IdRange): string {
    return `SELECT t.person_id, t.legacy_id, t.row_state, t.submission_status,
  ${this.#sql.hex('t.current_hash')} AS current_hash,
  ${this.#sql.hex('t.previous_hash')} AS previous_hash,
  ${this.#sql.hex('t.refused_hash')} AS refused_hash,
  t.previous_json_payload
FROM ${this.#name} t
WHERE ${inRange('t.person_id', range)}`;
  }

  /** How many children DfE holds. */
  async countAcknowledged(): Promise<number> {
    const rows = await this.#database.query(
      `SELECT COUNT(*) AS children FROM ${this.#name} WHERE previous_hash IS NOT NULL`,
    );
    return Number(rows[0]?.['children']);
  }

  /** Writes what a night found about the children of one range, in one transaction. */
  async stage(writes: readonly StagingWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const rows = JSON.stringify(writes);
    await this.#database.transaction(async (transaction) => {
      await transaction.query(this.#sql.updateStaged, { rows });
      await transaction.query(this.#sql.insertStaged, { rows });
    });
  }

  /**
   * Records DfE's answers. An answer counts as settled only where the row still holds the payload that was sent;
   * where a change was staged meanwhile, what DfE now holds is recorded and the change stays outstanding.
   */
  async settle(settlements: readonly Settlement[]): Promise<void> {
    const accepted = settlements.filter(({ outcome }) => outcome === 'accepted');
    const refused = settlements.filter(({ outcome }) => outcome === 'refused');
    await this.#database.transaction(async (transaction) => {
      await this.#settle(transaction, this.#sql.settleAccepted, accepted);
      await this.#settle(transaction, this.#sql.settleRefused, refused);
    });
  }

  async #settle(transaction: Queryable, sql: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length > 0) await transaction.query(sql, { rows: JSON.stringify(settlements) });
  }
}

const rowStates: Readonly<Record<string, RowState>> = {
  new: 'New',
  updated: 'Updated',
  deleted: 'Deleted',
  unchanged: 'Unchanged',
};
const statuses: Readonly<Record<string, SubmissionStatus>> = {
  pending: 'Pending',
  sent: 'Sent',
  error: 'Error',
  withdrawn: 'Withdrawn',
};

const text = z.string().nullish();
const rowSchema = z.object({
  person_id: z.string(),
  legacy_id: text,
  row_state: text,
  submission_status: text,
  current_hash: text,
  previous_hash: text,
  refused_hash: text,
  previous_json_payload: text,
});

/** Reads a row of `selectOf`. States are understood in any case: Data to Insight's senders write lower case. */
export function stagedChildOf(row: Row): StagedChild {
  const read = rowSchema.parse(row);
  const hash = read.previous_hash?.toLowerCase();
  const json = read.previous_json_payload;
  return {
    personId: read.person_id,
    legacyId: read.legacy_id ?? undefined,
    rowState: rowStates[read.row_state?.trim().toLowerCase() ?? ''],
    status: statuses[read.submission_status?.trim().toLowerCase() ?? ''],
    currentHash: read.current_hash?.toLowerCase(),
    refusedHash: read.refused_hash?.toLowerCase(),
    acknowledged: hash === undefined || json === null || json === undefined ? undefined : { json, hash },
  };
}
