/*
 * Everything that the auditor takes from the program it audits: data (code lists, value maps and lists of a profile),
 * and how a run is done. No rule of `shared/child` or `shared/ssd` may come in here: the auditor has its own.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { vocabularyWith } from '../../shared/dfe/keptWords.js';
import { careWorkerGates } from '../../shared/child/buildRules.js';
import { codeListsOn, newestCodeLists, type CodedField } from '../../shared/child/codes/codeLists.js';
import { plainDate } from '../../shared/child/dates.js';
import { normalised } from '../../shared/child/codes/localValues.js';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import type { BlobStore, TaggedContent } from '../../shared/records/blobStore.js';
import { noTelemetry } from '../../shared/telemetry/events.js';
import { extractRun, type ExtractDependencies } from '../../shared/runs/extractRun.js';
import { Ledger } from '../../shared/records/ledger.js';
import { requestRun, type RequestRunDependencies } from '../../shared/runs/requestRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { runStore } from '../../shared/records/runStore.js';
import { sendChunk, type SendChunkDependencies } from '../../shared/runs/sendChunk.js';
import { defaultInclusionSets } from '../../shared/ssd/cohort.js';
import { builtInProfile, type Profile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { migrate } from '../../shared/staging/migrations.js';
import { assertOnAPage } from '../child/onAPage.js';
import type { AuditFinding, Cms, OutOfScope } from './input.js';
import { inventedTerms } from '../settings/someTerms.js';
import { everyone } from '../runs/everyone.js';

export type { CodedField, Database };

export { normalised };

/** Every code of the published list, those that are retired too. */
export function isNationalCode(field: CodedField, code: string): boolean {
  return newestCodeLists[field].has(code) || isRetiredCode(field, code);
}

function isRetiredCode(field: CodedField, code: string): boolean {
  return newestCodeLists.retired[field]?.has(code) ?? false;
}

/** The national code that the value map of the built-in profile has for a local value. */
export function mappedCode(cms: Cms, field: CodedField, text: string): string | undefined {
  return profileOf(cms).valueMaps[field]?.get(normalised(text));
}

/** Whether a text is a description of the code, or begins one. */
export function describes(cms: Cms, field: CodedField, text: string, code: string): boolean {
  const rest = normalised(text);
  return [...(profileOf(cms).descriptions[field] ?? [])].some(
    ([known, its]) => its === code && (known === rest || known.startsWith(`${rest} `)),
  );
}

export function isUascStatus(cms: Cms, text: string): boolean {
  return profileOf(cms).uascStatuses.has(normalised(text));
}

export function isFormerUpnType(cms: Cms, text: string): boolean {
  return profileOf(cms).formerUpnTypes.has(normalised(text));
}

export function isWorkerRole(cms: Cms, text: string): boolean {
  return profileOf(cms).careWorkerRoles.has(normalised(text));
}

export function isConferenceOutcome(cms: Cms, text: string): boolean {
  return profileOf(cms).conferenceOutcomes.has(normalised(text));
}

const profiles = new Map<Cms, Profile>();

function profileOf(cms: Cms): Profile {
  const known = profiles.get(cms);
  if (known !== undefined) return known;
  const profile = builtInProfile(cms);
  profiles.set(cms, profile);
  return profile;
}

export interface NightResult {
  /** What was sent of each child of the run, whole or with purge entries. */
  readonly payloads: readonly unknown[];
  readonly findings: readonly AuditFinding[];
  /** The cohort report's counts; `undefined` while it has none. */
  readonly outOfScope: OutOfScope | undefined;
}

const findingSchema = z.looseObject({
  rule: z.string(),
  table: z.string(),
  rowId: z.string().nullable(),
  column: z.string(),
  found: z.string(),
  childId: z.string().nullish(),
  parentId: z.string().nullish(),
});

const reportSchema = z.looseObject({
  rowsOutOfScope: z.record(z.string(), z.record(z.string(), z.number())).optional(),
});

/** An embedded database with a staging table, in which runs are done. */
export class AuditedProgram {
  readonly database: Database;
  readonly #blobs = new BlobsInMemory();
  #ahead = 0;

  private constructor(database: Database) {
    this.database = database;
  }

  static async start(): Promise<AuditedProgram> {
    const database = await openDatabase('embedded:');
    await migrate(database, stagingTable);
    return new AuditedProgram(database);
  }

  /** Forgets what DfE has acknowledged. */
  async forget(): Promise<void> {
    await this.database.query(`DELETE FROM ${stagingTable}`);
    this.#blobs.clear();
  }

  async stop(): Promise<void> {
    await this.database.close();
  }

  /** One run over the SSD in `schema`; the receiver accepts everything. */
  async night(schema: string, cms: Cms, today: string): Promise<NightResult> {
    const posted: unknown[] = [];
    const dependencies = this.#dependencies(schema, cms, today, posted);
    this.#ahead += 24 * 60 * 60_000;
    const requested = await requestRun(
      { trigger: 'http', requestedBy: 'audit', scope: 'outstanding', approve: true },
      dependencies,
    );
    if (requested.outcome !== 'started') throw new Error(`the run did not start: ${requested.outcome}`);
    const { runId } = requested.message;
    const chunks: ChunkMessage[] = await extractRun(runId, dependencies);
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      const { next } = await sendChunk(chunk, dependencies);
      if (next !== undefined) chunks.push(next);
    }
    const plan = await dependencies.runs.plan.read(runId);
    if (plan === undefined) throw new Error('the run has no plan');
    if (plan.held) throw new Error(`the run is paused: ${JSON.stringify(plan.objections)}`);
    const findings: AuditFinding[] = [];
    for await (const finding of dependencies.runs.findings.all(runId, plan.attempt)) {
      assertOnAPage(finding);
      findings.push(findingSchema.parse(finding));
    }
    return {
      payloads: posted,
      findings,
      outOfScope: reportSchema.parse(plan.cohortReport).rowsOutOfScope,
    };
  }

  #dependencies(
    schema: string,
    cms: Cms,
    today: string,
    posted: unknown[],
  ): ExtractDependencies & SendChunkDependencies & RequestRunDependencies {
    const profile = profileOf(cms);
    const now = () => new Date(Date.now() + this.#ahead);
    return {
      telemetry: noTelemetry,
      runs: runStore(this.#blobs),
      ledger: new Ledger(this.#blobs),
      receiver: { receiver: 'test', baseUrl: 'https://dfe.example' },
      stagingTable,
      pseudonyms: undefined,
      readInvented: () => Promise.resolve(everyone),
      now,
      today: () => plainDate(today),
      isStartedByRefresh: false,
      randomHex: () => randomBytes(3).toString('hex'),
      ssd: new SsdReader(this.database, schema, profile.names),
      staging: new StagingTable(this.database, stagingTable),
      probe: () => Promise.resolve('accepted'),
      post: (payloads) => {
        posted.push(...payloads.map((payload): unknown => JSON.parse(JSON.stringify(payload))));
        return Promise.resolve({ kind: 'accepted', receipts: payloads.map(() => 'receipt'), tries: 1 });
      },
      codesOn: (day) => codeListsOn(day).lists,
      profile,
      inclusionSets: defaultInclusionSets,
      careWorkerGates,
      unregisteredWorkers: 'leaveOut',
      changedRules: [],
      terms: inventedTerms,
      leaversKeptDays: 365,
      mode: 'changes',
      chunkLimits: { maxChildren: 100, maxBytes: 4_000_000 },
      guardLimits: { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 100 },
      rangeSize: 1000,
      version: '0.0.0',
      lanes: 1000,
      vocabulary: vocabularyWith(),
      leastMsPerPost: 0,
      pause: () => Promise.resolve(),
      every: () => () => undefined,
    };
  }
}

const stagingTable = 'ssd_api_data_staging';

/** Blobs in memory: an audit does many runs, and none of them outlives it. */
class BlobsInMemory implements BlobStore {
  readonly #blobs = new Map<
    string,
    { content: string; tag: string; facts: Readonly<Record<string, string>> }
  >();
  #writes = 0;

  clear(): void {
    this.#blobs.clear();
  }

  create(name: string, content: string, facts: Readonly<Record<string, string>> = {}): Promise<boolean> {
    if (this.#blobs.has(name)) return Promise.resolve(false);
    this.#put(name, content, facts);
    return Promise.resolve(true);
  }

  write(name: string, content: string): Promise<void> {
    this.#put(name, content, {});
    return Promise.resolve();
  }

  replace(name: string, content: string, tag: string): Promise<boolean> {
    if (this.#blobs.get(name)?.tag !== tag) return Promise.resolve(false);
    this.#put(name, content, {});
    return Promise.resolve(true);
  }

  read(name: string): Promise<string | undefined> {
    return Promise.resolve(this.#blobs.get(name)?.content);
  }

  readTagged(name: string): Promise<TaggedContent | undefined> {
    const blob = this.#blobs.get(name);
    return Promise.resolve(blob && { ...blob, modified: undefined });
  }

  time(): Promise<Date> {
    return Promise.resolve(new Date());
  }

  list(prefix: string): Promise<{ name: string; facts: Readonly<Record<string, string>>; modified: Date }[]> {
    return Promise.resolve(
      [...this.#blobs]
        .filter(([name]) => name.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { facts }]) => ({ name, facts, modified: new Date() })),
    );
  }

  folders(prefix: string): Promise<string[]> {
    const names = [...this.#blobs.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((rest) => rest.includes('/'))
      .map((rest) => rest.slice(0, rest.indexOf('/')));
    return Promise.resolve([...new Set(names)].sort());
  }

  #put(name: string, content: string, facts: Readonly<Record<string, string>>): void {
    this.#writes += 1;
    this.#blobs.set(name, { content, facts, tag: String(this.#writes) });
  }
}
