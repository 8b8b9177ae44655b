import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { codeListsOn } from '../../shared/child/codes/codeLists.js';
import { plainDate } from '../../shared/child/dates.js';
import { statementError } from '../../shared/database/statementError.js';
import { preflightChecks } from '../../shared/preflight/answer.js';
import { preflight } from '../../shared/preflight/preflight.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { changedRulesOf } from '../../shared/settings/rulesFile.js';
import { holding, silencing } from '../child/rules/changed.js';
import { testEngines } from '../database/engines.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { aDfe, azuriteQueues, foundBy, opened, outcomesOf, preflightsOn, seeded } from './preflightsOn.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    test('passes everything but indexes on an app that is ready, and names no child', async () => {
      const result = await look({ openQueues: () => azuriteQueues(azurite.connectionString) });
      assert.deepEqual(
        result.checks.filter(({ outcome, check }) => outcome !== 'pass' && check !== 'ssdIndexes'),
        [],
      );
      assert.deepEqual(
        result.checks.map(({ check }) => check),
        [...preflightChecks],
      );
      assert.match(foundBy('ssdRows', result), /ssd_person 1\b/);
      assert.match(foundBy('ssdRelease', result), /has the columns of release 1\.4\.5 of SystemC/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('says which receiver children go to, and warns of an address that only a setting makes known', async () => {
      const known = await look();
      assert.match(foundBy('settings', known), /DfE's live receiver at csc\.dfe\.example\/receiver\/1\.$/);
      const added = await look({ addressesNotKnown: ['DFE_API_BASE_URL'] });
      const check = added.checks.find(({ check }) => check === 'settings');
      assert.equal(check?.outcome, 'warn');
      assert.match(check.found, /does not know the address in DFE_API_BASE_URL: DFE_FURTHER_ADDRESSES/);
      assert.match(check.remedy ?? '', /letter by letter/);
    });

    test('lists all wrong settings and skips the rest when the settings are wrong', async () => {
      const result = await preflight(() => {
        readSettings({ DFE_CLIENT_SECRET: 'seeded-secret', LA_CODE: 'seeded' });
        return world.parts();
      });
      assert.equal(result.outcome, 'fail');
      assert.match(foundBy('settings', result), /LA_CODE must be[\s\S]*DFE_SCOPE is missing/);
      assert.ok(result.checks.slice(1).every(({ outcome }) => outcome === 'skipped'));
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('warns, and fails nothing, where this release has no code lists for the collection year', async () => {
      const result = await look({ codeLists: () => codeListsOn('2091-06-01') });
      assert.equal(outcomesOf(result).codeLists, 'warn');
      assert.equal(result.outcome, 'warn');
      assert.match(foundBy('codeLists', result), /no code lists for the collection year 2091-92/);
    });

    test('says which rules the council has changed, and warns of those whose last day has passed', async () => {
      assert.match(foundBy('changedRules', await look()), /has changed no rule \(RULES_FILE\)/);
      const until = plainDate('2026-08-10');
      const changedRules = [
        holding('cin-8820'),
        silencing('cin-1530', { until: plainDate('2026-08-11') }),
        holding('cin-1580', { since: plainDate('2026-08-12') }),
      ];
      const now = await look({ changedRules });
      assert.equal(outcomesOf(now).changedRules, 'pass');
      assert.match(foundBy('changedRules', now), /hold a child: cin-8820\. Silenced rules: cin-1530\./);
      assert.match(foundBy('changedRules', now), /from a later day: cin-1580 \(from 2026-08-12\)/);
      const ended = await look({ changedRules: [...changedRules, silencing('cin-4014', { until })] });
      assert.equal(outcomesOf(ended).changedRules, 'warn');
      assert.match(foundBy('changedRules', ended), /has passed: cin-4014 \(until 2026-08-10\)/);
    });

    test('says what is wrong in the file of changed rules, and skips the rest', async () => {
      const result = await preflight(() => {
        changedRulesOf('rules/none.json');
        return world.parts();
      });
      assert.match(foundBy('settings', result), /rules\/none\.json, .*there is no such file/);
      assert.ok(result.checks.slice(1).every(({ outcome }) => outcome === 'skipped'));
    });

    test('skips what needs a database that cannot be reached, and quotes nothing of the driver', async () => {
      const error = Object.assign(new Error('Login failed, Password=seeded-password'), { code: 'ELOGIN' });
      const result = await look({ openDatabase: () => opened(() => Promise.reject(error)) });
      assert.deepEqual(outcomesOf(result), {
        settings: 'pass',
        agreement: 'pass',
        codeLists: 'pass',
        changedRules: 'pass',
        secrets: 'pass',
        pseudonyms: 'pass',
        database: 'fail',
        ssdTables: 'skipped',
        ssdRelease: 'skipped',
        ssdTypes: 'skipped',
        ssdIndexes: 'skipped',
        ssdRows: 'skipped',
        ssdRelations: 'skipped',
        ssdFreshness: 'skipped',
        cohortLists: 'skipped',
        stagingTable: 'skipped',
        stagingRights: 'skipped',
        dfe: 'pass',
        storage: 'pass',
        queues: 'pass',
        clock: 'skipped',
      });
      assert.match(foundBy('database', result), /ELOGIN/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('shows no value of a row that the database quotes in an error', async () => {
      const quoting = { query: () => Promise.reject(statementError(new Error("Truncated value: 'seeded'"))) };
      const result = await look({
        openDatabase: () => opened(() => Promise.resolve({ ...world.database, ...quoting })),
      });
      assert.equal(outcomesOf(result).database, 'fail');
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('gives up a check that takes too long, and answers all the same', async () => {
      const never = () => new Promise<never>(() => undefined);
      const result = await look({ openDfe: () => ({ ...aDfe('accepted'), probe: never }) }, 1000);
      assert.equal(outcomesOf(result).dfe, 'fail');
      assert.match(foundBy('dfe', result), /No answer within 1 seconds/);
    });

    test('closes the database it has opened, also when a check still waits for it', async () => {
      let closed = 0;
      const close = () => Promise.resolve(void (closed += 1));
      await look({ openDatabase: () => ({ get: () => Promise.resolve(world.database), close }) });
      assert.equal(closed, 1);
      const never = () => new Promise<never>(() => undefined);
      const result = await look({ openDatabase: () => ({ get: never, close }) }, 500);
      assert.match(foundBy('database', result), /No answer/);
      assert.equal(closed, 2);
    });

    test('fails a check that throws at once, without ending in an error', async () => {
      const result = await look({
        openDfe: () => {
          throw new Error('seeded');
        },
      });
      assert.equal(outcomesOf(result).secrets, 'fail');
      assert.equal(outcomesOf(result).dfe, 'skipped');
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });
  });
}
