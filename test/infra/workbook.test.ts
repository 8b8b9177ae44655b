import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  fromItsFile,
  itemsWithin,
  queriesFolder,
  queriesOf,
  readItems,
  withQueriesOfFiles,
  workbookFile,
} from '../../infra/tools/workbook.js';

const json = readFileSync(workbookFile, 'utf8');
const items = readItems(json);
const everyItem = itemsWithin(items);
const groups = everyItem.filter(({ type }) => type === 12);
const tabs = everyItem.flatMap(({ content }) => content.links ?? []);
const drillDown = groups.find(
  ({ conditionalVisibility }) => conditionalVisibility?.parameterName === 'runId',
);

/** What a query or text asks of the reader: `{name}`. */
function parametersIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => name);
}

describe('the workbook', () => {
  it('asks what the files of infra/kql ask (npm run workbook writes it)', () => {
    assert.equal(withQueriesOfFiles(json), json);
    for (const query of queriesOf(items)) assert.equal(query, fromItsFile(query));
  });

  it('only filters and sums up what a query answers', () => {
    for (const query of queriesOf(items)) {
      const [, added = ''] = query.split('// In the workbook only:\n');
      assert.match(added, /^(\| (where|project|summarize|order by) [^\n]+\n?)*$/);
      assert.doesNotMatch(added, /\bApp[A-Z]\w+|\bjoin\b|\bunion\b/);
    }
  });

  it('has a place for every question but that of no-completed-run, which only an alert has', () => {
    for (const file of readdirSync(queriesFolder)) {
      const isShown = queriesOf(items).some((query) => query.startsWith(`// infra/kql/${file}\n`));
      assert.equal(isShown, file !== 'no-completed-run.kql', file);
    }
  });

  it('has its five tabs, and each shows its own group', () => {
    assert.deepEqual(
      tabs.map((tab) => tab.linkLabel),
      ['Last night', 'History', 'Refusals', 'API and SQL', 'Help'],
    );
    const shown = groups.flatMap(({ conditionalVisibility }) =>
      conditionalVisibility?.parameterName === 'selectedTab' ? [conditionalVisibility.value] : [],
    );
    assert.deepEqual(
      tabs.map((tab) => tab.subTarget),
      shown,
    );
    for (const tab of tabs) assert.deepEqual([tab.cellValue, tab.linkTarget], ['selectedTab', 'parameter']);
    for (const group of groups) assert.ok(group.conditionalVisibility, group.name);
  });

  it('shows the chunks, refusals, findings and messages of the run that is selected, and nothing before', () => {
    const grid = everyItem.find(({ content }) => content.exportParameterName === 'runId');
    assert.ok(grid && drillDown);
    assert.equal(grid.content.exportFieldName, 'runId');
    assert.match(grid.content.query ?? '', /^\/\/ infra\/kql\/run-history\.kql\n/);
    assert.deepEqual(drillDown.conditionalVisibility, {
      parameterName: 'runId',
      comparison: 'isNotEqualTo',
      value: '',
    });
    const history = groups.find(({ conditionalVisibility }) => conditionalVisibility?.value === 'history');
    const order = history?.content.items?.map(({ name }) => name) ?? [];
    assert.ok(order.indexOf(grid.name) < order.indexOf(drillDown.name) && order.includes(grid.name));
    const shown = itemsWithin(drillDown.content.items ?? []).flatMap(({ content }) => content.query ?? []);
    for (const file of ['chunk-times', 'refusals-by-rule', 'findings', 'run-log']) {
      assert.ok(
        shown.some((query) => query.startsWith(`// infra/kql/${file}.kql\n`)),
        file,
      );
    }
    for (const query of shown) assert.match(query, /\n\| where runId == '\{runId\}'$/);
  });

  it('speaks of one environment at a time', () => {
    const ofNone = ['environments', 'function-times', 'all-authorities'].map(
      (file) => `// infra/kql/${file}.kql\n`,
    );
    for (const query of queriesOf(items)) {
      if (ofNone.some((head) => query.startsWith(head)) || query.includes("'{runId}'")) continue;
      assert.match(query, /\/\/ In the workbook only:\n\| where environment == '\{Environment\}'/);
    }
  });

  it('sets every parameter before it is used', () => {
    const known = new Set<string>();
    for (const { content, conditionalVisibility, name } of everyItem) {
      const used = [
        ...parametersIn(content.query ?? ''),
        ...[content.timeContextFromParameter, conditionalVisibility?.parameterName].filter(
          (parameter) => parameter !== undefined,
        ),
      ];
      for (const parameter of used) assert.ok(known.has(parameter), `${name}: ${parameter}`);
      for (const parameter of content.parameters ?? []) known.add(parameter.name);
      for (const link of content.links ?? []) known.add(link.cellValue);
      if (content.exportParameterName !== undefined) known.add(content.exportParameterName);
    }
  });

  it('says of every query from when it looks, and what it means that there is nothing', () => {
    for (const { name, content } of everyItem.filter((item) => item.type === 3)) {
      assert.ok(content.timeContext, name);
      assert.ok(content.timeContext.durationMs > 0 || content.timeContextFromParameter === 'TimeRange', name);
      assert.match(content.noDataMessage ?? '', /\.$/, name);
      assert.equal(content.queryType, 0, name);
    }
  });

  it('can be deployed anywhere, and more than once', () => {
    assert.doesNotMatch(json, /\/subscriptions\//);
    // The most characters that Bicep's loadTextContent() takes.
    assert.ok(json.length <= 131_072);
    assert.equal(new Set(everyItem.map(({ name }) => name)).size, everyItem.length);
    const ids = [...json.matchAll(/"id": "([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
