import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderToString } from 'preact-render-to-string';
import { plainDate } from '../../shared/child/dates.js';
import type { Principal, Role } from '../../shared/access/principal.js';
import { childrenPage } from '../../shared/pages/childrenPage.js';
import { dashboardPage, earlierRunsPage } from '../../shared/pages/dashboardPage.js';
import { inWords } from '../../shared/pages/lastRunInWords.js';
import { documentOf } from '../../shared/pages/layout.js';
import type { Page } from '../../shared/pages/page.js';
import { troublePage, uncertainPage } from '../../shared/pages/messagePages.js';
import { emptyForm, rerunPage } from '../../shared/pages/rerunPage.js';
import { paths } from '../../shared/pages/paths.js';
import { runPage } from '../../shared/pages/runPage.js';
import { durationText, timeText } from '../../shared/pages/words.js';
import type { RunStatus } from '../../shared/records/runStatus.js';
import { builtInProfile } from '../../shared/ssd/profile.js';

const runId = '20260811T020000000Z-abcdef';
const now = new Date('2026-08-11T08:00:00Z');
const totals = { chunks: 1, posts: 1, accepted: 0, refused: 0, outstanding: 0, superseded: 0 };

function aRun(more: Partial<RunStatus> = {}): RunStatus {
  return {
    runId,
    status: 'completed',
    trigger: 'timer',
    requestedAt: '2026-08-11T02:00:00Z',
    requestedBy: 'timer',
    scope: 'outstanding',
    today: '2026-08-11',
    ...more,
  };
}

const figures: NonNullable<RunStatus['figures']> = {
  personsRead: 60,
  cohort: 50,
  held: 1,
  new: 10,
  updated: 5,
  unchanged: 35,
  leavers: 2,
  withdrawn: 0,
  refusedBefore: 3,
  toSend: 17,
  namedNotFound: 0,
  sentInTwoSteps: 0,
  olderReferralsOpen: 0,
  olderReferralsClosedInWindow: 0,
  olderReferralsWithItemInWindow: 0,
  heldByCouncil: 0,
  idChurn: {},
  ssdRows: {},
  findings: { 'upn-shape': 1234 },
  findingsBySeverity: { 'value left out': 1234 },
  sinceRunBefore: { new: { 'upn-shape': 4 }, stillThere: {}, mended: { 'flag-unknown': 2 } },
};

const aCohortReport: NonNullable<RunStatus['cohortReport']> = {
  ageGate: {
    persons: 60,
    passed: 60,
    tooOld: 0,
    bornAfterWindow: 0,
    withoutDates: 0,
    expectedOutsideWindow: 0,
    withoutId: 0,
  },
  sets: {},
  inNoSet: 10,
};

function visitor(...roles: Role[]): Principal {
  return { name: 'Alex', roles: new Set(roles) };
}

/** What a page is shown with, whatever it is about. */
const outside = {
  stylesheet: '/styles.css',
  leftOut: [],
  help: { d2i: 'https://d2i.example/help', dfe: 'https://dfe.example/guidance' },
};

const reader = visitor('reader');
const operator = visitor('operator');
const officer = visitor('data-officer');

/** Without the places where a long word may be broken. */
function html(page: Page): string {
  return renderToString(page.content).replaceAll('<wbr/>', '');
}

const noRefusals = { byRule: {}, complete: true };
const ssdNames = builtInProfile('mosaic').names;

function runHtml(
  run: RunStatus,
  who: Principal,
  more: { done?: string; refusals?: Record<string, number>; counted?: boolean } = {},
) {
  const { done, refusals: byRule = {}, counted = true } = more;
  const refusals = { byRule, complete: counted };
  return html(runPage({ run, before: undefined, refusals, ssdNames, chunks: [], done, now }, who));
}

describe('a run page', () => {
  it('does not say that DfE has answered a dry run', () => {
    assert.match(runHtml(aRun(), reader), /DfE has answered for every child that was sent/);
    const dry = runHtml(aRun({ dryRun: true }), reader);
    assert.match(dry, /It has read the SSD\. It sent nothing to DfE\./);
    assert.doesNotMatch(dry, /DfE has answered/);
  });

  it('says so where there was not enough time to count every refusal', () => {
    const refusals = { '422': 2 };
    assert.match(runHtml(aRun(), reader, { refusals, counted: false }), /This table is incomplete/);
    assert.doesNotMatch(runHtml(aRun(), reader, { refusals }), /incomplete/);
  });

  const held = aRun({
    status: 'held',
    figures,
    totals,
    objections: [{ guard: 'leavers', explanation: 'Too many left.' }],
  });

  it('lets an operator decide about a paused run, and names the role that others need', () => {
    assert.match(runHtml(held, operator), /\/approval/);
    const seen = runHtml(held, reader);
    assert.doesNotMatch(seen, /\/approval|\/cancellation/);
    assert.match(seen, /To approve or cancel the run you need the role operator/);
  });

  it('offers the lists that name children to the data officer alone', () => {
    const run = aRun({ figures, totals: { ...totals, refused: 2 }, endedAt: '2026-08-11T02:20:00Z' });
    assert.match(runHtml(run, officer), /findings\.xlsx.*findings\.csv.*refused\.xlsx.*refused\.csv/s);
    for (const other of [reader, operator]) assert.doesNotMatch(runHtml(run, other), /\.csv|\.xlsx/);
  });

  it('offers no decision about a run that has ended', () => {
    assert.doesNotMatch(
      runHtml(aRun({ endedAt: '2026-08-11T02:20:00Z', figures, totals }), operator),
      /cancellation/,
    );
  });

  it('shows refusals and findings by rule with what to do, the most serious first', () => {
    const seen = runHtml(aRun({ figures, totals }), reader, {
      refusals: { '422': 1, '400 child_details.postcode': 7 },
    });
    assert.match(seen, /400 child_details\.postcode.*Correct it in the case management system.*422/s);
    assert.match(seen, /upn-shape.*1,234.*Enter the UPN as the school has it/s);
    assert.match(seen, /flag-unknown/, 'what has been corrected is shown as well');
  });

  describe('about rules that the council has changed', () => {
    const since = '2026-04-01';
    const changedRules: RunStatus['changedRules'] = [
      { rule: 'cin-8820', effect: 'hold', reason: 'agreed in March', since, count: 3 },
      { rule: 'cin-1530', effect: 'silence', reason: 'until <May>', since, until: '2026-12-31', count: 1 },
    ];
    const counted = { ...figures, held: 4, heldByCouncil: 3, findings: { 'cin-8820': 5 } };

    it('says which return asks, the effect, the reason, the days, and what came of it', () => {
      const seen = runHtml(aRun({ figures: counted, totals, changedRules }), reader);
      assert.match(seen, /cin-8820.*CIN census 8820.*dated before another referral/s);
      assert.match(
        seen,
        /Holds the child.*agreed in March.*Wednesday 1 April 2026.*Not decided.*3 children held/s,
      );
      assert.match(seen, /Silenced.*until &lt;May>.*Thursday 31 December 2026.*1 finding not listed/s);
    });

    it('says that there are none, also of a run of an earlier version', () => {
      for (const none of [[], undefined]) {
        const seen = runHtml(aRun({ figures, totals, changedRules: none }), reader);
        assert.match(seen, /Rules the council has changed.*None: no rule holds a child or is silenced/s);
      }
    });

    it('shows what a held child was found for as holding it, and tells held children from those to correct', () => {
      const seen = runHtml(aRun({ figures: counted, totals, changedRules }), reader);
      assert.match(seen, /Findings in the SSD.*cin-8820.*Child held back/s);
      assert.match(seen, /1 child that cannot be sent until the record is corrected/);
      assert.match(seen, /3 children held by a rule that the council has changed/);
    });

    it('asks someone to look where they hold many children, and only there', () => {
      const many = aRun({ figures: { ...counted, held: 6, heldByCouncil: 6 }, totals, changedRules });
      assert.match(runHtml(many, reader), /These rules hold 6 of 50 children in the cohort/);
      assert.match(JSON.stringify(inWords(many, now).toDo), /they hold 6 of 50 children.*#changed-rules/);
      const few = aRun({ figures: counted, totals, changedRules });
      assert.doesNotMatch(runHtml(few, reader), /These rules hold/);
      assert.doesNotMatch(JSON.stringify(inWords(few, now).toDo), /changed-rules/);
    });
  });

  it('shows the table and the column of a refused field, by the names of the case management system', () => {
    const id = 'social_care_episodes.child_in_need_plans.child_in_need_plan_id';
    const seen = runHtml(aRun({ figures, totals }), reader, { refusals: { [`400 ${id}`]: 2 } });
    assert.match(seen, /ssd_cin_plans\.cin_plan_id/);
    const ambiguous = runHtml(aRun({ figures, totals }), reader, { refusals: { '400 end_date': 2 } });
    assert.doesNotMatch(ambiguous, /ssd_\w+\.\w+end_date/);
  });

  describe('with what the SSD is like', () => {
    const run = aRun({
      totals,
      figures: {
        ...figures,
        ssdRows: { ssd_cin_plans: 1200 },
        involvements: { rows: 500, withReportedRole: 120 },
        fill: { 'child_details.sex': { filled: 45, of: 50 } },
        relations: [
          {
            relation: 'ssd_cin_plans.cinp_referral_id -> ssd_cin_episodes',
            table: 'ssd_cin_plans',
            columns: ['cinp_referral_id'],
            parent: 'ssd_cin_episodes',
            rows: 1200,
            withKey: 1100,
            found: 300,
          },
        ],
      },
      cohortReport: {
        ...aCohortReport,
        rowsOutOfScope: { ssd_cin_plans: { outsideWindow: 900, sameAsAnother: 3 } },
      },
      warnings: [
        {
          kind: 'joinsFew',
          table: 'ssd_cin_plans',
          column: 'cinp_referral_id',
          found: 'Few join.',
          remedy: 'Compare them.',
        },
      ],
    });
    const before = { ...figures, fill: { 'child_details.sex': { filled: 49, of: 50 } } };
    const cellsOf = (page: string) =>
      [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
        [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
          cell.replace(/<[^>]+>/g, ''),
        ),
      );

    it('shows warnings, relations, attributes against the run before, and rows that are not sent', () => {
      const seen = html(
        runPage({ run, before, refusals: noRefusals, ssdNames, chunks: [], done: undefined, now }, reader),
      );
      const rows = cellsOf(seen);
      for (const row of [
        ['ssd_cin_plans.cinp_referral_id', 'Few join.', 'Compare them.'],
        ['ssd_cin_plans.cinp_referral_id', 'ssd_cin_episodes', ...['1,200', '1,100', '300', '25.0%']],
        ['child_details.sex', 'ssd_person.pers_sex', '50', '45', '90.0%', '98.0%'],
        ['ssd_cin_plans', '1,200', ...['0', '900', '0', '0', '3', '0']],
      ]) {
        assert.ok(
          rows.some((cells) => JSON.stringify(cells) === JSON.stringify(row)),
          JSON.stringify(row),
        );
      }
      assert.match(seen, /120 of 500 involvements have a role that is sent to DfE/);
    });

    it('says that there is no warning, and shows no table of a run of an earlier version', () => {
      assert.match(
        runHtml(aRun({ figures, totals, warnings: [] }), reader),
        /Warnings about the SSD.*None\./s,
      );
      const earlier = runHtml(aRun({ figures, totals }), reader);
      assert.doesNotMatch(earlier, /Warnings about|How the SSD is filled/);
    });
  });

  it('does not say that something is done only because its address says so', () => {
    assert.doesNotMatch(runHtml(held, operator, { done: 'approved' }), /is approved/);
    const approval = { at: '2026-08-11T07:00:00Z', by: 'Alex', reason: 'right' };
    assert.match(
      runHtml(aRun({ status: 'sending', approval }), operator, { done: 'approved' }),
      /is approved/,
    );
  });

  it('does not say that a run is sending when it has ended, or was cancelled before it was approved', () => {
    const approval = { at: '2026-08-11T07:00:00Z', by: 'Alex', reason: 'right' };
    const endedAt = '2026-08-11T07:20:00Z';
    const completed = aRun({ approval, endedAt, totals, figures });
    assert.match(runHtml(completed, operator, { done: 'approved' }), /The run is approved\./);
    const cancellation = { ...approval, cause: 'decision' as const };
    const cancelled = aRun({ status: 'cancelled', approval, cancellation, endedAt, totals, figures });
    assert.doesNotMatch(runHtml(cancelled, operator, { done: 'approved' }), /is approved/);
  });

  it('says only that it cannot read a run, when it cannot', () => {
    const seen = runHtml(aRun({ status: 'unreadable' }), operator);
    assert.match(seen, /written by another version/);
    assert.doesNotMatch(seen, /not finished reading the SSD/);
  });

  it('escapes what people have typed', () => {
    const seen = runHtml(aRun({ reason: '<script>alert(1)</script>', requestedBy: '"><img src=x>' }), reader);
    assert.doesNotMatch(seen, /<script|<img/);
    assert.match(seen, /&lt;script>/);
  });
});

describe('the last run in words', () => {
  it('says what was sent, what is outstanding and what to do', () => {
    const run = aRun({
      figures,
      totals: { ...totals, accepted: 14, refused: 2, outstanding: 1 },
      endedAt: '2026-08-11T02:20:00Z',
      status: 'completedWithFailures',
    });
    const { sent, outstanding, toDo } = inWords(run, now);
    assert.deepEqual(sent, [
      'The run ended on 11 August 2026 at 3:20am BST, after 20 minutes. It is not finished for every child.',
      'DfE accepted 14 children and refused 2.',
    ]);
    assert.deepEqual(outstanding, [
      '1 child still to be sent, or without an answer from DfE.',
      '3 children refused in an earlier run and unchanged since, so not sent again.',
      '1 child that cannot be sent until the record is corrected.',
    ]);
    assert.equal(toDo.length, 3);
  });

  for (const status of ['sending', 'completedWithFailures'] as const) {
    it(`gives the explanation of a run (${status})`, () => {
      const explanation = 'DfE asked not to be sent anything until 2026-08-11T12:00:00.000Z.';
      assert.ok(inWords(aRun({ status, explanation }), now).sent.includes(explanation));
    });
  }

  it('says that nothing had changed, when that is why nothing was sent', () => {
    const nothing = {
      ...figures,
      toSend: 0,
      held: 0,
      refusedBefore: 0,
      sinceRunBefore: { new: {}, stillThere: {}, mended: {} },
    };
    const { sent, outstanding, toDo } = inWords(aRun({ figures: nothing, totals }), now);
    assert.match(sent.join(' '), /nothing to send/);
    assert.deepEqual([outstanding, toDo], [['Nothing.'], []]);
  });

  it('links to warnings about the SSD, except for attributes that are never filled', () => {
    const about = { table: 'ssd_person', column: 'pers_upn', found: 'It fell.', remedy: 'Look.' };
    const linesOf = (...kinds: ('fellSharply' | 'notFilled')[]) =>
      inWords(
        aRun({ figures, totals, warnings: kinds.map((kind) => ({ kind, ...about })) }),
        now,
      ).toDo.filter(({ href }) => href?.endsWith('#warnings'));
    assert.deepEqual(linesOf('notFilled'), []);
    assert.match(linesOf('fellSharply', 'notFilled')[0]?.text ?? '', /^Look at 1 warning about the SSD/);
  });

  it('counts one finding as one', () => {
    const sinceRunBefore = { new: { 'upn-shape': 1 }, stillThere: {}, mended: {} };
    const { toDo } = inWords(aRun({ figures: { ...figures, sinceRunBefore }, totals }), now);
    assert.match(toDo.map(({ text }) => text).join(), /1 new finding in the SSD/);
  });

  it('says that a paused run sent nothing, and links to the decision', () => {
    const { sent, toDo } = inWords(aRun({ status: 'held', figures, totals }), now);
    assert.match(sent[0] ?? '', /Nothing was sent/);
    assert.match(toDo[0]?.text ?? '', /approve or cancel/);
  });

  it('reports a nightly run that did not happen', () => {
    const { toDo } = inWords(aRun(), new Date('2026-08-13T08:00:00Z'));
    assert.match(toDo[0]?.text ?? '', /no nightly run since 11 August 2026/);
  });
});

describe('the dashboard', () => {
  const today = plainDate('2026-08-11');

  it('says so before the first nightly run', () => {
    assert.match(html(dashboardPage({ runs: [], today, now })), /No nightly run has started/);
  });

  it('shows a night that is missing between two others, and none before the first', () => {
    const first = aRun({
      runId: '20260808T020000000Z-abcdef',
      today: '2026-08-08',
      totals: { ...totals, accepted: 5 },
    });
    const seen = html(dashboardPage({ runs: [aRun({ totals }), first], today, now }));
    assert.match(seen, /The last 4 nights/);
    assert.match(seen, /Nights: 2 without a run, 2 completed|Nights: 2 completed, 2 without a run/);
  });

  it('does not show zero accepted for a run it cannot read', () => {
    const seen = html(dashboardPage({ runs: [aRun({ status: 'unreadable' })], today, now }));
    assert.equal(seen.match(/not known<\/span>/g)?.length, 6, 'three figures in each of two tables');
    assert.doesNotMatch(seen, /<span>0<\/span>/);
  });

  it('says that it is incomplete where there was not enough time, and links to the rest', () => {
    const rest = '20260801T020000000Z-abcdef';
    const pages = [
      dashboardPage({ runs: [aRun({ totals })], rest, today, now }),
      dashboardPage({ runs: [aRun({ trigger: 'http' })], rest, today, now }),
      earlierRunsPage({ runs: [aRun({ totals })], rest, now }),
    ];
    for (const seen of pages.map(html)) {
      assert.match(seen, /This page is incomplete/);
      assert.ok(seen.includes(`href="${paths.earlierRuns(rest)}"`));
      assert.doesNotMatch(seen, /No nightly run has started/);
    }
    assert.doesNotMatch(html(earlierRunsPage({ runs: [aRun({ totals })], now })), /incomplete/);
  });

  it('does not count a rerun or a dry run as a nightly run', () => {
    const rerun = aRun({ trigger: 'http', today: '2026-08-12' });
    const seen = html(dashboardPage({ runs: [rerun, aRun({ totals })], today, now }));
    assert.match(seen, /Nightly run of Tuesday 11 August 2026/);
  });
});

describe('the other pages', () => {
  it('show a link to a form only to people who may use it', () => {
    const page = childrenPage({ counts: new Map(), now }, reader);
    const asReader = documentOf(page, { visitor: reader, ...outside });
    const asOperator = documentOf(page, { visitor: operator, ...outside });
    assert.doesNotMatch(asReader, /Start a run/);
    assert.match(asOperator, /<a href="\/api\/dashboard\/rerun">Start a run<\/a>/);
  });

  it('let only the data officer name children or download them', () => {
    const counts = new Map([['refused', 1200]] as const);
    assert.match(html(childrenPage({ counts, now }, officer)), /reconciliation\.xlsx.*reconciliation\.csv/s);
    assert.doesNotMatch(html(childrenPage({ counts, now }, reader)), /\.csv|\.xlsx/);
    assert.match(html(childrenPage({ counts, now }, reader)), /1,200/);
    assert.match(
      html(rerunPage(emptyForm, [], visitor('operator', 'data-officer'))),
      /<textarea[^>]*name="children"/,
    );
    assert.doesNotMatch(html(rerunPage(emptyForm, [], operator)), /name="children"|value="children"/);
  });

  it('link to help outside the council, also where something is wrong, and then to the support bundle', () => {
    for (const page of [troublePage, uncertainPage, childrenPage({ counts: new Map(), now }, reader)]) {
      const document = documentOf(page, { visitor: undefined, ...outside });
      for (const address of Object.values(outside.help)) assert.ok(document.includes(`href="${address}"`));
    }
    const dashboard = dashboardPage({ runs: [], today: plainDate('2026-08-11'), now });
    for (const page of [troublePage, uncertainPage, dashboard]) {
      assert.ok(html(page).includes(`href="${paths.supportBundle}"`));
    }
  });

  it('hold no script and no inline style', () => {
    const page = dashboardPage({
      runs: [aRun({ totals: { ...totals, accepted: 5 } })],
      today: plainDate('2026-08-11'),
      now,
    });
    const document = documentOf(page, { visitor: reader, ...outside });
    assert.match(document, /^<!DOCTYPE html><html lang="en"/);
    assert.doesNotMatch(document, /<script|<style|style=|javascript:| on[a-z]+=/);
  });
});

describe('a time', () => {
  it('is London time, with its zone', () => {
    assert.equal(timeText('2026-08-11T02:00:00Z'), '11 August 2026 at 3:00am BST');
    assert.equal(timeText('2026-12-11T14:05:00Z'), '11 December 2026 at 2:05pm GMT');
  });

  it('that has passed is given in seconds, minutes or hours', () => {
    assert.equal(durationText('2026-08-11T02:00:00Z', '2026-08-11T02:00:01Z'), '1 second');
    assert.equal(durationText('2026-08-11T02:00:00Z', '2026-08-11T04:05:00Z'), '2 hours 5 minutes');
    assert.equal(durationText('2026-08-11T02:00:00Z', '2026-08-11T03:41:00Z'), '1 hour 41 minutes');
    assert.equal(durationText('2026-08-11T02:00:00Z', '2026-08-11T04:01:00Z'), '2 hours 1 minute');
    assert.equal(durationText('2026-08-11T02:00:00Z', '2026-08-11T04:00:00Z'), '2 hours');
  });
});
