import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { idKeyOf } from '../../shared/database/idForm.js';
import { NotMet } from '../../shared/staging/notMet.js';
import { stagedChildOf } from '../../shared/staging/stagedChild.js';

const collations = ['Latin1_General_CI_AS', 'Latin1_General_CS_AI', 'Latin1_General_BIN2'];
const staged = (ids: readonly string[]) => ids.map((person_id) => stagedChildOf({ person_id }));

describe('the staged children of a range', () => {
  it('leaves over each one that no person of the SSD is, in all its spellings, and no other', () => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'A', 'é', 'E', 'e', '1', ' '),
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(id),
        fc.array(id),
        fc.constantFrom(...collations.map((collation) => idKeyOf('sqlserver', collation))),
        (before, persons, keyOf) => {
          const notMet = new NotMet(staged(before), keyOf);
          for (const person of persons) notMet.met(person);
          const here = new Set(persons.map(keyOf));
          assert.deepEqual(
            notMet
              .all()
              .map(({ personId }) => personId)
              .toSorted(),
            before.filter((one) => !here.has(keyOf(one))).toSorted(),
          );
        },
      ),
    );
  });

  it('knows a child by the spelling of the SSD, and by another one where there is no such row', () => {
    const notMet = new NotMet(staged(['c1', 'C1', 'd2']), idKeyOf('sqlserver', 'Latin1_General_CI_AS'));
    assert.equal(notMet.known('C1')?.personId, 'C1');
    assert.equal(notMet.known('D2')?.personId, 'd2');
    assert.equal(notMet.known('E3'), undefined);
  });
});
