import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  answerDeadline,
  longestAnswerMs,
  noDeadline,
  readInTime,
  Rest,
  type Deadline,
} from '../../shared/records/inTime.js';
import { childrenTable } from '../../shared/downloads/childrenTable.js';
import { linesOf, type Table } from '../../shared/downloads/table.js';
import { tableFile } from '../../shared/downloads/tableFile.js';
import { findingsTable } from '../../shared/downloads/findingsTable.js';
import { chunksFileRequestSchema, findingsFileRequestSchema } from '../../shared/downloads/fileRequest.js';
import { reconciliationTable } from '../../shared/downloads/reconciliationTable.js';
import { refusedTable } from '../../shared/downloads/refusedTable.js';
import { childrenOfRun } from '../../shared/records/childrenOfRun.js';
import { findingsOfRun } from '../../shared/records/findingsOfRun.js';
import { Ledger } from '../../shared/records/ledger.js';
import { answeredEntryOf, sentEntryOf } from '../../shared/records/ledgerEntries.js';
import { refusalsByRule, refusedOfRun } from '../../shared/records/refusalsOfRun.js';
import type { Result } from '../../shared/records/result.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { disclosuresAbout, type Disclosure } from '../../shared/dataSubject/disclosures.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { MemoryBlobs } from './memoryBlobs.js';
import { SlowBlobs } from './slowBlobs.js';
import { unhurried } from './whole.js';

const ssdNames = builtInProfile('systemc').names;

/** What Azure's front end waits for an answer. */
const frontEndMs = 230_000;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('the time of an answer', () => {
  test('is well below that of Azure’s front end, and is over when it has passed', () => {
    assert.ok(longestAnswerMs < frontEndMs / 2);
    let time = 0;
    const deadline = answerDeadline(() => new Date(time));
    time = longestAnswerMs - 1;
    assert.equal(deadline.isOver(), false);
    time = longestAnswerMs;
    assert.equal(deadline.isOver(), true);
  });

  test('does not become longer when the clock is set back', () => {
    let time = 3_600_000;
    const deadline = answerDeadline(() => new Date(time));
    time = 0;
    assert.equal(deadline.isOver(), true);
  });
});

describe('reading in time', () => {
  const over: Deadline = { isOver: () => true };
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  const double = (number: number) => Promise.resolve(2 * number);

  test('gives everything, in order, when there is time', async () => {
    assert.deepEqual(
      await all(readInTime(numbers, double, noDeadline)),
      numbers.map((number) => 2 * number),
    );
  });

  test('gets on in each call, and names the first item it has not read', async () => {
    const read: number[] = [];
    let from = 1;
    let calls = 0;
    for (let isWhole = false; !isWhole; calls += 1) {
      isWhole = true;
      for await (const one of readInTime(
        numbers.filter((number) => number >= from),
        double,
        over,
        3,
      )) {
        if (one instanceof Rest) {
          from = one.from;
          isWhole = false;
        } else read.push(one);
      }
    }
    assert.deepEqual(
      read,
      numbers.map((number) => 2 * number),
    );
    assert.equal(calls, 7);
  });

  test('is whole when the last item was read as the time ended', async () => {
    assert.ok(!(await all(readInTime([1, 2, 3], double, over, 3))).some((one) => one instanceof Rest));
  });
});

const day = 24 * 60 * 60_000;
const runIdOf = (night: number) => {
  const at = new Date(Date.parse('2026-01-01T02:00:00Z') + night * day);
  return `${at.toISOString().replace(/[-:.]/g, '')}-00000a`;
};

describe('the list of runs', () => {
  async function runsOf(nights: number): Promise<MemoryBlobs> {
    const blobs = new MemoryBlobs();
    const runs = runStore(blobs);
    for (let night = 0; night < nights; night += 1) {
      await runs.request.create({
        runId: runIdOf(night),
        trigger: 'timer',
        requestedBy: 'schedule',
        scope: 'outstanding',
        requestedAt: new Date(Date.parse('2026-01-01T02:00:00Z') + night * day).toISOString(),
        today: '2026-01-01',
      });
    }
    return blobs;
  }

  test('is reached whole in several calls, none of which takes too long', async () => {
    const slow = new SlowBlobs(await runsOf(100), 1000);
    const listed: string[] = [];
    let from: string | undefined;
    let calls = 0;
    do {
      const begun = slow.now().getTime();
      const { runs, next, complete } = await recentRuns(100, runStore(slow), {
        from,
        deadline: answerDeadline(slow.now),
      });
      assert.ok(slow.now().getTime() - begun < frontEndMs);
      assert.equal(complete, next === undefined);
      listed.push(...runs.map(({ runId }) => runId));
      from = next;
      calls += 1;
    } while (from !== undefined);
    assert.ok(calls > 3);
    assert.deepEqual(
      listed,
      Array.from({ length: 100 }, (_, index) => runIdOf(99 - index)),
    );
  });

  test('leads to the older runs also where there was enough time for those that were asked for', async () => {
    const runs = runStore(await runsOf(5));
    const { next, complete } = await recentRuns(2, runs, unhurried);
    assert.equal(complete, true);
    assert.equal(next, runIdOf(2));
    const older = await recentRuns(10, runs, { ...unhurried, from: next });
    assert.deepEqual(
      older.runs.map(({ runId }) => runId),
      [runIdOf(2), runIdOf(1), runIdOf(0)],
    );
    assert.equal(older.next, undefined);
  });
});

describe('what was disclosed about a child', () => {
  /** Each night sends chunks of other children, and one with the child. */
  async function aLedger(nights: number, chunks: number): Promise<MemoryBlobs> {
    const blobs = new MemoryBlobs();
    const ledger = new Ledger(blobs);
    for (let night = 0; night < nights; night += 1) {
      for (let chunk = 1; chunk <= chunks; chunk += 1) {
        const personId = chunk === 1 + (night % chunks) ? 'C1' : `C${String(chunk)}-other`;
        const runId = runIdOf(night);
        const at = new Date(Date.parse('2026-01-01T02:00:00Z') + night * day + chunk);
        await ledger.recordSending(
          sentEntryOf({
            request: { runId, trigger: 'timer', requestedBy: 'schedule' },
            chunk,
            blob: `runs/${runId}/chunks/a/${String(chunk)}.json`,
            at,
            receiver: { receiver: 'live', baseUrl: 'https://dfe.example/v1' },
            children: [{ personId, hash: 'ab'.repeat(32), change: 'New', payload: {} }],
          }),
        );
        const children = [{ outcome: 'accepted', personId, receipt: `R${String(night)}` }] as const;
        await ledger.recordAnswer(answeredEntryOf(runId, { chunk, recordedAt: at.toISOString(), children }));
      }
    }
    return blobs;
  }

  const ask = (slow: SlowBlobs, from: string | undefined, asked: number) =>
    disclosuresAbout(
      'C1',
      { by: 'function key', reason: 'SAR 17' },
      {
        blobs: slow,
        ledger: new Ledger(slow),
        now: slow.now,
        randomHex: () => asked.toString(16).padStart(6, '0'),
        idKey: () => Promise.resolve((id: string) => id),
      },
      answerDeadline(slow.now),
      from,
    );

  test('is reached whole in several calls, none of which takes too long', async () => {
    const slow = new SlowBlobs(await aLedger(40, 12), 1000);
    const told: Disclosure[] = [];
    let from: string | undefined;
    let calls = 0;
    do {
      const begun = slow.now().getTime();
      const { disclosures, next } = await ask(slow, from, calls);
      assert.ok(slow.now().getTime() - begun < frontEndMs);
      told.push(...disclosures);
      from = next;
      calls += 1;
    } while (from !== undefined);
    assert.ok(calls > 4);
    assert.deepEqual(
      told.map(({ receipt }) => receipt),
      Array.from({ length: 40 }, (_, night) => `R${String(night)}`),
    );
  });

  test('can be asked for from a day on', async () => {
    const { disclosures } = await ask(new SlowBlobs(await aLedger(10, 2), 1), '2026-01-08', 1);
    assert.deepEqual(
      disclosures.map(({ receipt }) => receipt),
      ['R7', 'R8', 'R9'],
    );
  });
});

describe('a file', () => {
  const runId = runIdOf(1);
  const plan = { attempt: 'a', chunks: 300, held: false, dryRun: false };
  const hash = 'ab'.repeat(32);

  /** A run of 300 chunks, in each of which DfE has refused a child, and the findings of 300 ranges. */
  async function aRun(): Promise<MemoryBlobs> {
    const blobs = new MemoryBlobs();
    const runs = runStore(blobs);
    for (let chunk = 1; chunk <= plan.chunks; chunk += 1) {
      const personId = `C${String(chunk)}`;
      await runs.chunk.write('a', {
        runId,
        chunk,
        children: [{ personId, hash, change: 'New', payload: {}, holds: 'payload' }],
      });
      const refused = {
        outcome: 'refused',
        personId,
        hash,
        reason: '422: no',
        mayHold: false,
        claimId: 'c1',
      } as const;
      const children: Result['children'] = [refused];
      await runs.result.create(runId, { chunk, recordedAt: '2026-01-02T02:05:00.000Z', posts: 1, children });
      const finding = { rule: 'upn-shape', table: 'ssd_person', column: 'pers_upn', found: 'text' } as const;
      await runs.findings.write(runId, 'a', chunk, [{ ...finding, rowId: personId }]);
      await runs.findings.write(runIdOf(0), 'a', chunk, [{ ...finding, rowId: `${personId}-before` }]);
    }
    return blobs;
  }

  type Download = (runs: RunStore, from: string | undefined, deadline: Deadline) => Promise<Table>;
  const chunkIn = (from: string | undefined) => chunksFileRequestSchema.parse({ from }).from;
  const downloads: readonly (readonly [name: string, lines: number, download: Download])[] = [
    [
      'of the children of a run',
      300,
      (runs, from, deadline) =>
        childrenTable(childrenOfRun(runId, plan, runs, { from: chunkIn(from), deadline })),
    ],
    [
      'of the refused children of a run',
      300,
      (runs, from, deadline) =>
        refusedTable(refusedOfRun(runId, runs, { from: chunkIn(from), deadline }), ssdNames),
    ],
    [
      'of the findings of a run, with those that are gone',
      600,
      (runs, from, deadline) => {
        const part = { from: findingsFileRequestSchema.parse({ from }).from, deadline };
        const [current, earlier] = [runId, runIdOf(0)].map((id) => ({ runId: id, attempt: 'a' }));
        assert.ok(current);
        return findingsTable(findingsOfRun(current, earlier, runs, part));
      },
    ],
  ];
  for (const [name, lines, download] of downloads) {
    test(`${name} says in its last line, its name and its header that it is not whole, and the rest can be had`, async () => {
      const slow = new SlowBlobs(await aRun(), 400);
      const runs = runStore(slow);
      const listed: string[] = [];
      let from: string | undefined;
      let files = 0;
      for (let isWhole = false; !isWhole; files += 1) {
        const begun = slow.now().getTime();
        const table = await download(runs, from, answerDeadline(slow.now));
        assert.ok(slow.now().getTime() - begun < frontEndMs);
        const file = await tableFile({ name: 'list', table, format: 'csv', from });
        const { headers } = file;
        const body = String(file.body).split('\r\n').slice(1, -1);
        const [, next] = /\?from=(\S+) at the end of its address\.$/.exec(body.at(-1) ?? '') ?? [];
        isWhole = next === undefined;
        assert.equal(headers['content-disposition'].includes('-incomplete'), !isWhole);
        assert.equal(
          'link' in headers ? headers.link : undefined,
          isWhole ? undefined : `<?from=${String(next)}>; rel="next"`,
        );
        if (!isWhole) assert.match(body.pop() ?? '', /^INCOMPLETE/);
        listed.push(...body);
        from = next;
      }
      assert.ok(files > 1, `${String(files)} file`);
      assert.equal(new Set(listed).size, lines);
      assert.equal(listed.length, lines);
      assert.equal([...linesOf(await download(runs, undefined, noDeadline))].length, lines);
    });
  }

  test('of the reconciliation says in its last line that it is not whole', async () => {
    const children = async function* () {
      for (let child = 1; child <= 3; child += 1) {
        const state = 'up to date' as const;
        yield await Promise.resolve({
          personId: `C${String(child)}`,
          state,
          mayHold: false,
          refusal: undefined,
        });
      }
    };
    const broken = await reconciliationTable(children(), { isOver: () => true });
    const { headers, body } = await tableFile({ name: 'r', table: broken, format: 'csv' });
    assert.match(String(body), /C1,up to date,no,\r\nINCOMPLETE: [^\r]*\r\n$/);
    assert.match(headers['content-disposition'], /-incomplete/);
    const whole = await reconciliationTable(children(), noDeadline);
    assert.deepEqual([...linesOf(whole)].at(-1), ['C3', 'up to date', 'no', '']);
  });

  test('is not taken for whole by the count of refusals, which is kept only when it is', async () => {
    const slow = new SlowBlobs(await aRun(), 1000);
    const runs = runStore(slow);
    const part = await refusalsByRule(runId, true, runs, answerDeadline(slow.now));
    assert.equal(part.complete, false);
    assert.equal(await runs.refusals.read(runId), undefined);
    const all = await refusalsByRule(runId, true, runs, noDeadline);
    assert.deepEqual(all, { byRule: { '422': 300 }, complete: true });
  });
});
