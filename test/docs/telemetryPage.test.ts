import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { telemetryPage } from '../../infra/tools/docs/telemetryPage.js';
import { commonDimensionsSchema, eventSchemas } from '../../shared/telemetry/events.js';
import { projectRoot } from '../local/migrations.js';

const page = readFileSync(join(projectRoot, 'docs', 'telemetry.md'), 'utf8');

/** What is between backticks. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

/** What a group of measurements is called in the table, by a paragraph of its own. */
function group(name: string): string[] {
  return namesIn(new RegExp(`^The ${name}: ([^]*?)\\.$`, 'm').exec(page)?.[1] ?? '');
}

describe('docs/telemetry.md', () => {
  test('lists the events as the code has them (npm run docs writes it)', () => {
    assert.equal(page, telemetryPage(page));
  });

  for (const [event, { dimensions, measurements }] of Object.entries(eventSchemas)) {
    test(`names what ${event} carries`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${event}\` |`));
      const [dimensionCell = '', measurementCell = ''] = row?.split('|').slice(3) ?? [];
      assert.deepEqual(namesIn(dimensionCell), Object.keys(dimensions.shape));
      const groups = ['figures', 'totals'].filter((name) => measurementCell.includes(`the ${name}`));
      assert.deepEqual(
        [...groups.flatMap(group), ...namesIn(measurementCell)],
        Object.keys(measurements.shape),
      );
    });
  }

  test('has no event that is not sent', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(rows, Object.keys(eventSchemas));
  });

  test('names what every event carries', () => {
    const sentence = /^Every event carries [^]*?\.$/m.exec(page)?.[0] ?? '';
    for (const name of Object.keys(commonDimensionsSchema.shape)) assert.ok(namesIn(sentence).includes(name));
  });
});
