import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { plainDate } from '../../shared/child/dates.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { refusalsByRule, refusedOfRun } from '../../shared/records/refusalsOfRun.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { writePastNight } from '../pages/pastRuns.js';
import { unhurried, whole } from './whole.js';

const today = plainDate('2026-08-11');
const now = new Date('2026-08-11T02:00:00Z');
const dayMs = 24 * 60 * 60_000;

describe('the refusals of a run', () => {
  let azurite: Azurite;
  let runs: RunStore;
  let blobs: AzureBlobStore;

  before(async () => {
    azurite = await startAzurite();
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    blobs = new AzureBlobStore(service.getContainerClient('csc-runs'));
    runs = runStore(blobs);
  });
  after(() => azurite.stop());

  const aNight = (ago: number) =>
    writePastNight(
      { ago, status: 'completed', accepted: 190, refused: 10, outstanding: 0, withResults: true },
      today,
      now,
      runs,
    );

  it('are every refused child with DfE’s words', async () => {
    const runId = await aNight(0);
    const children = await whole(refusedOfRun(runId, runs, unhurried));
    assert.equal(children.length, 10);
    assert.match(children[0]?.reason ?? '', /^400: child_details.postcode/);
    assert.deepEqual(new Set(children.map(({ chunk }) => chunk)), new Set([1, 2]));
  });

  it('are counted by rule without words and ids, and once only when the run has ended', async () => {
    const runId = await aNight(1);
    const expected = {
      '400 child_details.postcode': 4,
      '400 child_details.unique_pupil_number': 4,
      '422': 2,
    };
    const counted = { byRule: expected, complete: true };
    assert.deepEqual(await refusalsByRule(runId, false, runs, noDeadline), counted);
    assert.equal(await runs.refusals.read(runId), undefined);
    assert.deepEqual(await refusalsByRule(runId, true, runs, noDeadline), counted);
    assert.deepEqual(await runs.refusals.read(runId), expected);
  });

  it('belong to recent runs when only these are asked for: older ones are not read', async () => {
    const old = await aNight(40);
    await blobs.write(`runs/${old}/request.json`, 'unreadable: who reads it fails');
    const { runs: recent } = await recentRuns(60, runs, {
      ...unhurried,
      since: new Date(now.getTime() - 30 * dayMs),
    });
    assert.ok(recent.length >= 1 && recent.every(({ runId }) => runId > old));
  });
});
