import pRetry from 'p-retry';
import { z } from 'zod';
import type { PayloadHash } from '../child/canonical.js';
import { momentSchema } from '../database/clock.js';
import type { Database, Queryable, Row } from '../database/database.js';
import { idKeyOf, type IdKey } from '../database/idForm.js';
import { inRange, isAscii, isId, type IdOrder, type IdRange } from '../database/idRange.js';
import { isDuplicateKey } from '../database/statementError.js';
import { canonical } from '../child/canonical.js';
import {
  doubtOnceAccepted,
  doubtOnceBegun,
  doubtOnceNotTaken,
  isFinalRefusal,
  isInDoubt,
  openAt,
  openPostsIn,
  openPostsText,
  staysInDoubt,
  submissionsIn,
  type Doubt,
  type Moment,
} from './doubt.js';
import { hexOf, stagingSql, triedByOther, type StagingSql } from './stagingSql.js';
import { stagedId, stagedIdIn, stagedIdOrder, usualIdOrder } from './stagedId.js';
import { childStates, countByState, type ChildState, type ReconciledChild } from './childStates.js';
import {
  rowStateOf,
  statusOf,
  type Acknowledged,
  type StagedChild,
  type SubmissionStatus,
} from './stagedChild.js';
import type { StagingWrite } from './transitions.js';
import type { RowStanding } from '../dataSubject/stagedRows.js';

/** A payload that is about to be sent. */
export interface Claim {
  readonly personId: string;
  readonly hash: PayloadHash;
  /** The submission, as the JSON text that goes to DfE. */
  readonly sent: string;
}

/** The clocks that say how long ago something was sent. */
export interface Clocks {
  readonly app: () => Date;
  /** In place of the database's own, in tests that let time pass. */
  readonly database?: () => Date;
}

/** A run that sends. */
export interface SendingRun {
  readonly runId: string;
  /** Grows from run to run, whatever the clock says; 0 for one of a version that had none. */
  readonly number: number;
}

/** The children a sender may send, by their ids as it named them. The others belong to a later state or a later run. */
export type Claimed = ReadonlyMap<string, ClaimedChild>;

export interface ClaimedChild {
  /** DfE may hold something that it never answered for. */
  readonly inDoubt: boolean;
  /** Also when DfE accepts it: what an earlier run has posted may still land after it. */
  readonly staysInDoubt: boolean;
}

/** What became of one child that a run has sent. */
export type Settlement = { readonly personId: string; readonly hash: PayloadHash } & (
  | {
      readonly outcome: 'accepted';
      /** What DfE now holds, as canonical JSON; `undefined` after a purge. */
      readonly holds: string | undefined;
      readonly receipt: string;
      /** The claim under which it was sent; unknown of an answer that an earlier version has recorded. */
      readonly claimId: string | undefined;
      /** An earlier try of it had no answer, and DfE may take it yet. */
      readonly mayLandAgain: boolean;
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
  readonly #hex: (column: string) => string;
  #known: Promise<Known> | undefined;
  readonly #clocks: Clocks;

  /**
   * @param name the table's name, with its schema where it is not the login's own
   */
  constructor(database: Database, name: string, clocks: Clocks = { app: () => new Date() }) {
    this.#database = database;
    this.#name = name;
    this.#hex = hexOf(database.engine);
    this.#clocks = clocks;
  }

  /**
   * A SELECT for `queryTogether`; its rows are read by `stagedChildOf`.
   * @param order by which the range was cut, whatever this table's own (an index of the same collation serves, see `canSeek`)
   */
  async selectOf(range: IdRange, order: IdOrder): Promise<string> {
    const { idOrder } = await this.#knowing();
    return this.#selectWhere(inRange(stagedIdIn(idOrder, order), range, order));
  }

  /** What two ids have in common that the table takes for one. */
  async idKey(): Promise<IdKey> {
    return (await this.#knowing()).keyOf;
  }

  /** What the table's own column of ids decides; looked up once, and again until there is such a table. */
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

  #selectWhere(condition: string): string {
    return `SELECT t.person_id, t.legacy_id, t.row_state, t.submission_status,
  ${this.#hex('t.current_hash')} AS current_hash,
  ${this.#hex('t.previous_hash')} AS previous_hash,
  ${this.#hex('t.acknowledged_hash')} AS acknowledged_hash,
  ${this.#hex('t.refused_hash')} AS refused_hash,
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
  async *children(): AsyncGenerator<ReconciledChild, void, undefined> {
    const { idOrder } = await this.#knowing();
    yield* childStates(this.#database, this.#name, idOrder);
  }

  /** How many children are in each state. */
  countByState(): Promise<ReadonlyMap<ChildState, number>> {
    return countByState(this.#database, this.#name);
  }

  /** What is known of a child at DfE, for an erasure. */
  async standingOf(personId: string): Promise<RowStanding> {
    const { idOrder, keyOf, sql } = await this.#knowing();
    const isIts = isId(stagedId(idOrder), '@personId', idOrder);
    const [row] = await this.#database.query(this.#selectWhere(isIts), { personId });
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

  /** Removes the row of a child of whom DfE holds nothing. @returns whether there is no row any more */
  async removeIfNotHeld(personId: string): Promise<boolean> {
    const { sql, keyOf } = await this.#knowing();
    await this.#database.transaction(async (transaction) => {
      const row = (await this.#lock(transaction, { sql, keyOf }, [{ personId }])).get(keyOf(personId));
      if (row === undefined || openAt(row.doubt, row.lockedAt).length > 0) return;
      await transaction.query(sql.removeIfNotHeld, { personId });
    });
    return (await this.standingOf(personId)) === 'no row';
  }

  /**
   * Writes what a night found about the children of one range, in one transaction.
   * @throws UnkeepableIdsError when the table's column cannot hold an id as it is, or takes those of two children for one;
   *   then nothing is written
   */
  async stage(writes: readonly StagingWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const { sql, keyOf } = await this.#knowing();
    refuseOneOfTwo(this.#name, keyOf, writes);
    await this.#refuseUnkeepable(sql, writes);
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
        await transaction.query(sql.insertStaged, { rows });
        await transaction.query(sql.updateStaged, { rows });
      });
    await pRetry(write, { retries: 3, minTimeout: 0, shouldRetry: ({ error }) => isDuplicateKey(error) });
  }

  /** The highest number of a run that has sent anything from this table; 0 when none has. */
  async highestRunNumber(): Promise<number> {
    const { sql } = await this.#knowing();
    const [row] = await this.#database.query(sql.selectHighestRunNumber);
    return Number(row?.['number'] ?? 0);
  }

  /**
   * To be called before anything is sent: records that DfE may hold these payloads from now on. Only what the table
   * still says is claimed; a child that has changed since, or that a later run has sent, is not, and must not be sent.
   * @param claimId of this attempt alone, so that it settles no doubt of another
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
        return [{ ...claim, ...row, post }];
      });
      if (begun.length > 0) {
        const claimed = begun.map(({ personId, doubt, post, sent, acknowledged }) => ({
          person_id: personId,
          ...columnsOf(doubtOnceBegun(doubt, { post, sent, acknowledged })),
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
   * Records what became of what a run has sent. An answer counts as settled only where the row still holds the payload
   * that was sent; where a change was staged meanwhile, what DfE now holds is recorded and the change stays
   * outstanding. An acceptance that comes when a later run has sent the child already settles nothing: which of the two
   * DfE took last is not known, and the child stays in doubt.
   */
  async settle(runId: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    const { sql: statements, keyOf } = await this.#knowing();
    await this.#database.transaction(async (transaction) => {
      const rows = await this.#lock(transaction, { sql: statements, keyOf }, settlements);
      const { settleAccepted, settleRefused, writeDoubt } = statements;
      const writes = new Map<string, JsonRow[]>(
        [settleAccepted, settleRefused, writeDoubt].map((sql) => [sql, []]),
      );
      for (const settlement of settlements) {
        const row = rows.get(keyOf(settlement.personId));
        if (row === undefined) continue;
        const isLate = row.sentRunId !== runId;
        const doubt = doubtAfter(settlement, row, runId, isLate);
        if (isLate && doubt === row.doubt) continue;
        if (isLate || settlement.outcome === 'notTaken') {
          writes.get(writeDoubt)?.push({ person_id: settlement.personId, ...columnsOf(doubt) });
        } else {
          writes
            .get(settlement.outcome === 'accepted' ? settleAccepted : settleRefused)
            ?.push({ ...settledColumns(settlement, isFinalRefusal(row.doubt, runId)), ...columnsOf(doubt) });
        }
      }
      for (const [sql, changed] of writes) {
        if (changed.length > 0) await transaction.query(sql, { rows: jsonRows(changed), runId });
      }
    });
  }

  /** An insert would put a similar letter or a question mark for one that the column lacks: another child's id. */
  async #refuseUnkeepable({ countUnkeepable }: StagingSql, writes: readonly StagingWrite[]): Promise<void> {
    const others = writes.filter(({ personId }) => !isAscii(personId));
    if (countUnkeepable === undefined || others.length === 0) return;
    const rows = jsonRows(others.map(({ personId }) => ({ person_id: personId })));
    const [row] = await this.#database.query(countUnkeepable, { rows });
    const children = Number(row?.['children']);
    if (children === 0) return;
    throw new UnkeepableIdsError(
      `The ids of ${String(children)} child(ren) have letters that ${this.#name}.person_id, which is varchar, cannot hold: they would become other ids. Nothing of these children's range was staged. Make the column nvarchar (ALTER TABLE, docs/dba.md), then run again.`,
    );
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
      locked
        .map((row) => lockedSchema.parse(row))
        .map((row) => [
          keyOf(row.person_id),
          lockedRowOf(row, { database: this.#clocks.database?.() ?? row.locked_at, app: this.#clocks.app() }),
        ]),
    );
  }
}

/** What the statements are, which depends on how the table keeps its ids. */
interface Known {
  readonly idOrder: IdOrder;
  readonly keyOf: IdKey;
  readonly sql: StagingSql;
}

/** A row must stand for one child: where the SSD tells two ids apart and this table does not, it would stand for both. */
function refuseOneOfTwo(table: string, keyOf: IdKey, writes: readonly StagingWrite[]): void {
  const rows = new Set(writes.map(({ personId }) => keyOf(personId))).size;
  if (rows === writes.length) return;
  throw new UnkeepableIdsError(
    `The ids of ${String(writes.length - rows)} child(ren) differ from those of others only in what ${table}.person_id does not tell apart, such as capitals: one row would stand for two children. Nothing of these children's range was staged. Give the column the collation of pers_person_id in ssd_person (ALTER TABLE, docs/dba.md), then run again.`,
  );
}

/** The staging table's column `person_id` cannot keep an id apart from others. */
export class UnkeepableIdsError extends Error {
  override readonly name = 'UnkeepableIdsError';
}

/** What is known of a row while nobody else can change it. */
interface LockedRow {
  readonly lockedAt: Moment;
  readonly currentHash: string | undefined;
  readonly sentRunId: string | undefined;
  readonly sentRunNumber: number;
  readonly doubt: Doubt;
  /** What DfE has acknowledged, or else the purge of the child. */
  readonly acknowledged: string;
}

const lockedSchema = z.object({
  person_id: z.string(),
  current_hash: z.string().nullish(),
  previous_json_payload: z.string().nullish(),
  unanswered_json_payload: z.string().nullish(),
  open_posts: z.string().nullish(),
  sent_run_id: z.string().nullish(),
  sent_run_number: z.coerce.number().nullish(),
  sent_claim_id: z.string().nullish(),
  last_updated: momentSchema.nullish(),
  locked_at: momentSchema,
});

function lockedRowOf(row: z.output<typeof lockedSchema>, lockedAt: Moment): LockedRow {
  const unanswered = row.unanswered_json_payload ?? undefined;
  const { sent_run_id: run, sent_claim_id } = row;
  const claim = sent_claim_id ?? '';
  const posts = openPostsIn(row.open_posts ?? '[]', lockedAt);
  // A version that keeps no open posts may have sent it last, and had no answer.
  const mayBeOfEarlier =
    unanswered !== undefined &&
    typeof run === 'string' &&
    !posts.some((open) => open.run === run && open.claim === claim);
  const ofEarlier = mayBeOfEarlier
    ? [{ run, claim, at: { database: row.last_updated ?? lockedAt.database, app: undefined } }]
    : [];
  return {
    lockedAt,
    currentHash: row.current_hash?.toLowerCase(),
    sentRunId: run ?? undefined,
    sentRunNumber: row.sent_run_number ?? 0,
    doubt: { unanswered, posts: [...posts, ...ofEarlier] },
    acknowledged: row.previous_json_payload ?? canonical({ la_child_id: row.person_id, purge: true }).json,
  };
}

function doubtAfter(settlement: Settlement, row: LockedRow, run: string, isLate: boolean): Doubt {
  const { doubt, lockedAt: at } = row;
  switch (settlement.outcome) {
    case 'accepted': {
      const { claimId: claim, mayLandAgain } = settlement;
      return isLate ? doubt : doubtOnceAccepted(doubt, { run, claim, at }, mayLandAgain);
    }
    case 'refused':
      return settlement.mayHold ? doubt : doubtOnceNotTaken(doubt, { run, claim: settlement.claimId });
    case 'notTaken':
      return doubtOnceNotTaken(doubt, { run, claim: settlement.claimId });
  }
}

function columnsOf({ unanswered, posts }: Doubt): JsonRow {
  return { unanswered, open_posts: openPostsText(posts) };
}

function settledColumns(settlement: Exclude<Settlement, { outcome: 'notTaken' }>, isFinal: boolean): JsonRow {
  const { personId: person_id, hash } = settlement;
  if (settlement.outcome === 'accepted') {
    return { person_id, hash, holds: settlement.holds, receipt: storable(settlement.receipt) };
  }
  // What is in doubt is sent again, also when DfE has refused it.
  return { person_id, hash, reason: storable(settlement.reason), refused: isFinal ? hash : undefined };
}

/**
 * A database takes no NUL and no half of a character, which records of version 0.1 may hold: nothing that DfE wrote keeps
 * a child from being settled.
 */
function storable(text: string): string {
  return text.slice(0, longestResponse).replaceAll('\0', '\ufffd').toWellFormed();
}

/** Ten times what this version keeps of an answer. */
const longestResponse = 10_000;

type JsonRow = Readonly<Record<string, string | boolean | undefined>>;

/** Rows for a statement; the names are those of its columns. */
function jsonRows(rows: readonly JsonRow[]): string {
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
