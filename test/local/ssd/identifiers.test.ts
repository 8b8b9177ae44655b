import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nhsNumber, postcode, upn, upnCheckLetter } from '../../../infra/syntheticSsd/identifiers.js';
import { randomFrom } from '../../../infra/syntheticSsd/random.js';

describe('made-up identifiers', () => {
  it('have the UPN check letter that the weighted sum of the digits gives', () => {
    // 2×3 + 3×0 + 4×1 + 5×7 + 6×4 + 7×4 + 8×1 + 9×1 + 10×5 + 11×5 + 12×6 + 13×9 = 408 = 17×23 + 17, and U is letter 17.
    assert.equal(upnCheckLetter('301744115569'), 'U');
    assert.equal(upnCheckLetter('000000000000'), 'A');
    // A temporary number: its last letter counts as its place, 13×1 = 13, which is P.
    assert.equal(upnCheckLetter('00000000000B'), 'P');
  });

  it('have the shape of UPNs, NHS numbers and postcodes, whatever the seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const random = randomFrom(seed);
        assert.match(upn(random, 2019), /^[A-HJ-NP-RT-Z]2010\d{3}19\d{2}[\dA-HJ-NP-RT-Z]$/);
        assert.match(nhsNumber(random), /^999\d{7}$/);
        assert.match(postcode(random), /^[A-Z]{1,2}\d{1,2} \d[ABD-HJLNP-UW-Z]{2}$/);
      }),
    );
  });
});
