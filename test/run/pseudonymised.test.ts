import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { runStatus } from '../../shared/run/runStatus.js';
import { aWorld } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

/** Every text of a payload that tells who a child is: ids, names, dates, postcodes, UPNs. */
function tellingTexts(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => tellingTexts(item, path));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, held]) => tellingTexts(held, name));
  }
  const isTelling = /(_id|first_name|surname|date|postcode|unique_pupil_number)$/.test(path);
  return isTelling && typeof value === 'string' ? [value] : [];
}

describe('a run to a test receiver', () => {
  test('sends every child, and nothing that tells who it is', async () => {
    const dependencies = world.dependencies('first', { pseudonymises: true });
    const runId = (await world.night(dependencies)) ?? '';
    const expected = await world.expected('first');
    const status = await runStatus(runId, dependencies.runs);
    assert.equal(status?.status, 'completed');
    assert.equal(status.totals?.accepted, expected.length);

    const received = world.dfe.children();
    assert.equal(received.length, expected.length);
    const ids = new Set(expected.flatMap((child) => tellingTexts(child)).filter((text) => text.length > 4));
    assert.ok(ids.size > 100);
    // A moved date may be another one of the same child by chance; everything else must be gone.
    const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
    const left = received.flatMap((child) => tellingTexts(child)).filter((text) => ids.has(text));
    assert.equal(left.filter((text) => !isDate(text)).length, 0);
    const details = new Set(expected.map((child) => JSON.stringify(child['child_details'])));
    assert.ok(received.every((child) => !details.has(JSON.stringify(child['child_details']))));
  });

  test('acknowledges the real payloads in the staging table, and is repeated under the same pseudonyms', async () => {
    const dependencies = world.dependencies('first', { pseudonymises: true }, { around: failingOnce() });
    await world.night(dependencies);
    const expected = await world.expected('first');
    assert.equal(world.dfe.children().length, expected.length);
    const rows = await world.stagingRows();
    for (const row of rows) assert.equal(row['previous_json_payload'], row['json_payload']);
  });

  test('gives each run other pseudonyms', async () => {
    await world.night(world.dependencies('first', { pseudonymises: true }));
    const ids = new Set(world.dfe.children().map((child) => child.la_child_id));
    const all = { trigger: 'http', requestedBy: 'a person', scope: 'all' } as const;
    await world.night(world.dependencies('first', { pseudonymises: true }), all);
    const after = world.dfe.children().map((child) => child.la_child_id);
    assert.equal(after.length, ids.size * 2);
  });

  test('that was planned for a live one sends nothing', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.request(dependencies);
    await world.drain({ ...dependencies, post: () => Promise.reject(new Error('nothing may be posted')) });
    world.loseMessages();
    const test = world.dependencies('first', { pseudonymises: true });
    await world.ticks(test);
    assert.equal(world.dfe.statistics.posts, 0);
    assert.ok((await runStatus(runId ?? '', test.runs))?.endedAt !== undefined);
  });
});

/** The answer to the first POST is lost, so that it is sent again. */
function failingOnce(): <T>(write: () => Promise<T>, blob?: string) => Promise<T> {
  let posts = 0;
  return async (write, blob) => {
    const result = await write();
    if (blob?.includes('-sent.json') === true) {
      posts += 1;
      if (posts === 1) throw new Error('killed before the first POST');
    }
    return result;
  };
}
