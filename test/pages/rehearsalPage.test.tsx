import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderToString } from 'preact-render-to-string';
import { figures } from '../../shared/child/rehearsal/figures.js';
import { excelCsv } from '../../shared/downloads/excelCsv.js';
import { rehearsalFile } from '../../shared/downloads/rehearsalFile.js';
import { noFiguresPage } from '../../shared/pages/messagePages.js';
import type { Page } from '../../shared/pages/page.js';
import { paths } from '../../shared/pages/paths.js';
import { otherDayPage, rehearsalPage } from '../../shared/pages/rehearsalPage.js';
import type { ComparedRehearsal, RehearsalColumn } from '../../shared/records/rehearsalOfRun.js';

const runId = '20260811T020000000Z-abcdef';
const monthId = '20260714T020000000Z-abcdef';
const yearId = '20250812T020000000Z-abcdef';

/** A run that counted this many children in need, half of them girls of 10 to 15. */
function aColumn(total: number, more: Partial<RehearsalColumn> = {}): RehearsalColumn {
  return {
    runId,
    today: '2026-08-11',
    day: '2027-03-31',
    children: 4321,
    figures: {
      'in-need': { total, ages: { '10 to 15': total }, sexes: { F: total / 2, M: total / 2 } },
      'looked-after': { notKnown: 'Not shared: placements of looked-after children.' },
    },
    ...more,
  };
}

const compared: ComparedRehearsal = {
  days: ['2026-03-31', '2026-04-30', '2027-03-31'],
  now: aColumn(1200),
  monthBefore: aColumn(1100, { runId: monthId, today: '2026-07-14' }),
  yearBefore: aColumn(1000, { runId: yearId, today: '2025-08-12', day: '2026-03-31' }),
};

/** The text of a page, without its marks. */
function textOf(page: Page): string {
  return renderToString(page.content)
    .replaceAll('<wbr/>', '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

const linesOf = (rehearsal: ComparedRehearsal): string[] =>
  excelCsv(rehearsalFile(rehearsal, 'csv').table).trimEnd().split('\r\n');

describe('the page of the dress rehearsal', () => {
  it('shows each figure next to the runs of a month and a year before, and says which runs and days they are', () => {
    const seen = textOf(rehearsalPage(compared));
    assert.match(seen, /Children in need on the day 1,200 1,100 1,000/);
    assert.match(
      seen,
      /This run: run of 11 August 2026 , for 31 March 2027, from the records of 4,321 children/,
    );
    assert.match(seen, /A month before: run of 14 July 2026 , for 31 March 2027/);
    assert.match(seen, /A year before: run of 12 August 2025, for 31 March 2026/);
  });

  it('shows the figures by age and by sex, and says how each is counted and may differ', () => {
    const seen = textOf(rehearsalPage(compared));
    assert.match(seen, /Age 10 to 15 1,200 1,100 1,000/);
    assert.match(seen, /Age under 1 0 0 0/);
    assert.match(seen, /Sex female 600 550 500/);
    for (const { counted, differs } of figures) {
      assert.ok(seen.includes(counted) && seen.includes(differs));
    }
  });

  it('says that a figure is not known, and why, and does not show 0', () => {
    const seen = textOf(rehearsalPage(compared));
    assert.match(seen, /Children looked after on the day not known not known not known/);
    assert.match(seen, /This run: Children looked after\. Not shared: placements of looked-after children\./);
    assert.match(seen, /The version that counted did not have this figure\./);
  });

  it('says that what is open counts as open on a day to come, and not of a day that has passed', () => {
    const toCome = /31 March 2027 was still to come/;
    assert.match(textOf(rehearsalPage(compared)), toCome);
    const past = { ...compared, now: aColumn(1, { day: '2026-03-31' }) };
    assert.doesNotMatch(textOf(rehearsalPage(past)), /still to come/);
  });

  it('shows a dash where there is no run to compare with, and says so', () => {
    const alone = { ...compared, monthBefore: undefined, yearBefore: undefined };
    const seen = textOf(rehearsalPage(alone));
    assert.match(seen, /Children in need on the day 1,200 – –/);
    assert.match(seen, /A month before: there is no run that is 28 to 60 days older/);
    assert.match(seen, /A year before: no figures of that time are kept/);
    assert.doesNotMatch(seen, /what this run says/);
  });

  it('says so where the column of a year before is of this run itself', () => {
    const own = { ...compared, yearBefore: aColumn(1000, { day: '2026-03-31' }) };
    assert.match(textOf(rehearsalPage(own)), /The column has what this run says of 31 March 2026/);
  });

  it('offers the days that the run has, the latest first, and has the shown one chosen', () => {
    const seen = renderToString(rehearsalPage(compared).content);
    const values = [...seen.matchAll(/<option[^>]*value="([\d-]+)"/g)].map(([, value]) => value);
    assert.deepEqual(values, ['2027-03-31', '2026-04-30', '2026-03-31']);
    assert.match(seen, /<option[^>]*selected[^>]*>31 March 2027/);
    assert.ok(seen.includes(`action="${paths.rehearsal(runId)}"`));
    for (const format of ['csv', 'xlsx'] as const) {
      assert.ok(seen.includes(paths.rehearsalFile(runId, '2027-03-31', format)));
    }
  });

  it('answers a day that the run does not have with 400, and says which it has', () => {
    const page = otherDayPage({ runId, days: compared.days });
    assert.equal(page.status, 400);
    assert.match(textOf(page), /the last day of each month from 31 March 2026 to 31 March 2027/);
  });

  it('says that a run of the release before kept no figures', () => {
    assert.equal(noFiguresPage.status, 404);
    assert.match(textOf(noFiguresPage), /This run kept no figures/);
  });
});

describe('the file of the dress rehearsal', () => {
  it('has a line for each figure, age group and sex, with the run and day of each number', () => {
    const lines = linesOf(compared);
    assert.equal(lines.length, 1 + figures.length * (1 + 8 + 4));
    const columns = `${runId},2027-03-31,1200,${monthId},2027-03-31,1100,${yearId},2026-03-31,1000`;
    assert.ok(
      lines[1]?.startsWith(`CIN,in-need,Children in need,on the day,children,total,all,${columns},`),
      lines[1],
    );
    assert.ok(lines.some((line) => line.includes(`,children,sex,F,${runId},2027-03-31,600,`)));
    assert.ok(lines.some((line) => line.includes(`,looked-after,`) && line.includes(',not known,')));
  });

  it('leaves empty what there is no run for, and is called by the run and the day', () => {
    const alone = { ...compared, monthBefore: undefined, yearBefore: undefined };
    assert.ok(linesOf(alone)[1]?.includes(`,total,all,${runId},2027-03-31,1200,,,,,,,`));
    assert.equal(rehearsalFile(alone, 'csv').name, `rehearsal-${runId}-for-2027-03-31`);
  });
});
