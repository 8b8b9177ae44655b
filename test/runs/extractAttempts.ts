import assert from 'node:assert/strict';
import { beforeEach } from 'node:test';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { isSsdTable, ssdTables } from '../../shared/child/sourceRows.js';
import { personColumnOf } from '../../shared/ssd/tables.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { chunkMessageOf } from '../../shared/records/chunk.js';
import { chunkHashOf } from '../../shared/records/chunkHash.js';
import { countedReads } from './countedReads.js';
import { parseFaults } from '../local/dfe/faults.js';
import { noInterference, type Interference } from './interference.js';
import { aWorld, ssds, type Dependencies } from './world.js';

export const world = aWorld(12);
export const { names } = builtInProfile('systemc');
export const everyone: NewRunRequest = { trigger: 'http', requestedBy: 'a person', scope: 'all' };

/** Small ranges and chunks, so that there are many of each, and lists, so that they count as well. */
export const small = { rangeSize: 3, chunkLimits: { maxChildren: 4, maxBytes: 190_000 } };
export let ids: string[] = [];
export const lists = { cohortList: `${ssds.later}.listed`, allowList: `${ssds.later}.allowed` };

/** DfE has the records of the first run, and has refused one of its children. */
beforeEach(async () => {
  ids = (await world.expected('later')).map(({ la_child_id: id }) => id);
  await makeList(lists.cohortList, [...ids.slice(1), 'NOBODY']);
  await makeList(lists.allowList, ids.slice(0, -1));
  await world.fresh();
  world.dfe.setFaults(parseFaults(`refuse=${ids[0] ?? ''}`));
  await world.run(world.dependencies('first'));
  world.dfe.setFaults({});
});

async function makeList(table: string, members: readonly string[]): Promise<void> {
  await query(`DROP TABLE IF EXISTS ${table}`);
  await query(`CREATE TABLE ${table} (person_id varchar(48))`);
  for (const id of members) await query(`INSERT INTO ${table} VALUES (@id)`, { id });
}

/** A process of its own that counts the ranges it reads. */
export function anAttempt(
  overrides: Partial<Dependencies> = {},
  interference?: Interference,
): { readonly dependencies: Dependencies; readonly read: () => number } {
  const dependencies = world.dependencies('later', { ...small, ...overrides }, interference);
  return { dependencies, read: countedReads(dependencies.ssd) };
}

/** What an attempt has left: all that a plan says except its time and run, and what is in the chunks and findings that it names. */
export async function outcomeOf(runId: RunId, { runs }: Dependencies) {
  const plan = await runs.plan.read(runId);
  assert.ok(plan !== undefined);
  const { attempt, chunkHashes = [], ...planned } = plan;
  const numbers = Array.from({ length: plan.chunks }, (_, at) => at + 1);
  const contents = await Promise.all(
    numbers.map((chunk) => runs.chunk.read(chunkMessageOf(runId, plan, chunk))),
  );
  assert.deepEqual(
    contents.map((chunk) => chunk && chunkHashOf(chunk)),
    chunkHashes,
  );
  const findings: unknown[] = [];
  for await (const finding of runs.findings.all(runId, attempt)) findings.push(finding);
  const { sinceRunBefore, ...figures } = plan.figures;
  const { new: added, stillThere, mended } = sinceRunBefore;
  return {
    ...planned,
    rehearsal: await runs.rehearsal.read({ runId, attempt }),
    plannedAt: '',
    number: 0,
    figures: { ...figures, added, stillThere, mended },
    contents: contents.map((chunk) => chunk?.children),
    findings,
  };
}

/** Lets an extract begin, be killed at a write, and be done. */
export async function killedAndRepeated(
  wish: NewRunRequest,
  overrides: () => Partial<Dependencies>,
  killer: Interference,
  between: () => Promise<void> = () => Promise.resolve(),
) {
  const runId = await world.begin(world.dependencies('later'), wish);
  const first = anAttempt(overrides(), killer);
  const wasKilled = await extractRun(runId, first.dependencies).then(
    () => false,
    () => true,
  );
  await between();
  const second = anAttempt(overrides());
  await extractRun(runId, second.dependencies);
  const outcome = await outcomeOf(runId, second.dependencies);
  await failRun(runId, 'a test', second.dependencies);
  return { runId, wasKilled, first, second, outcome };
}

/** The outcome of an extract that is not killed. */
export async function undisturbed(wish: NewRunRequest, overrides: () => Partial<Dependencies>) {
  const { outcome, second, first } = await killedAndRepeated(wish, overrides, noInterference);
  assert.equal(second.read(), 0);
  return { outcome, ranges: first.read() };
}

/** The ids of the children that a plan sends. */
export async function sentBy(runId: RunId, { runs }: Dependencies): Promise<string[]> {
  const plan = await runs.plan.read(runId);
  assert.ok(plan);
  const numbers = Array.from({ length: plan.chunks }, (_, at) => at + 1);
  const chunks = await Promise.all(numbers.map((n) => runs.chunk.read(chunkMessageOf(runId, plan, n))));
  return chunks.flatMap((chunk) => chunk?.children.map(({ personId }) => personId) ?? []);
}

/** Gives a child another id in every table. */
export async function renamed(from: string, to: string): Promise<void> {
  for (const table of Object.keys(ssdTables).filter(isSsdTable)) {
    const column = personColumnOf(table);
    if (column === undefined) continue;
    await query(`UPDATE SSD.${table} SET ${column} = @to WHERE ${column} = @from`, { from, to });
  }
}

export function query(sql: string, parameters?: Readonly<Record<string, string>>) {
  return world.database.query(sql.replaceAll('SSD.', `${ssds.later}.`), parameters);
}
