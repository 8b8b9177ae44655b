import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { z } from 'zod';
import { pseudonymsOf, type Generalisation } from '../../shared/child/pseudonyms/pseudonyms.js';
import { CredentialsError } from '../../shared/dfe/credentials.js';
import { approveRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { planSchema } from '../../shared/records/plan.js';
import { refusedOfRun } from '../../shared/records/refusalsOfRun.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { applyRecord, type HeldChild } from '../local/dfe/state.js';
import { unhurried, whole } from '../records/whole.js';
import { aWorld, type Dependencies, type SsdName } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

/** Made anew for each process, as the app does, from the key that lasts. */
const underKey = (key = 1, generalised: readonly Generalisation[] = []) => {
  const made = () => pseudonymsOf(new Uint8Array(32).fill(key), generalised);
  return () => Promise.resolve(made());
};

const withoutKey = () =>
  Promise.reject(new CredentialsError('The key of the pseudonyms could not be read.', false));

const episodesSchema = z.object({
  social_care_episodes: z.array(z.object({ social_care_episode_id: z.string() })),
});
const recordSchema = z.object({ la_child_id: z.string() }).catchall(z.json());

/** What DfE should hold when it knows all that an SSD says, under these pseudonyms. */
async function expectedUnder(name: SsdName, pseudonyms = underKey()): Promise<HeldChild[]> {
  const made = await pseudonyms();
  return (await world.expected(name))
    .map((child) => recordSchema.parse(made.payload(child)))
    .map((record) => applyRecord(undefined, record, 'replace'))
    .filter((held) => held !== undefined)
    .sort((a, b) => (a.la_child_id < b.la_child_id ? -1 : 1));
}

const statusOf = async (runId: string, { runs }: Dependencies) => runStatus(runId, runs);
const all = { trigger: 'http', requestedBy: 'a person', scope: 'all' } as const;

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
  test('sends every child, and nothing that identifies it', async () => {
    const dependencies = world.dependencies('first', { pseudonyms: underKey() });
    const runId = (await world.run(dependencies)) ?? '';
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

  test('does not reveal the order of the council’s ids by the order within a POST', async () => {
    const dependencies = world.dependencies('first', { pseudonyms: underKey() });
    const posts: string[][] = [];
    const post: Dependencies['post'] = (children) => {
      posts.push(
        z
          .array(recordSchema)
          .parse(children)
          .map(({ la_child_id: id }) => id),
      );
      return dependencies.post(children);
    };
    await world.run({ ...dependencies, post });
    assert.ok(posts.filter((ids) => ids.length > 3).length > 3);
    for (const ids of posts) assert.deepEqual(ids, ids.toSorted());
    assert.deepEqual(world.dfe.children(), await expectedUnder('first'));
  });

  test('names the row of a refused field by its id in the SSD', async () => {
    const refuse: Dependencies['post'] = (children) => {
      const text = children.map((_, at) => `[${String(at)}].social_care_episodes[0].referral_date: no`);
      return Promise.resolve({
        kind: 'refused',
        status: 400,
        text: text.join('\n'),
        mayHold: false,
        tries: 1,
      });
    };
    const dependencies = world.dependencies('first', { pseudonyms: underKey(), post: refuse });
    const runId = (await world.run(dependencies)) ?? '';
    const expected = new Map((await world.expected('first')).map((child) => [child.la_child_id, child]));
    const refused = await whole(refusedOfRun(runId, dependencies.runs, unhurried));
    const rows = refused.filter(({ places }) => places[0]?.rowId !== undefined);
    assert.ok(rows.length > 5);
    for (const { personId, places } of rows) {
      const episodes = episodesSchema.parse(expected.get(personId)).social_care_episodes;
      const place = { table: 'ssd_cin_episodes', column: 'cine_referral_date' };
      assert.deepEqual(places, [{ ...place, rowId: episodes[0]?.social_care_episode_id }]);
    }
  });

  test('acknowledges the real payloads in the staging table, and is repeated under the same pseudonyms', async () => {
    const dependencies = world.dependencies('first', { pseudonyms: underKey() }, { around: failingOnce() });
    await world.run(dependencies);
    const expected = await world.expected('first');
    assert.equal(world.dfe.children().length, expected.length);
    const rows = await world.stagingRows();
    for (const row of rows) assert.equal(row['previous_json_payload'], row['json_payload']);
  });

  test('names each child as the run before did, and removes those who have left', async () => {
    await world.run(world.dependencies('first', { pseudonyms: underKey() }));
    await world.run(world.dependencies('first', { pseudonyms: underKey() }), all);
    assert.deepEqual(world.dfe.children(), await expectedUnder('first'));
    await world.run(world.dependencies('later', { pseudonyms: underKey() }));
    assert.deepEqual(world.dfe.children(), await expectedUnder('later'));
  });

  test('removes single records that are gone where DfE keeps what it is not told to remove', async () => {
    await world.fresh({ arrays: 'merge' });
    await world.run(world.dependencies('first', { pseudonyms: underKey() }));
    await world.run(world.dependencies('later', { pseudonyms: underKey() }));
    assert.deepEqual(world.dfe.children(), await expectedUnder('later'));
  });

  for (const mode of ['changes', 'partial'] as const) {
    test(`sends every child once, whole, when the pseudonyms have changed: mode ${mode}`, async () => {
      const other = underKey(1, ['monthOfBirth']);
      await world.run(world.dependencies('first', { pseudonyms: underKey(), mode }));
      await world.run(world.dependencies('first', { pseudonyms: other, mode }));
      assert.deepEqual(world.dfe.children(), await expectedUnder('first', other));
      const { posts } = world.dfe.statistics;
      await world.run(world.dependencies('first', { pseudonyms: other, mode }));
      assert.equal(world.dfe.statistics.posts, posts);
    });
  }

  test('sends all children once under the lasting key when an earlier version has sent them under others', async () => {
    await world.run(world.dependencies('first'));
    const earlier = world.dfe.children().length;
    const dependencies = world.dependencies('first', { pseudonyms: underKey() });
    const runId = (await world.run(dependencies)) ?? '';
    const expected = await expectedUnder('first');
    const status = await statusOf(runId, dependencies);
    assert.deepEqual([status?.status, status?.totals?.accepted], ['completed', expected.length]);
    assert.equal(world.dfe.children().length, earlier + expected.length);
  });

  test('that an earlier version has planned under a key of its own sends nothing, also when approved', async () => {
    const dependencies = world.dependencies('first', { pseudonyms: underKey() });
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    const name = `runs/${runId}/plan.json`;
    const plan = planSchema.parse(JSON.parse((await world.blobs().read(name)) ?? ''));
    const objections = [{ guard: 'leavers', explanation: 'Many.' }];
    const asEarlier = { pseudonyms: undefined, pseudonymKey: 'a1'.repeat(32) };
    const ofEarlier = { ...plan, ...asEarlier, held: true, objections };
    await world.blobs().write(name, JSON.stringify(ofEarlier));
    const decided = await approveRun(runId, { by: 'a person' }, dependencies);
    assert.equal(decided.outcome, 'too late');
    await world.ticks(dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
    const status = await statusOf(runId, dependencies);
    assert.equal(status?.status, 'cancelled');
    assert.match(status.explanation ?? '', /pseudonyms of that run alone/);
    await world.run(dependencies);
    assert.deepEqual(world.dfe.children(), await expectedUnder('first'));
  });

  test('without the key fails, stages nothing and sends nothing, and is sent once the key is there', async () => {
    const keyless = world.dependencies('first', { pseudonyms: withoutKey });
    const runId = (await world.run(keyless)) ?? '';
    assert.equal((await statusOf(runId, keyless))?.status, 'failed');
    assert.deepEqual([world.dfe.statistics.posts, (await world.stagingRows()).length], [0, 0]);
    await world.run(world.dependencies('first', { pseudonyms: underKey() }));
    assert.deepEqual(world.dfe.children(), await expectedUnder('first'));
  });

  for (const [what, pseudonyms] of [
    ['is gone', withoutKey],
    ['is another one', underKey(2)],
  ] as const) {
    test(`whose key ${what} when it is to be sent sends nothing; the next run sends it all`, async () => {
      const dependencies = world.dependencies('first', { pseudonyms: underKey() });
      const runId = (await world.request(dependencies)) ?? '';
      const messages = await extractRun(runId, dependencies);
      world.loseMessages();
      const then = { ...dependencies, pseudonyms };
      for (const content of messages) await then.put({ queue: 'chunks', content });
      await world.drain(then);
      assert.equal(world.dfe.statistics.posts, 0);
      assert.ok((await statusOf(runId, then))?.endedAt !== undefined);
      await world.run(dependencies);
      assert.deepEqual(world.dfe.children(), await expectedUnder('first'));
    });
  }

  test('that had these children under pseudonyms is held once they would go as they are', async () => {
    await world.run(world.dependencies('first', { pseudonyms: underKey() }));
    const received = world.dfe.children();
    const shown = world.dependencies('first');
    const runId = (await world.run(shown)) ?? '';
    const status = await statusOf(runId, shown);
    assert.equal(status?.status, 'held');
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['pseudonymsOff'],
    );
    assert.match(status.explanation ?? '', /SSD_SYNTHETIC is now true/);
    assert.deepEqual(world.dfe.children(), received);
  });

  test('that was planned for a live one sends nothing', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.request(dependencies);
    await world.drain({ ...dependencies, post: () => Promise.reject(new Error('nothing may be posted')) });
    world.loseMessages();
    const test = world.dependencies('first', { pseudonyms: underKey() });
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
