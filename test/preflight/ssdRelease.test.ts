import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckAnswer } from '../../shared/preflight/check.js';
import { ssdRelease } from '../../shared/preflight/checks/ssdRelease.js';
import type { PublishedSystem } from '../../shared/ssd/publishedColumns.js';
import type { ReleaseSigns } from '../../shared/ssd/releaseSigns.js';
import { ssdReleases } from '../../shared/ssd/ssdReleases.js';

const none: ReleaseSigns = { older: [], newer: [], isPart: false };

function answerTo(signs: Partial<ReleaseSigns>, system?: PublishedSystem): Promise<CheckAnswer> {
  const releaseSigns = () => Promise.resolve({ ...none, ...signs });
  return ssdRelease.look({ system, ssd: () => Promise.resolve({ releaseSigns }) });
}

describe('the preflight says of the release of the SSD', () => {
  test('which one it has the columns of, and which others have the same', async () => {
    const found: string[] = [];
    for (const system of ['systemc', 'mosaic', 'eclipse'] as const) {
      const answer = await answerTo({}, system);
      assert.equal(answer.outcome, 'pass');
      found.push(answer.found);
    }
    assert.deepEqual(found, [
      'The SSD has the columns of release 1.4.5 of SystemC, which this version was checked against. Releases 1.3.9 to 1.4.9 have the same.',
      'The SSD has the columns of release 1.4.4 of Mosaic, which this version was checked against. Releases 1.4.1 to 1.4.4 have the same.',
      'The SSD has the columns of release 1.4.4 of Eclipse, which this version was checked against. Releases 1.3.8 to 1.4.4 have the same.',
    ]);
  });

  test('that it is older, and leaves what is not sent to the check that says it', async () => {
    const older = ssdReleases.systemc.columnChanges.filter(({ release }) => release === '1.2.5');
    const { outcome, found, remedy } = await answerTo({ older }, 'systemc');
    assert.equal(outcome, 'warn');
    const [first, ...columns] = found.split('\n');
    assert.match(first ?? '', /older than release 1\.2\.5, .* release 1\.4\.5 of SystemC.* ssdTables says/);
    assert.deepEqual(columns, [
      'ssd_person.pers_forename, ssd_person.pers_surname: since release 1.2.5 (2025-01-22).',
      'ssd_cla_episodes.clae_cla_episode_ceased_date: since release 1.2.5 (2025-02-14), in place of clae_cla_episode_ceased.',
    ]);
    assert.match(remedy ?? '', /columnNames/);
  });

  test('that it is newer, and that nothing is lost', async () => {
    const { outcome, found } = await answerTo({ newer: ['ssd_person.pers_new_item'] }, 'eclipse');
    assert.equal(outcome, 'warn');
    assert.match(
      found,
      /newer than release 1\.4\.4 of Eclipse.*: ssd_person\.pers_new_item\..* nothing is lost/,
    );
  });

  test('nothing where only a part of it is filled, or the profile belongs to no system', async () => {
    const part = await answerTo({ isPart: true }, 'mosaic');
    assert.equal(part.outcome, 'pass');
    assert.match(part.found, /^No column says that the SSD is older or newer/);
    const ours = await answerTo({ newer: ['ssd_person.pers_new_item'] });
    assert.equal(ours.outcome, 'pass');
    assert.match(ours.found, /no release to compare/);
  });
});
