import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { z } from 'zod';
import { eventSchemas } from '../../shared/telemetry/events.js';
import { queriesFolder } from '../../infra/tools/workbook.js';

const queries = readdirSync(queriesFolder).map((file) => {
  const text = readFileSync(join(queriesFolder, file), 'utf8');
  const code = text.replace(/^\s*\/\/.*$/gm, '');
  return { file, text, code, events: eventsNamedIn(code) };
});

/** Those that an alert runs; `infra/modules/alerts.bicep` says how often. */
const alerts = [
  'no-completed-run',
  'run-failed',
  'not-sent',
  'turned-away',
  'run-held',
  'stuck-run',
  'poisoned',
  'new-refusals',
  'refused-share',
  'volume',
  'token-and-secret-failures',
  'secret-expiry',
  'api-status',
].map((name) => `${name}.kql`);

/** What every event has in addition to its own dimensions. */
const everywhere = ['appVersion', 'specVersion', 'environment', 'laCode', 'profile'];

/** What makes two events of a name the same one. */
const identity: Readonly<Record<string, readonly string[]>> = {
  RunStarted: ['runId'],
  RunHeld: ['runId'],
  RunCompleted: ['runId'],
  RunFailed: ['runId'],
  ChunkSent: ['runId', 'chunk'],
  ChunkPoisoned: ['runId', 'chunk'],
  ChunkTurnedAway: ['runId', 'chunk', 'reason'],
  ChildRejected: ['runId', 'chunk', 'rule'],
  FindingsCounted: ['runId', 'rule'],
  ApiCall: ['TimeGenerated', 'OperationId'],
  SqlCall: ['TimeGenerated', 'OperationId'],
  SecretRead: ['secret'],
};

type Schema = (typeof eventSchemas)[keyof typeof eventSchemas];

function quoted(list: string): string[] {
  return [...list.matchAll(/'([^']*)'/g)].map(([, word = '']) => word);
}

/** Every name that `Name` is compared with; all when there is none. */
function eventsNamedIn(code: string): string[] {
  const comparisons = code.matchAll(/\bName (?:==|!=|in) ('\w+'|\([^)]*\))/g);
  const names = [...new Set([...comparisons].flatMap(([, compared = '']) => quoted(compared)))];
  return names.length > 0 ? names : Object.keys(eventSchemas);
}

function schemasOf(events: readonly string[]): Schema[] {
  return Object.entries(eventSchemas)
    .filter(([name]) => events.includes(name))
    .map(([, schema]) => schema);
}

function dimensionsOf(events: readonly string[]): [string, z.ZodType][] {
  return schemasOf(events).flatMap(({ dimensions }) => {
    const shape: Readonly<Record<string, z.ZodType>> = dimensions.shape;
    return Object.entries(shape);
  });
}

function measurementsOf(events: readonly string[]): string[] {
  return schemasOf(events).flatMap(({ measurements }) => Object.keys(measurements.shape));
}

/** The names that are asked of a bag: `bag.name` and `bag['name']`. */
function membersOf(bag: string, code: string): string[] {
  const members = code.matchAll(new RegExp(`\\b(?:${bag})(?:\\.(\\w+)|\\[['"](\\w+)['"]\\])`, 'g'));
  return [...members].map(([, dotted, bracketed]) => dotted ?? bracketed ?? '');
}

/** The first line that makes one of several arrivals of an event. */
const oneOfEach = /\b(?:arg_max|arg_min|take_any|take_anyif|dcount|dcountif|distinct)\b/;

describe('the queries of infra/kql', () => {
  it('are there', () => {
    assert.ok(queries.length > 15);
    for (const file of alerts)
      assert.ok(
        queries.some((query) => query.file === file),
        file,
      );
  });

  for (const { file, text, code, events } of queries) {
    describe(file, () => {
      it('begins with its question and its columns, and is one query to the portal, which ends one at an empty line', () => {
        const head = text.split('\n').slice(
          0,
          text.split('\n').findIndex((line) => !line.startsWith('//')),
        );
        assert.match(head[0] ?? '', /^\/\/ [A-Z].*\?/);
        assert.match(head[1] ?? '', /^\/\/ Columns: /);
        assert.ok(head.length <= 4, 'a head of at most four lines');
        assert.doesNotMatch(text.trimEnd(), /\n\s*\n/);
      });

      it('asks of its events what they carry, and nothing else', () => {
        for (const name of events) assert.ok(Object.hasOwn(eventSchemas, name), name);
        const dimensions = [...dimensionsOf(events).map(([name]) => name), ...everywhere];
        for (const name of membersOf('Properties|request', code)) assert.ok(dimensions.includes(name), name);
        const measurements = measurementsOf(events);
        for (const name of membersOf('Measurements|figures', code)) {
          assert.ok(measurements.includes(name), name);
        }
      });

      it('compares dimensions with values they can have', () => {
        const dimensions = dimensionsOf(events);
        const words = new Set([...dimensions.map(([name]) => name)]);
        const comparisons = code.matchAll(/\b(\w+)\)? (?:==|!=|in) ('[^']*'|\([^)]*\))/g);
        for (const [, name = '', values = ''] of comparisons) {
          if (!words.has(name)) continue;
          for (const value of quoted(values)) {
            assert.ok(
              dimensions.some(([, schema]) => schema.safeParse(value).success),
              `${name}: ${value}`,
            );
          }
        }
      });

      it('takes an event that comes twice for one', () => {
        if (!code.includes('AppEvents')) return;
        const first = code.search(oneOfEach);
        assert.notEqual(first, -1);
        const sums = code.search(/\b(?:sum|count|avg|percentile)\(/);
        assert.ok(sums === -1 || first < sums, 'sums come after it');
        for (const [, by = ''] of code.matchAll(/arg_m(?:ax|in)\(TimeGenerated, \*\) by ([\w, ]+)/g)) {
          const keys = by.split(', ');
          for (const name of events) {
            assert.deepEqual(
              (identity[name] ?? []).filter((key) => !keys.includes(key)),
              [],
              name,
            );
          }
        }
      });

      it('knows a run by any event of it: one that fails before it reads the SSD has no RunStarted, and that event may be lost', () => {
        if (!events.includes('RunStarted') || file === 'run-phases.kql') return;
        assert.doesNotMatch(code, /TimeGenerated, Name == 'RunStarted'/);
        const having = events.filter((name) => dimensionsOf([name]).some(([of]) => of === 'trigger'));
        for (const [, names = ''] of code.matchAll(
          /Properties\.trigger\), Name (?:==|in) ('\w+'|\([^)]*\))/g,
        )) {
          assert.deepEqual(quoted(names), having);
        }
      });

      it('says from when', () => {
        const tables = code.match(/\bApp(?:Events|Requests|Traces|Exceptions)\b/g) ?? [];
        assert.ok(tables.length > 0);
        const filtered = code.match(/\bApp\w+\n\s*\| where TimeGenerated > (?:ago|startofday)\(/g);
        assert.equal(filtered?.length, tables.length);
      });
    });
  }
});

describe('the queries of alerts', () => {
  for (const { file, text, code } of queries.filter((query) => alerts.includes(query.file))) {
    it(`${file} uses nothing that an alert refuses`, () => {
      assert.doesNotMatch(
        code,
        /\b(?:bag_unpack|pivot|narrow|take|limit|render|search|externaldata|workspace|app|adx|arg)\b ?\(?/,
      );
      assert.match(text, /^\/\/.*\bAlert\b/m);
    });

    if (file === 'no-completed-run.kql') continue;
    it(`${file} says which environment a row is about, so that several can share a workspace`, () => {
      assert.match(code, /\bproject environment\b/);
    });
  }

  it('no-completed-run.kql always has one row, and takes its environment from a line that Bicep finds', () => {
    const query = queries.find(({ file }) => file === 'no-completed-run.kql');
    assert.ok(query);
    assert.match(query.code.trimEnd().split('\n').at(-1) ?? '', /^\| summarize completedRuns = [^,]+$/);
    assert.doesNotMatch(query.code, /\bby\b/);
    assert.equal(query.text.split("let onlyEnvironment = '';").length, 2);
  });

  it('report a run that had children to send and no answer of DfE: not-sent.kql finds it, and no-completed-run.kql does not count it', () => {
    const codeOf = (name: string) => queries.find(({ file }) => file === name)?.code ?? '';
    assert.match(codeOf('not-sent.kql'), /\| extend hasNoAnswer = toSend > 0 and accepted \+ refused == 0\n/);
    assert.match(codeOf('not-sent.kql'), /\| where hasNoAnswer or superseded > 0\n/);
    assert.match(
      codeOf('no-completed-run.kql'),
      /\| where toint\(Measurements\.toSend\) == 0 or toint\(Measurements\.accepted\) \+ toint\(Measurements\.refused\) > 0\n/,
    );
    // Whatever its status: version 0.1 called it completed.
    for (const name of ['not-sent.kql', 'no-completed-run.kql']) {
      assert.doesNotMatch(codeOf(name), /where[^|]*status/, name);
    }
  });

  it('say that an alert sees two days, where they compare with more', () => {
    for (const { file, text, code } of queries.filter((query) => alerts.includes(query.file))) {
      const comparesNights = /\b(?:leftanti|firstSeen)\b/.test(code);
      assert.equal(text.includes('look back two days at most'), comparesNights, file);
    }
  });
});
