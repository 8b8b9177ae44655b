import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import { at, declared, itemsOf, place, readProject, resourcesOf, textAt, textOf } from './project.js';

const reading = readProject();
const file = 'modules/alerts.bicep';

async function alerts() {
  return itemsOf(declared(await reading, file, 'alerts').value).map((alert) => ({
    name: textAt(alert, 'name') ?? '',
    severity: at(alert, 'severity'),
    frequency: textAt(alert, 'frequency') ?? '',
    window: textAt(alert, 'window') ?? '',
    reach: textAt(alert, 'reach') ?? '',
    query: textAt(alert, 'query') ?? '',
    column: textAt(alert, 'column') ?? '',
  }));
}

/** An ISO 8601 duration as Azure takes it, in minutes. */
function minutes(duration: string): number {
  const [, days = '0', hours = '0', mins = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(mins);
}

function kql(name: string): string {
  return readFileSync(join(projectRoot, 'infra', 'kql', name), 'utf8');
}

describe('alerts', () => {
  it('are these, each with a name of its own', async () => {
    assert.deepEqual((await alerts()).map(({ name }) => name).sort(), [
      'api-status',
      'new-refusals',
      'no-completed-run',
      'not-sent',
      'poisoned',
      'refused-share',
      'run-failed',
      'run-held',
      'secret-expiry',
      'stuck-run',
      'token-and-secret-failures',
      'volume',
      'workspace-cap',
    ]);
  });

  it('tell an action group, and link the page that says what to do', async () => {
    for (const rule of resourcesOf(await reading, 'Microsoft.Insights/scheduledQueryRules')) {
      assert.equal(rule.loopOver, 'alerts', place(rule));
      const groups = itemsOf(at(rule.value, 'properties.actions.actionGroups'));
      assert.deepEqual(groups.map(textOf), ['actionGroupId'], place(rule));
      const page = '${runbookBaseUrl}/${alert.name}.md';
      assert.equal(textAt(rule.value, 'properties.actions.customProperties.runbook'), `'${page}'`);
      assert.equal(textAt(rule.value, 'properties.description'), `'What to do: ${page}'`);
    }
  });

  it('are the only kind of alert there is', async () => {
    const others = (await reading).declarations.filter(({ reference }) =>
      /^Microsoft\.Insights\/(metricAlerts|activityLogAlerts)$/.test(reference),
    );
    assert.deepEqual(others, []);
  });

  it('ask with the query of the analysts of the same name, about their own environment', async () => {
    for (const { name, query } of await alerts()) {
      // Azure tells of a workspace, and nothing of ours.
      if (name === 'workspace-cap') continue;
      const text = `loadTextContent('../kql/${name}.kql')`;
      if (name === 'no-completed-run') {
        const [before, after] = [
          "let onlyEnvironment = \\'\\'",
          "let onlyEnvironment = \\'${environmentName}\\'",
        ];
        assert.equal(query, `replace(${text}, '${before}', '${after}')`);
        assert.match(kql(`${name}.kql`), /let onlyEnvironment = ''/);
        continue;
      }
      assert.equal(query, `'\${${text}}\${ofThisEnvironment}'`);
      assert.match(kql(`${name}.kql`), /\benvironment\b/, name);
    }
    assert.equal(
      textOf(declared(await reading, file, 'ofThisEnvironment').value),
      "'\\n| where environment == \\'${environmentName}\\''",
    );
    const settings = declared(await reading, 'modules/function-app.bicep', 'senderSettings');
    assert.equal(textAt(settings.value, 'ENVIRONMENT'), 'environmentName');
    for (const module of ['alerts', 'functionApp']) {
      const { value } = declared(await reading, 'main.bicep', module);
      assert.equal(textAt(value, 'params.environmentName'), 'environmentName', module);
    }
  });

  it('on a column ask with a query that has this column', async () => {
    for (const { name, column } of await alerts()) {
      if (column !== '') assert.match(kql(`${name}.kql`), new RegExp(`\\b${column}\\b`), name);
    }
  });

  it('look back at least as long as to the look before, and at most two days, as Azure allows', async () => {
    for (const { name, frequency, window, reach } of await alerts()) {
      assert.ok(minutes(frequency) >= 5, name);
      assert.ok(minutes(window) >= minutes(frequency), name);
      assert.ok(minutes(window) <= 2880 && minutes(reach) <= 2880, name);
      assert.ok(reach === '' || minutes(reach) >= minutes(window), name);
    }
  });

  it('weigh most when a night may have sent nothing', async () => {
    const gravest = (await alerts()).filter(({ severity }) => severity === 1).map(({ name }) => name);
    assert.deepEqual(gravest.sort(), [
      'no-completed-run',
      'not-sent',
      'poisoned',
      'run-failed',
      'token-and-secret-failures',
    ]);
  });
});

describe('queries', () => {
  it('are all for an alert or in the pack of the analysts, but for the one by which the workbook lists environments', async () => {
    const texts = (await reading).templates.map(({ text }) => text).join('\n');
    const names = readdirSync(join(projectRoot, 'infra', 'kql')).filter(
      (name) => name !== 'environments.kql',
    );
    for (const name of names) {
      assert.ok(texts.includes(`loadTextContent('../kql/${name}')`), name);
    }
  });
  it('of the pack carry the name of their file', async () => {
    for (const query of itemsOf(declared(await reading, 'modules/queries.bicep', 'queries').value)) {
      assert.equal(textAt(query, 'body'), `loadTextContent('../kql/${textAt(query, 'name') ?? ''}.kql')`);
    }
  });
});

describe('the budget', () => {
  it('tells the action group', async () => {
    const [budget] = resourcesOf(await reading, 'Microsoft.Consumption/budgets');
    for (const kind of ['actual', 'forecast']) {
      const groups = itemsOf(at(budget?.value, `properties.notifications.${kind}.contactGroups`));
      assert.deepEqual(groups.map(textOf), ['actionGroupId']);
    }
  });
});
