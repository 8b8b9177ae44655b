import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import {
  appSettingsOf,
  at,
  givenBy,
  itCompiled,
  itemsAt,
  predicted,
  predictedEnvironments,
  textAt,
  type Resource,
} from './predicted.js';

const type = 'Microsoft.Insights/scheduledQueryRules';

async function rules(): Promise<Resource[]> {
  return (await predicted('prod')).of(type);
}

async function alerts() {
  return (await rules()).map((rule) => {
    const [condition] = itemsAt(rule, 'properties.criteria.allOf');
    return {
      name: rule.name.replace(/^alert-csc-prod-/, ''),
      severity: at(rule, 'properties.severity'),
      frequency: textAt(rule, 'properties.evaluationFrequency') ?? '',
      window: textAt(rule, 'properties.windowSize') ?? '',
      reach: textAt(rule, 'properties.overrideQueryTimeRange') ?? '',
      query: textAt(condition, 'query') ?? '',
      column: textAt(condition, 'metricMeasureColumn') ?? '',
    };
  });
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
  itCompiled('are these, each with its own name', async () => {
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
      'turned-away',
      'volume',
      'workspace-cap',
    ]);
  });

  itCompiled('notify an action group, and link the page that says what to do', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const [group] = prediction.of('Microsoft.Insights/actionGroups');
      const { runbookBaseUrl } = await givenBy(name);
      for (const rule of prediction.of(type)) {
        assert.deepEqual(at(rule, 'properties.actions.actionGroups'), [group?.id], rule.id);
        const page = `${String(runbookBaseUrl)}/${rule.name.split('-').slice(3).join('-')}.md`;
        assert.equal(at(rule, 'properties.actions.customProperties.runbook'), page);
        assert.equal(at(rule, 'properties.description'), `What to do: ${page}`);
      }
    }
  });

  itCompiled('notify the action group of the council, if there is one', async () => {
    const existingActionGroupId =
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/a';
    const prediction = await predicted('prod', { existingActionGroupId });
    assert.deepEqual(prediction.maybe('Microsoft.Insights/actionGroups'), []);
    for (const rule of prediction.of(type)) {
      assert.deepEqual(at(rule, 'properties.actions.actionGroups'), [existingActionGroupId]);
    }
  });

  itCompiled('can be switched off one by one', async () => {
    const prediction = await predicted('prod', { disabledAlerts: ['volume'] });
    const off = prediction.of(type).filter((rule) => at(rule, 'properties.enabled') !== true);
    assert.deepEqual(
      off.map(({ name }) => name),
      ['alert-csc-prod-volume'],
    );
  });

  itCompiled('are the only kind of alert there is', async () => {
    for (const { prediction } of await predictedEnvironments()) {
      for (const other of ['metricAlerts', 'activityLogAlerts']) {
        assert.deepEqual(prediction.maybe(`Microsoft.Insights/${other}`), []);
      }
    }
  });

  itCompiled('use the query of the same name that analysts use, for their own environment', async () => {
    for (const { name, query } of await alerts()) {
      // Azure reports the workspace itself; no query of ours is involved.
      if (name === 'workspace-cap') continue;
      const text = kql(`${name}.kql`);
      if (name === 'no-completed-run') {
        const before = "let onlyEnvironment = ''";
        assert.ok(text.includes(before));
        assert.equal(query, text.replace(before, "let onlyEnvironment = 'prod'"));
        continue;
      }
      assert.equal(query, `${text}\n| where environment == 'prod'`);
      assert.match(text, /\benvironment\b/, name);
    }
    const [app] = (await predicted('prod')).of('Microsoft.Web/sites');
    assert.equal(appSettingsOf(app).get('ENVIRONMENT'), 'prod');
  });

  itCompiled('that compare a column use a query that has this column', async () => {
    for (const { name, column } of await alerts()) {
      if (column !== '') assert.match(kql(`${name}.kql`), new RegExp(`\\b${column}\\b`), name);
    }
  });

  itCompiled('look back at least to the previous check, and at most two days, as Azure allows', async () => {
    for (const { name, frequency, window, reach } of await alerts()) {
      assert.ok(minutes(frequency) >= 5, name);
      assert.ok(minutes(window) >= minutes(frequency), name);
      assert.ok(minutes(window) <= 2880 && minutes(reach) <= 2880, name);
      assert.ok(reach === '' || minutes(reach) >= minutes(window), name);
    }
  });

  itCompiled('are most severe when a run may have sent nothing', async () => {
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
  itCompiled(
    'all belong to an alert or to the query pack, except the one that lists environments in the workbook',
    async () => {
      const prediction = await predicted('prod');
      const used = [
        ...(await alerts()).map(({ name }) => `${name}.kql`),
        ...prediction
          .of('Microsoft.OperationalInsights/queryPacks/queries')
          .map((query) => textAt(query, 'properties.description')?.replace('infra/kql/', '') ?? ''),
      ];
      const names = readdirSync(join(projectRoot, 'infra', 'kql'));
      assert.deepEqual(
        names.filter((name) => !used.includes(name)),
        ['environments.kql'],
      );
    },
  );
  itCompiled('in the pack name their file', async () => {
    const packed = (await predicted('prod')).of('Microsoft.OperationalInsights/queryPacks/queries');
    for (const query of packed) {
      const file = textAt(query, 'properties.description')?.replace('infra/kql/', '') ?? '';
      assert.equal(at(query, 'properties.body'), kql(file));
    }
  });
});

describe('the budget', () => {
  itCompiled('notifies the action group', async () => {
    for (const environment of ['test', 'prod']) {
      const prediction = await predicted(environment);
      const [budget] = prediction.of('Microsoft.Consumption/budgets');
      const [group] = prediction.of('Microsoft.Insights/actionGroups');
      for (const kind of ['actual', 'forecast']) {
        assert.deepEqual(at(budget, `properties.notifications.${kind}.contactGroups`), [group?.id]);
      }
    }
  });
  itCompiled('is not made without an amount', async () => {
    const prediction = await predicted('prod', { budgetAmount: 0 });
    assert.deepEqual(prediction.maybe('Microsoft.Consumption/budgets'), []);
  });
});
