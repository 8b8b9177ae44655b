import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aChild, Caller } from './caller.js';
import { parseFaults } from './faults.js';

describe('a fault', () => {
  const statuses: readonly (readonly [string, number])[] = [
    ['408=100%', 408],
    ['500=100%', 500],
    ['502=100%', 502],
    ['503=100%', 503],
    ['504=100%', 504],
    ['401=100%', 401],
    ['403=100%', 403],
    ['204=100%', 204],
    ['413=10', 413],
    ['firewall=C1', 403],
  ];
  for (const [spec, status] of statuses) {
    it(`${spec} answers ${status} and takes nothing in, until the faults are changed`, async (test) => {
      const caller = await Caller.of(test, { faults: parseFaults(spec) });
      assert.equal((await caller.post([aChild('C1')])).status, status);
      assert.deepEqual(caller.dfe.children(), []);
      caller.dfe.setFaults({});
      await caller.newToken();
      assert.equal((await caller.post([aChild('C1')])).status, 200);
      assert.deepEqual(caller.dfe.statistics.postsByStatus, { [status]: 1, 200: 1 });
    });
  }

  it('429 says how long to wait', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('429=100%:7') });
    const response = await caller.post([aChild('C1')]);
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '7']);
  });

  it('rate lets so many posts through in a second and no more', async (test) => {
    let now = 0;
    const caller = await Caller.of(test, { faults: parseFaults('rate=2'), now: () => new Date(now) });
    const statuses: number[] = [];
    for (const at of [0, 400, 800, 999, 1000, 1200, 1400]) {
      now = at;
      statuses.push((await caller.post([aChild('C1')])).status);
    }
    assert.deepEqual(statuses, [200, 200, 429, 429, 200, 429, 200]);
  });

  it('down takes the whole service away', async (test) => {
    const caller = await Caller.of(test);
    await caller.newToken();
    caller.dfe.setFaults(parseFaults('down'));
    assert.equal((await caller.post([aChild('C1')])).status, 503);
    assert.equal((await caller.askToken()).status, 503);
    assert.equal((await fetch(caller.dfe.apiBaseUrl)).status, 503);
  });

  it('token takes the token endpoint away', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('token=100%') });
    assert.equal((await caller.askToken()).status, 503);
  });

  it('401 withdraws a token that was used, and below 100% accepts a fresh one', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('401=99.999%') });
    await caller.put(aChild('C1'));
    assert.equal((await caller.post([aChild('C1')])).status, 401);
    caller.dfe.setFaults({});
    assert.equal((await caller.post([aChild('C1')])).status, 401);
    await caller.newToken();
    await caller.put(aChild('C1'));
  });

  it('reset cuts the connection before anything is taken in', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('reset=100%') });
    await assert.rejects(caller.post([aChild('C1')]));
    assert.deepEqual(caller.dfe.children(), []);
    assert.deepEqual(caller.dfe.statistics.postsByStatus, { reset: 1 });
  });

  it('lost cuts the connection after the children were taken in', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('lost=100%') });
    await assert.rejects(caller.post([aChild('C1')]));
    assert.deepEqual(caller.dfe.children(), [aChild('C1')]);
    assert.deepEqual(caller.dfe.statistics.postsByStatus, { lost: 1 });
  });

  it('slow holds the answer back', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('slow=100%:60000') });
    await caller.newToken();
    const answered = caller.post([aChild('C1')]).then(
      () => true,
      () => true,
    );
    while (caller.dfe.statistics.acceptedChildren === 0) await new Promise(setImmediate);
    assert.equal(await Promise.race([answered, Promise.resolve(false)]), false);
    assert.deepEqual(caller.dfe.statistics.postsByStatus, {});
    await caller.dfe.stop();
    await answered;
  });

  it('garbage answers 200 with a page and takes nothing in', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('garbage=100%') });
    const response = await caller.post([aChild('C1')]);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /^<html>/);
    assert.deepEqual(caller.dfe.children(), []);
  });

  it('count leaves one receipt out, and the child it belongs to', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('count=100%') });
    const receipts = await caller.put(aChild('C1'), aChild('C2'), aChild('C3'));
    assert.equal(receipts.length, 2);
    assert.equal(caller.dfe.children().length, 2);
  });

  it('of a share meets about that share of posts, the same ones for the same seed', async (test) => {
    const statuses = async (seed: string) => {
      const caller = await Caller.of(test, { faults: parseFaults('500=20%'), seed });
      const seen: number[] = [];
      for (let post = 0; post < 200; post += 1) seen.push((await caller.post([aChild('C1')])).status);
      return seen;
    };
    const first = await statuses('one');
    const failed = first.filter((status) => status === 500).length;
    assert.ok(failed > 20 && failed < 60, `${failed} of 200`);
    assert.deepEqual(await statuses('one'), first);
    assert.notDeepEqual(await statuses('other'), first);
  });
});

describe('refused children', () => {
  it('are those named, whatever batch they come in', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('refuse=C1') });
    const response = await caller.post([aChild('C0'), aChild('C1')]);
    assert.equal(response.status, 400);
    assert.match(
      await response.text(),
      /"\[0\]: Record valid but batch failed","\[1\]\.child_details: Record is not valid/,
    );
    await caller.put(aChild('C0'));
    assert.deepEqual(caller.dfe.children(), [aChild('C0')]);
    const social_care_episodes = [
      { social_care_episode_id: 'E1', purge: true },
      { social_care_episode_id: 'E2' },
    ];
    const withEpisodes = await caller.post([aChild('C1', { social_care_episodes })]);
    assert.match(await withEpisodes.text(), /"\[0\]\.social_care_episodes\[1\]\.referral_date: Record/);
  });

  it('are a stable share of all children by the seed', async (test) => {
    const chosen = async (seed: string) => {
      const caller = await Caller.of(test, { faults: parseFaults('refuse=2%'), seed });
      const refused: number[] = [];
      for (let begin = 0; begin < 5000; begin += 100) {
        const batch = Array.from({ length: 100 }, (_, index) => aChild(`C${begin + index}`));
        const text = await (await caller.post(batch)).text();
        for (const [, index] of text.matchAll(/\[(\d+)\]\.child_details/g))
          refused.push(begin + Number(index));
      }
      return refused;
    };
    const first = await chosen('one');
    assert.ok(first.length > 60 && first.length < 140, `${first.length} of 5000`);
    assert.deepEqual(await chosen('one'), first);
    assert.notDeepEqual(await chosen('other'), first);
  });

  it('are reported in a text without any index on request', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('refuse=C1,refuse-text,refuse-422') });
    const response = await caller.post([aChild('C0'), aChild('C1')]);
    assert.equal(response.status, 422);
    assert.doesNotMatch(await response.text(), /\[|\d/);
  });

  it('are reported as nested paths on request', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('refuse-paths') });
    const bad = aChild('C1', {
      social_care_episodes: [{ social_care_episode_id: 'E1', closure_reason: 'X' }],
    });
    const response = await caller.post([aChild('C0'), bad]);
    assert.equal(
      await response.text(),
      'body[1].social_care_episodes[0].closure_reason must be equal to one of the allowed values',
    );
  });

  it('are reported in a problem document that names only the rejected records, on request', async (test) => {
    const caller = await Caller.of(test, { faults: parseFaults('refuse-problem,refuse=C1') });
    const response = await caller.post([aChild('C0'), aChild('C1')]);
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.deepEqual(await response.json(), {
      type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
      title: 'One or more validation errors occurred.',
      status: 400,
      errors: { '[1].child_details': ['Record is not valid'] },
    });
  });
});
