import pRetry from 'p-retry';
import type { PayloadHash } from '../child/canonical.js';
import type { Database, Queryable } from '../database/database.js';
import { idKeyOf, type IdKey } from '../database/idForm.js';
import { inRange, isId, type IdOrder, type IdRange } from '../database/idRange.js';
import { isDuplicateKey } from '../database/statementError.js';
import { childStates, countByState, type ChildState, type ReconciledChild } from './childStates.js';
import { doubtOnceBegun, isInDoubt, openAt, staysInDoubt } from './doubt.js';
import { doubtColumns, lockedRowOf, type Clocks, type LockedRow } from './lockedRow.js';
import { settledWrite, type Settlement } from './settlement.js';
import { stagedChildOf, type HeldAtDfe } from './stagedChild.js';
import { apartFromTheSsd, besideTheSsd, type StagedRange } from './stagedRange.js';
import { stagedId, stagedIdIn, stagedIdOrder, usualIdOrder } from './stagedId.js';
import { jsonRows, selectStaged, stagingSql, type StagingSql } from './stagingSql.js';
import type { StagingWrite } from './transitions.js';
import { refuseOneOfTwo, refuseUnkeepable } from './unkeepableIds.js';

/** A payload that is about to be sent. */
export interface Claim {
  readonly personId: string;
  readonly hash: PayloadHash;
  /** The submission, as the JSON text that goes to DfE. */
  readonly sent: string;
}

/** A run that sends. */
export interface SendingRun {
  readonly runId: string;
  /** Grows from run to run and does not depend on a clock; 0 for a run of a version without numbers. */
  readonly number: number;
}

/** The children that may be sent, by their ids as the sender named them. The others have changed, or a later run has sent them. */
export type Claimed = ReadonlyMap<string, ClaimedChild>;

export interface ClaimedChild {
  /** DfE may hold something that it never confirmed. */
  readonly inDoubt: boolean;
  /** True even when DfE accepts it: what an earlier run has posted may still land after it. */
  readonly staysInDoubt: boolean;
}

/**
 * The staging table `ssd_api_data_staging`: one row a child, kept as Data to Insight's scripts know it. Its meaning
 * is tightened: `previous_*` is what DfE acknowledged last.
 */
export class StagingTable {
  readonly #database: Database;
  readonly #name: string;
  #known: Promise<Known> | undefined;
  readonly #clocks: Clocks;
  readonly #isApart: boolean;

  /**
   * @param name the table's name, with its schema where it is not the login's own
   * @param isApart the SSD is in another database
   */
  constructor(database: Database, name: string, clocks: Clocks = { app: () => new Date() }, isApart = false) {
    this.#database = database;
    this.#name = name;
    this.#clocks = clocks;
    this.#isApart = isApart;
  }

  /**
   * The children of a range of the SSD.
   * @param order the order by which the range was cut
   */
  async inRange(range: IdRange, order: IdOrder): Promise<StagedRange> {
    return this.#isApart
      ? apartFromTheSsd(this.#database, this.#name, range, order)
      : besideTheSsd(await this.selectOf(range, order));
  }

  /**
   * A SELECT for `queryTogether`; its rows are read by `stagedChildOf`.
   * @param order the order by which the range was cut, which may differ from this table's (an index of the same
   *   collation can be used, see `canSeek`)
   */
  async selectOf(range: IdRange, order: IdOrder): Promise<string> {
    const { idOrder } = await this.#knowing();
    return this.#select(inRange(stagedIdIn(idOrder, order), range, order));
  }

  /** The same key for all ids that the table takes for one. */
  async idKey(): Promise<IdKey> {
    return (await this.#knowing()).keyOf;
  }

  /** What depends on the table's own column of ids; looked up once, and again until the table is there. */
  async #knowing(): Promise<Known> {
    this.#known ??= this.#learn();
    try {
      return await this.#known;
    } catch (error) {
      this.#known = undefined;
      throw error;
    }
  }

  async #learn(): Promise<Known> {
    const { engine } = this.#database;
    const found = await stagedIdOrder(this.#database, this.#name);
    if (found === undefined) this.#known = undefined;
    const idOrder = found ?? usualIdOrder[engine];
    const keyOf = idKeyOf(engine, idOrder.collation);
    return { idOrder, keyOf, sql: stagingSql(engine, this.#name, idOrder) };
  }

  /** How many children DfE holds, or may hold. */
  async countHeld(): Promise<number> {
    const { sql } = await this.#knowing();
    const [row] = await this.#database.query(sql.countHeld);
    return Number(row?.['children']);
  }

  /** Every child of the table with its state, in the order of the ids; read in ranges, and without a payload. */
  async *children(): AsyncGenerator<ReconciledChild, void, undefined> {
    const { idOrder } = await this.#knowing();
    yield* childStates(this.#database, this.#name, idOrder);
  }

  /** How many children are in each state. */
  countByState(): Promise<ReadonlyMap<ChildState, number>> {
    return countByState(this.#database, this.#name);
  }

  /** What DfE holds of a child, as far as we can tell, for an erasure. */
  async heldAtDfe(personId: string): Promise<HeldAtDfe> {
    const { idOrder, keyOf, sql } = await this.#knowing();
    const isIts = isId(stagedId(idOrder), '@personId', idOrder);
    const [row] = await this.#database.query(this.#select(isIts), { personId });
    if (row === undefined) return 'no row';
    const { acknowledged, mayHold } = stagedChildOf(row);
    if (acknowledged !== undefined) return 'DfE holds the child';
    if (mayHold.length > 0) return 'DfE may hold the child';
    const locked = await this.#database.transaction((transaction) =>
      this.#lock(transaction, { sql, keyOf }, [{ personId }]),
    );
    const { doubt, lockedAt } = locked.get(keyOf(personId)) ?? {};
    const isOpen = doubt !== undefined && lockedAt !== undefined && openAt(doubt, lockedAt).length > 0;
    return isOpen ? 'a POST may still arrive' : 'DfE holds nothing';
  }

  /** Removes the row of a child if DfE holds nothing of the child. @returns whether there is now no row */
  async removeIfNotHeld(personId: string): Promise<boolean> {
    const { sql, keyOf } = await this.#knowing();
    await this.#database.transaction(async (transaction) => {
      const row = (await this.#lock(transaction, { sql, keyOf }, [{ personId }])).get(keyOf(personId));
      if (row === undefined || openAt(row.doubt, row.lockedAt).length > 0) return;
      await transaction.query(sql.removeIfNotHeld, { personId });
    });
    return (await this.heldAtDfe(personId)) === 'no row';
  }

  /**
   * Writes what a run found about the children of one range, in one transaction.
   * @throws UnkeepableIdsError when the table's column cannot hold an id as it is, or does not tell two ids apart; nothing is
   *   written
   */
  async stage(writes: readonly StagingWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const { sql, keyOf } = await this.#knowing();
    refuseOneOfTwo(this.#name, keyOf, writes);
    await refuseUnkeepable(this.#database, this.#name, sql, writes);
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
    // The update finds a child that another writer has added in the meantime. One that is being added at this moment fails
    // the insert, by the unique index, and is found at the next try.
    const write = () =>
      this.#database.transaction(async (transaction) => {
        await transaction.query(sql.insertStaged, { rows });
        await transaction.query(sql.updateStaged, { rows });
      });
    await pRetry(write, { retries: 3, minTimeout: 0, shouldRetry: ({ error }) => isDuplicateKey(error) });
  }

  /** Forgets children who left so many days ago, where DfE holds nothing of them, and can hold nothing any more. */
  async removeLeavers(days: number): Promise<void> {
    const { sql } = await this.#knowing();
    await this.#database.query(sql.removeLeavers, { days });
  }

  /** The highest number of a run that has sent anything from this table; 0 when none has. */
  async highestRunNumber(): Promise<number> {
    const { sql } = await this.#knowing();
    const [row] = await this.#database.query(sql.selectHighestRunNumber);
    return Number(row?.['number'] ?? 0);
  }

  /**
   * Call this before anything is sent: it records that DfE may hold these payloads from now on. A child that has changed
   * since it was staged, or that a later run has sent, is not claimed and must not be sent.
   * @param claimId of this attempt only, so that it settles no doubt of another
   */
  async claim({ runId, number }: SendingRun, claimId: string, claims: readonly Claim[]): Promise<Claimed> {
    if (claims.length === 0) return new Map();
    const { sql, keyOf } = await this.#knowing();
    return this.#database.transaction(async (transaction) => {
      const rows = await this.#lock(transaction, { sql, keyOf }, claims);
      const begun = claims.flatMap((claim) => {
        const row = rows.get(keyOf(claim.personId));
        if (row?.currentHash !== claim.hash || row.sentRunNumber > number) return [];
        const post = { run: runId, claim: claimId, at: row.lockedAt };
        return [{ ...row, ...claim, post }];
      });
      if (begun.length > 0) {
        const claimed = begun.map(({ personId, doubt, post, sent, acknowledged }) => ({
          person_id: personId,
          ...doubtColumns(doubtOnceBegun(doubt, { post, sent, acknowledged })),
        }));
        const parameters = { rows: jsonRows(claimed), runId, runNumber: number, claimId };
        await transaction.query(sql.claim, parameters);
      }
      return new Map(
        begun.map(({ personId, doubt, post }) => [
          personId,
          { inDoubt: isInDoubt(doubt, post), staysInDoubt: staysInDoubt(doubt, post) },
        ]),
      );
    });
  }

  /**
   * Records the outcome of what a run has sent. A child is settled only where the row still has the payload that was sent;
   * where a change was staged in the meantime, what DfE now holds is recorded and the change stays outstanding. An
   * acceptance that arrives after a later run has sent the child settles nothing: we cannot tell which of the two DfE took
   * last, and the child stays in doubt.
   */
  async settle(runId: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    const { sql, keyOf } = await this.#knowing();
    await this.#database.transaction(async (transaction) => {
      const rows = await this.#lock(transaction, { sql, keyOf }, settlements);
      const writes = settlements.flatMap((settlement) => {
        const row = rows.get(keyOf(settlement.personId));
        return (row && settledWrite(settlement, row, runId)) ?? [];
      });
      for (const name of ['settleAccepted', 'settleRefused', 'writeDoubt'] as const) {
        const changed = writes.filter(({ statement }) => statement === name).map(({ columns }) => columns);
        if (changed.length > 0) await transaction.query(sql[name], { rows: jsonRows(changed), runId });
      }
    });
  }

  #select(where: string): string {
    return selectStaged(this.#database.engine, this.#name, where);
  }

  /** @returns the rows of the children that are there, by the keys of their ids */
  async #lock(
    transaction: Queryable,
    { sql: { lock }, keyOf }: Pick<Known, 'sql' | 'keyOf'>,
    children: readonly { readonly personId: string }[],
  ): Promise<ReadonlyMap<string, LockedRow>> {
    const rows = jsonRows(children.map(({ personId }) => ({ person_id: personId })));
    const locked = await transaction.query(lock, { rows });
    return new Map(
      locked.map((row) => lockedRowOf(row, this.#clocks)).map((row) => [keyOf(row.personId), row]),
    );
  }
}

/** What depends on how the table keeps its ids. */
interface Known {
  readonly idOrder: IdOrder;
  readonly keyOf: IdKey;
  readonly sql: StagingSql;
}
