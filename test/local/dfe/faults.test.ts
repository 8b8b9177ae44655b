import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFaults } from './faults.js';

describe('a spec of faults', () => {
  it('without words means that nothing goes wrong', () => {
    assert.deepEqual(parseFaults(' '), {});
  });

  it('reads every word', () => {
    const spec =
      'down, token=1%, reset=2%, lost=3%, slow=5%:2000, 429=10%:7, rate=4, 204=1%, 401=1%, 403=1%, 408=1%, 500=5%, ' +
      '502=1%, 503=1%, 504=0.5%, 413=65536, garbage=1%, count=1%, refuse=2%+C1+C2, firewall=C3, refuse-422, refuse-text';
    assert.deepEqual(parseFaults(spec), {
      down: true,
      token: 0.01,
      reset: 0.02,
      lost: 0.03,
      slow: { share: 0.05, milliseconds: 2000 },
      tooMany: { share: 0.1, retryAfterSeconds: 7 },
      rate: 4,
      statuses: {
        204: 0.01,
        401: 0.01,
        403: 0.01,
        408: 0.01,
        500: 0.05,
        502: 0.01,
        503: 0.01,
        504: 0.005,
      },
      maxBodyBytes: 65536,
      garbage: 0.01,
      count: 0.01,
      refuse: { share: 0.02, ids: new Set(['C1', 'C2']) },
      firewall: { share: 0, ids: new Set(['C3']) },
      refusalStatus: 422,
      refusalShape: 'text',
    });
  });

  it('takes a second for Retry-After when none is given', () => {
    assert.deepEqual(parseFaults('429=10%').tooMany, { share: 0.1, retryAfterSeconds: 1 });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['refuse=2%,fast', /"fast" cannot be read: there is no such word/],
    ['500=5', /"500=5" cannot be read: "5" is not a percentage from 0% to 100%/],
    ['500=101%', /"101%" is not a percentage/],
    ['500', /a value is missing \(500=SHARE\)/],
    ['slow=5%', /"" is not a whole number from 0/],
    ['rate=0', /"0" is not a whole number from 1/],
    ['413=64k', /"64k" is not a whole number/],
    ['down=5%', /takes no value/],
    ['500=1%,500=2%', /comes twice/],
    ['refuse=1%+2%', /two percentages/],
    ['refuse=Zoë', /not an la_child_id/],
    ['refuse-text,refuse-paths', /one shape, not both refuse-text and refuse-paths/],
  ];
  for (const [spec, message] of wrong) {
    it(`is refused with the list of valid words: ${spec}`, () => {
      assert.throws(() => parseFaults(spec), message);
      assert.throws(
        () => parseFaults(spec),
        /Valid words.*slow=SHARE:MS.*429=SHARE\[:SECONDS\].*refuse=CHILDREN/,
      );
    });
  }
});
