import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import { receiptLeftOut } from '../../shared/dfe/keptReceipt.js';
import { childrenTable } from '../../shared/downloads/childrenTable.js';
import { fullAnswersTable } from '../../shared/downloads/fullAnswersTable.js';
import { refusedTable } from '../../shared/downloads/refusedTable.js';
import { childrenOfRun } from '../../shared/records/childrenOfRun.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import { fullAnswersOfRun } from '../../shared/records/fullAnswersOfRun.js';
import { refusedOfRun } from '../../shared/records/refusalsOfRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { encodings, valuesOf } from '../dfe/encodings.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { unhurried } from '../records/whole.js';
import { aWorld, type Dependencies } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

/** Values that tell who a child is, and are not in records anyhow, as the child's own id is. */
function tellingValues(payload: object): string[] {
  const details = 'child_details' in payload ? payload.child_details : {};
  return valuesOf(details).filter((value) => value.length >= 5);
}

/** Refuses every child of a batch of one and every larger batch, and quotes each child in every way. */
function quoting(quoted: Set<string>): (payloads: readonly object[]) => Promise<DfeAnswer> {
  return (payloads) => {
    const lines = payloads.flatMap((payload, place) =>
      tellingValues(payload).flatMap((value) =>
        Object.values(encodings).map((encode) => {
          quoted.add(encode(value));
          return `[${String(place)}].child_details.surname: ${encode(value)} is too long`;
        }),
      ),
    );
    const text = lines.join('\n');
    return Promise.resolve({ kind: 'refused', status: 400, text, mayHold: false, tries: 1 });
  };
}

/** Every blob by its name. */
async function blobsOf(): Promise<ReadonlyMap<string, string>> {
  const blobs = world.blobs();
  const names = (await blobs.list('')).map(({ name }) => name);
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await blobs.read(name)) ?? ''] as const)),
  );
}

async function csvsOf(runId: RunId, { runs, profile }: Dependencies): Promise<string> {
  const plan = await runs.plan.read(runId);
  assert.ok(plan !== undefined);
  const refused = await refusedTable(refusedOfRun(runId, runs, unhurried), profile.names);
  assert.ok(refused.rows.length > 5);
  for (const [id, , , , ...place] of refused.rows) {
    assert.deepEqual(place, ['ssd_person', 'pers_surname', id, '']);
  }
  const csvs = [await childrenTable(childrenOfRun(runId, plan, runs, unhurried)), refused];
  return csvs.flatMap(({ rows }) => rows.flat()).join();
}

function leakedInto(text: string, quoted: ReadonlySet<string>): string[] {
  return [...quoted].filter((value) => text.includes(value));
}

describe('what DfE says of children that it refuses', () => {
  test('is nowhere but next to the payloads, in whatever way it quotes them, and goes from there by an erasure', async () => {
    const quoted = new Set<string>();
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry, post: quoting(quoted) });
    const runId = await world.run(dependencies);
    assert.ok(runId !== undefined && quoted.size > 500);
    const blobs = await blobsOf();
    const kept = [...blobs].filter(([name]) => !/\/(chunks|full-answers)\//.test(name));
    const rows = (await world.stagingRows()).map((row) => String(row['api_response']));
    assert.ok(kept.some(([, text]) => text.includes('child_details.surname: … is too long')));
    assert.ok(
      rows.some((text) => /^400: child_details.surname: … is too long.* words left out\)$/.test(text)),
    );
    const everything = [
      ...kept.map(([, text]) => text),
      ...rows,
      JSON.stringify(telemetry.sent),
      await csvsOf(runId, dependencies),
    ];
    assert.equal(leakedInto(everything.join('\n'), quoted).length, 0);

    const full = () => fullAnswersTable(fullAnswersOfRun(runId, dependencies.runs, unhurried));
    assert.ok(leakedInto((await full()).rows.join(), quoted).length > 100, 'the data officer can read it');
    const ids = (await world.stagingRows()).map((row) => String(row['person_id']));
    const { staging, ledger } = dependencies;
    for (const id of ids) {
      const asker = { by: 'a person', reason: 'it was asked for' };
      const own = { ...dependencies, blobs: world.blobs(), staging, ledger };
      const { erased } = await eraseChild(id, asker, own, unhurried.deadline);
      assert.ok(erased);
    }
    const left = [...(await blobsOf()).values(), (await full()).rows.join()].join('\n');
    assert.equal(leakedInto(left, quoted).length, 0);
  });

  test('settles each child that DfE accepts, whatever it writes for a receipt', async () => {
    const receipts = ['a\0b', 'a\ud800', 'x'.repeat(500_000), '', '👶', 'two\nlines'];
    const dependencies = world.dependencies('first', {
      post: (payloads) =>
        Promise.resolve({
          kind: 'accepted',
          receipts: payloads.map((_, place) => receipts[place % receipts.length] ?? ''),
          tries: 1,
        }),
    });
    await world.run(dependencies);
    const rows = await world.stagingRows();
    assert.ok(rows.length > 5);
    for (const row of rows) {
      assert.equal(row['submission_status'], 'Sent');
      assert.equal(row['api_response'], receiptLeftOut);
    }
  });
});
