import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectionYears } from '../../shared/child/codes/codeLists.js';
import {
  columnsOfDataToInsight,
  columnsOfThisSystem,
  compatibilityOf,
  stagingLayouts,
} from '../../shared/ssd/compatibility.js';
import { builtInProfile, profileFrom, profileNames } from '../../shared/ssd/profile.js';
import { columnsPublishedBy, publishedSystems } from '../../shared/ssd/publishedColumns.js';
import { ssdReleases } from '../../shared/ssd/ssdReleases.js';
import { stagingColumns } from '../sql/playedCatalogue.js';

describe('what this version was checked against', () => {
  test('is said of the SSD of every built-in profile, and of one that extends it', () => {
    for (const name of profileNames) {
      const { system, ssdRelease } = compatibilityOf(builtInProfile(name));
      assert.ok(system !== null && ssdRelease !== null, name);
      assert.deepEqual(compatibilityOf(profileFrom({ extends: name }, 'ours.json')).ssdRelease, ssdRelease);
    }
  });

  test('is said of no SSD where a profile extends none of them', () => {
    const { system, ssdRelease, stagingBuilder } = compatibilityOf(profileFrom({}, 'ours.json'));
    assert.deepEqual([system, ssdRelease], [null, null]);
    assert.equal(stagingBuilder.version, '0.4.8');
  });

  test('has every collection year that there are code lists for', () => {
    assert.deepEqual(
      compatibilityOf({ system: undefined }).codeLists.map(({ collectionYear }) => collectionYear),
      collectionYears,
    );
  });

  test('is plain data: nothing is lost when it is written as JSON', () => {
    const compatibility = compatibilityOf(builtInProfile('mosaic'));
    assert.deepEqual(JSON.parse(JSON.stringify(compatibility)), compatibility);
  });

  test('has every column of the staging table, as its scripts make it', () => {
    const made = stagingColumns('Latin1_General_CI_AS').map(({ name }) => name);
    const named = [...columnsOfDataToInsight, ...Object.keys(columnsOfThisSystem)];
    assert.deepEqual(made.sort(), named.sort());
    for (const { lacks } of stagingLayouts) {
      for (const column of lacks) assert.ok(columnsOfDataToInsight.includes(column), column);
    }
  });

  test('knows the columns that releases brought, and not their earlier names, in the release checked', () => {
    for (const system of publishedSystems) {
      for (const { table, came, replaced = [] } of ssdReleases[system].columnChanges) {
        const published = columnsPublishedBy(system, table);
        for (const column of came) assert.ok(published.includes(column), column);
        for (const column of replaced) assert.ok(!published.includes(column), column);
      }
    }
  });
});
