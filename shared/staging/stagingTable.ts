import pRetry from 'p-retry';
import { z } from 'zod';
import type { PayloadHash } from '../child/canonical.js';
import type { Database, Queryable, Row } from '../database/database.js';
import { idKeyOf } from '../database/idKey.js';
import { inRange, type IdRange } from '../database/idRange.js';
import { isDuplicateKey } from '../database/statementError.js';
import { submissionsIn, withSubmission } from './unanswered.js';
import { stagingSql, triedByOther, type StagingSql } from './stagingSql.js';
import type { RowStanding } from '../run/erasure.js';
import { childStates, countByState, type ChildState, type ReconciledChild } from './childStates.js';
import {
  rowStateOf,
  statusOf,
  type Acknowledged,
  type StagedChild,
  type SubmissionStatus,
} from './stagedChild.js';
import type { StagingWrite } from './transitions.js';

/** A payload that is about to be sent. */
export interface Claim {
  readonly personId: string;
  readonly hash: PayloadHash;
  /** The submission, as the JSON text that goes to DfE. */
  readonly sent: string;
}

/** The children a sender may send, by `keyOf` of their ids. The others belong to a later state or a later run. */
export type Claimed = ReadonlyMap<string, { readonly inDoubt: boolean }>;

/** What became of one child that a run has sent. */
export type Settlement = { readonly personId: string; readonly hash: PayloadHash } & (
  | {
      readonly outcome: 'accepted';
      /** What DfE now holds, as canonical JSON; `undefined` after a purge. */
      readonly holds: string | undefined;
      readonly receipt: string;
    }
  | {
      readonly outcome: 'refused';
      readonly reason: string;
      /** DfE may hold an earlier submission, or an earlier try of this one, that it never answered. */
      readonly mayHold: boolean;
      /** The claim under which it was sent. */
      readonly claimId: string;
    }
  /** DfE certainly did not take it, and holds nothing else that it never answered for. */
  | { readonly outcome: 'notTaken'; readonly claimId: string }
);

/**
 * The staging table `ssd_api_data_staging`: one row a child, kept as Data to Insight's scripts know it. Its meaning
 * is tightened: `previous_*` is what DfE acknowledged last.
 */
export class StagingTable {
  readonly #database: Database;
  readonly #name: string;
  readonly #sql: StagingSql;
  /** What two ids have in common that the table takes for one. */
  readonly keyOf: (personId: string) => string;

  /** @param name the table's name, with its schema where it is not the login's own */
  constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
    this.#sql = stagingSql(database.engine, name);
    this.keyOf = idKeyOf(database.engine);
  }

  /**
   * A SELECT for `queryTogether`; its rows are read by `stagedChildOf`.
   * @param idCollation by which the range was cut, whatever this table's own (an index of the same collation serves)
   */
  selectOf(range: IdRange, idCollation: string): string {
    return this.#selectWhere(inRange(`t.person_id COLLATE ${idCollation}`, range));
  }

  #selectWhere(condition: string): string {
    return `SELECT t.person_id, t.legacy_id, t.row_state, t.submission_status,
  ${this.#sql.hex('t.current_hash')} AS current_hash,
  ${this.#sql.hex('t.previous_hash')} AS previous_hash,
  ${this.#sql.hex('t.acknowledged_hash')} AS acknowledged_hash,
  ${this.#sql.hex('t.refused_hash')} AS refused_hash,
  t.previous_json_payload, t.unanswered_json_payload,
  CASE WHEN ${triedByOther} THEN t.json_payload END AS tried_json_payload
FROM ${this.#name} t
WHERE ${condition}`;
  }

  /** How many children DfE holds, or may hold. */
  async countHeld(): Promise<number> {
    const rows = await this.#database.query(`SELECT COUNT(*) AS children
FROM ${this.#name} t
WHERE t.previous_json_payload IS NOT NULL OR t.unanswered_json_payload IS NOT NULL OR ${triedByOther}`);
    return Number(rows[0]?.['children']);
  }

  /** Every child of the table with its state, in the order of the ids; read in ranges, and without a payload. */
  children(): AsyncGenerator<ReconciledChild, void, undefined> {
    return childStates(this.#database, this.#name);
  }

  /** How many children are in each state. */
  countByState(): Promise<ReadonlyMap<ChildState, number>> {
    return countByState(this.#database, this.#name);
  }

  /** What is known of a child at DfE, for an erasure. */
  async standingOf(personId: string): Promise<RowStanding> {
    const [row] = await this.#database.query(this.#selectWhere('t.person_id = @personId'), { personId });
    if (row === undefined) return 'no row';
    const { acknowledged, mayHold } = stagedChildOf(row);
    if (acknowledged !== undefined) return 'DfE holds the child';
    return mayHold.length > 0 ? 'DfE may hold the child' : 'DfE holds nothing';
  }

  /** Removes the row of a child of whom DfE holds nothing. @returns whether there is no row any more */
  async removeIfNotHeld(personId: string): Promise<boolean> {
    await this.#database.query(this.#sql.removeIfNotHeld, { personId });
    return (await this.standingOf(personId)) === 'no row';
  }

  /** Writes what a night found about the children of one range, in one transaction. */
  async stage(writes: readonly StagingWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const rows = jsonRows(
      writes.map((write) => ({
        person_id: write.personId,
        legacy_id: write.legacyId,
        payload: write.json,
        hash: write.hash,
        row_state: write.rowState,
        submission_status: write.status,
        is_held: write.isHeld,
      })),
    );
    // A child that another writer has put in meanwhile is there for the update. One that it is just putting in fails the
    // insert, by the unique index, and is there at the next try.
    const write = () =>
      this.#database.transaction(async (transaction) => {
        await transaction.query(this.#sql.insertStaged, { rows });
        await transaction.query(this.#sql.updateStaged, { rows });
      });
    await pRetry(write, { retries: 3, minTimeout: 0, shouldRetry: ({ error }) => isDuplicateKey(error) });
  }

  /**
   * To be called before anything is sent: records that DfE may hold these payloads from now on. Only what the table
   * still says is claimed; a child that has changed since, or that a later run has sent, is not, and must not be sent.
   * @param claimId of this attempt alone, so that it settles no doubt of another
   */
  async claim(runId: string, claimId: string, claims: readonly Claim[]): Promise<Claimed> {
    if (claims.length === 0) return new Map();
    const rows = jsonRows(claims.map(({ personId, hash }) => ({ person_id: personId, hash })));
    const unanswered = await this.#database.transaction(async (transaction) => {
      await transaction.query(this.#sql.claim, { rows, runId, claimId });
      const claimed = await transaction.query(this.#sql.selectClaimed, { rows, runId, claimId });
      const before = new Map(
        claimed
          .map((row) => claimedSchema.parse(row))
          .map((row) => [this.keyOf(row.person_id), row.unanswered_json_payload ?? undefined]),
      );
      const sent = claims
        .filter(({ personId }) => before.has(this.keyOf(personId)))
        .map((claim) => ({
          person_id: claim.personId,
          unanswered: withSubmission(before.get(this.keyOf(claim.personId)), claim.sent),
        }));
      if (sent.length > 0) {
        await transaction.query(this.#sql.rememberSent, { rows: jsonRows(sent), runId, claimId });
      }
      return before;
    });
    return new Map([...unanswered].map(([key, text]) => [key, { inDoubt: text !== undefined }]));
  }

  /**
   * Records what became of what a run has sent. An answer counts as settled only where the row still holds the payload
   * that was sent; where a change was staged meanwhile, what DfE now holds is recorded and the change stays
   * outstanding. An answer that comes when a later run has sent the child already changes nothing.
   */
  async settle(runId: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    const having = (outcome: Settlement['outcome']) =>
      settlements.filter((settlement) => settlement.outcome === outcome);
    await this.#database.transaction(async (transaction) => {
      await settleIn(transaction, this.#sql.settleAccepted, runId, having('accepted'));
      await settleIn(transaction, this.#sql.settleRefused, runId, having('refused'));
      await settleIn(transaction, this.#sql.release, runId, having('notTaken'));
    });
  }
}

const claimedSchema = z.object({ person_id: z.string(), unanswered_json_payload: z.string().nullish() });

async function settleIn(
  transaction: Queryable,
  sql: string,
  runId: string,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map((settlement) => ({
    person_id: settlement.personId,
    hash: settlement.hash,
    ...(settlement.outcome === 'accepted' ? { holds: settlement.holds, receipt: settlement.receipt } : {}),
    ...(settlement.outcome === 'refused' ? { reason: settlement.reason, may_hold: settlement.mayHold } : {}),
    ...(settlement.outcome === 'accepted' ? {} : { claim_id: settlement.claimId }),
  }));
  await transaction.query(sql, { rows: jsonRows(rows), runId });
}

/** Rows for a statement; the names are those of its columns. */
function jsonRows(rows: readonly Readonly<Record<string, string | boolean | undefined>>[]): string {
  return JSON.stringify(rows);
}

const text = z.string().nullish();
const rowSchema = z.object({
  person_id: z.string(),
  legacy_id: text,
  row_state: text,
  submission_status: text,
  current_hash: text,
  previous_hash: text,
  acknowledged_hash: text,
  refused_hash: text,
  previous_json_payload: text,
  unanswered_json_payload: text,
  tried_json_payload: text,
});

/** Reads a row of `selectOf`. States are understood in any case: Data to Insight's senders write lower case. */
export function stagedChildOf(row: Row): StagedChild {
  const read = rowSchema.parse(row);
  const status = statusOf(read.submission_status);
  const acknowledged = acknowledgedIn(read, status);
  const byOther = acknowledged === undefined ? [read.previous_json_payload, read.tried_json_payload] : [];
  return {
    personId: read.person_id,
    legacyId: read.legacy_id ?? undefined,
    rowState: rowStateOf(read.row_state),
    status,
    currentHash: read.current_hash?.toLowerCase(),
    refusedHash: read.refused_hash?.toLowerCase(),
    acknowledged,
    mayHold: [
      ...byOther.filter((json) => typeof json === 'string'),
      ...submissionsIn(read.unanswered_json_payload ?? undefined),
    ],
  };
}

/**
 * What DfE acknowledged last. `previous_*` says it when this system has written it, which `acknowledged_hash` shows.
 * Data to Insight's builder writes there what was staged before, sent or not; its sender, what DfE has just accepted:
 * then both hashes are the same and the status is Sent.
 */
function acknowledgedIn(
  row: z.output<typeof rowSchema>,
  status: SubmissionStatus | undefined,
): Acknowledged | undefined {
  const {
    previous_json_payload: json,
    previous_hash: hash,
    acknowledged_hash: ours,
    current_hash: current,
  } = row;
  if (json === null || json === undefined || hash === null || hash === undefined) return undefined;
  if (ours?.toLowerCase() === hash.toLowerCase()) return { json, hash: hash.toLowerCase() };
  const isSentByOther = status === 'Sent' && current?.toLowerCase() === hash.toLowerCase();
  return isSentByOther ? { json, hash: undefined } : undefined;
}
