import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import readWorkbook from 'read-excel-file/node';
import { z } from 'zod';
import { paths } from '../../shared/pages/paths.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { launchChromium, noBrowser } from './chromium.js';
import { analyst, startNights, type NightsStack } from './nightsStack.js';
import { writePastNight } from './pastRuns.js';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const violationsSchema = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** A page must fit with the fonts of any device and the text sizes and spacing that people choose (WCAG 1.4.4 and 1.4.12). */
const fonts = [
  ['the fonts of this machine', '* {}'],
  ['a font of one width', '* { font-family: monospace !important }'],
  ['wide letters', '* { letter-spacing: 0.3em !important; word-spacing: 0.5em !important }'],
  ['text twice as large', 'html { font-size: 200% !important }'],
] as const;

const downloadSchema = z.object({ by: z.string(), what: z.string() });

describe('the pages in a browser', { skip: noBrowser }, () => {
  let nights: NightsStack;
  let browser: Browser;
  /** As most people have it, but without scripts: the pages must not need any. */
  let scriptless: BrowserContext;
  const formats = ['csv', 'xlsx'] as const;
  let everyPage: readonly string[];

  before(async () => {
    nights = await startNights();
    browser = await launchChromium();
    scriptless = await browser.newContext({ javaScriptEnabled: false });
    const mixed = await writePastNight(
      {
        ago: 3,
        status: 'completedWithFailures',
        accepted: 270,
        refused: 25,
        outstanding: 5,
        withResults: true,
      },
      nights.today,
      new Date(),
      nights.runs,
    );
    everyPage = [
      paths.run(mixed),
      paths.dashboard,
      paths.children,
      paths.rerun,
      paths.run(nights.night),
      paths.run(nights.held),
      paths.rehearsal(nights.night),
      `${paths.rehearsal(nights.night)}?date=2026-03-30`,
      paths.approval(nights.held),
      paths.cancellation(nights.held),
      paths.run('nothing'),
    ];
  });
  after(async () => {
    await browser.close();
    await nights.stack.stop();
  });

  async function open(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${nights.host.baseUrl}${path}`);
    return page;
  }

  /** Opens a page with its own style and another, and shows all its details. */
  async function openStyled(page: Page, path: string, style: string): Promise<void> {
    await page.goto(`${nights.host.baseUrl}${path}`);
    await page.addStyleTag({ content: style });
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
  }

  it('have no barrier that axe finds by WCAG 2.2 AA', async () => {
    // Only axe itself is a script.
    const context = await browser.newContext({ bypassCSP: true });
    const look = async (page: Page, name: string) => {
      await page.evaluate(axe);
      const found = await page.evaluate(`
        for (const details of document.querySelectorAll('details')) details.open = true;
        axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations)`);
      assert.deepEqual(violationsSchema.parse(found), [], name);
    };
    const page = await context.newPage();
    for (const path of everyPage) {
      await page.goto(`${nights.host.baseUrl}${path}`);
      await look(page, path);
    }
    await page.goto(`${nights.host.baseUrl}${paths.rerun}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await look(page, 'a form with an error');
    await page.getByLabel('Why?').fill('a look');
    await page.getByLabel('No, only show what would be sent').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await look(page, 'a confirmation');
    nights.signIn(undefined);
    await look(await open(context, paths.dashboard), 'signed out');
    nights.signIn({ name: 'No role', roles: [] });
    await look(await open(context, paths.dashboard), 'without a role');
    nights.signIn(analyst);
    await context.close();
  });

  for (const [font, style] of fonts) {
    it(`fit screens from 320 pixels without scrolling sideways, with ${font}`, async () => {
      const page = await browser.newPage({ bypassCSP: true });
      for (const path of everyPage) {
        await openStyled(page, path, style);
        for (const width of [320, 641, 769, 1280]) {
          await page.setViewportSize({ width, height: 640 });
          const needed = Number(await page.evaluate('document.documentElement.scrollWidth'));
          assert.ok(needed <= width, `${path} needs ${String(needed)} of ${String(width)} pixels`);
        }
      }
      await page.close();
    });
  }

  it('have each table in a named box that the keyboard scrolls when the table is too wide', async () => {
    const page = await browser.newPage({ bypassCSP: true, viewport: { width: 769, height: 640 } });
    let tables = 0;
    for (const path of everyPage) {
      await openStyled(page, path, '.app-table { min-width: 2000px }');
      for (const name of await page.locator('table caption').allTextContents()) {
        tables += 1;
        const box = page.getByRole('region', { name, exact: true });
        assert.equal(await box.getByRole('table', { name, exact: true }).count(), 1, name);
        await box.focus();
        assert.equal(await box.evaluate((element) => element === document.activeElement), true, name);
        await page.keyboard.press('ArrowRight');
        await page.waitForFunction('(box) => box.scrollLeft > 0', await box.elementHandle());
      }
    }
    assert.ok(tables >= 8, String(tables));
    await page.close();
  });

  it('give a screen reader the title of a column once, also when a phone shows it next to each value', async () => {
    const page = await open(scriptless, paths.dashboard);
    await page.setViewportSize({ width: 320, height: 640 });
    const table = page.getByRole('table', { name: 'Runs of the last 30 days' });
    await table.getByRole('columnheader', { name: 'Accepted' }).waitFor({ state: 'attached' });
    assert.ok((await table.getByRole('cell', { name: /^\d+$/ }).count()) > 0);
    assert.equal(await table.getByRole('cell', { name: /Accepted/ }).count(), 0);
    await page.close();
  });

  it('keep the colours of the chart where the system forces its own on everything else', async () => {
    const context = await browser.newContext({ forcedColors: 'active', colorScheme: 'dark' });
    const page = await open(context, paths.dashboard);
    for (const place of ['.app-chart', '.app-legend']) {
      const background = await page.evaluate(
        `getComputedStyle(document.querySelector('${place}')).backgroundColor`,
      );
      assert.equal(background, 'rgb(255, 255, 255)', place);
    }
    await context.close();
  });

  it('begin with a link that skips to the content, for people who use the keyboard', async () => {
    const page = await open(scriptless, paths.dashboard);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to main content' });
    assert.ok(await skip.evaluate((link) => link === document.activeElement));
    await page.keyboard.press('Enter');
    assert.match(page.url(), /#main-content$/);
    await page.keyboard.press('Tab');
    const next = await page.evaluate('document.activeElement.closest("main") !== null');
    assert.equal(next, true);
  });

  it('do nothing for a form on another site', async () => {
    const page = await scriptless.newPage();
    await page.setContent(
      `<form method="post" action="${nights.host.baseUrl}${paths.approval(nights.held)}"><input name="reason" value="x"><button>Win</button></form>`,
    );
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Nothing was done' }).waitFor();
    assert.equal((await runStatus(nights.held, nights.runs))?.status, 'held');
  });

  it('show a reader no child, no list of children and no decision', async () => {
    nights.signIn({ name: 'Robin Reader', roles: ['reader'] });
    const ids = nights.stack.dfe.children().map(({ la_child_id }) => la_child_id);
    assert.ok(ids.length > 20);
    for (const path of [paths.dashboard, paths.children, paths.run(nights.night), paths.run(nights.held)]) {
      const response = await fetch(`${nights.host.baseUrl}${path}`);
      const text = await response.text();
      assert.equal(response.status, 200);
      const words = new Set(text.split(/\W+/));
      assert.deepEqual(
        ids.filter((id) => words.has(id)),
        [],
      );
      assert.doesNotMatch(text, /\.csv|\.xlsx|\/approval|\/cancellation/);
    }
    const closed = [
      ...formats.flatMap((format) => [
        paths.reconciliation(format),
        paths.findings(nights.night, format),
        paths.refused(nights.night, format),
      ]),
      paths.approval(nights.held),
      paths.rerun,
    ];
    for (const path of closed) assert.equal((await fetch(`${nights.host.baseUrl}${path}`)).status, 403, path);
    nights.signIn(analyst);
  });

  it('are closed to people who are not signed in, whatever headers they send', async () => {
    nights.signIn(undefined);
    const everyRole = { claims: analyst.roles.map((role) => ({ typ: 'roles', val: role })) };
    const headers = { 'x-ms-client-principal': Buffer.from(JSON.stringify(everyRole)).toString('base64') };
    for (const path of [...everyPage, paths.reconciliation('csv'), paths.findings(nights.night, 'xlsx')]) {
      assert.equal((await fetch(`${nights.host.baseUrl}${path}`, { headers })).status, 401, path);
    }
    nights.signIn(analyst);
  });

  it('are stored nowhere and load nothing except their stylesheet', async () => {
    for (const path of [...everyPage, ...formats.map((format) => paths.reconciliation(format))]) {
      const { headers } = await fetch(`${nights.host.baseUrl}${path}`);
      assert.equal(headers.get('cache-control'), 'no-store', path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|script-src|\*/);
    }
    const complaints: string[] = [];
    const loaded: string[] = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
    await page.goto(`${nights.host.baseUrl}${paths.dashboard}`);
    assert.deepEqual(complaints, []);
    assert.equal(loaded.length, 2);
    assert.match(loaded[1] ?? '', /^\/api\/dashboard\/assets\/pages-[0-9a-f]{16}\.css$/);
    const style = await fetch(`${nights.host.baseUrl}${loaded[1] ?? ''}`);
    assert.match(style.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(/font-face|GDS Transport|crest/.exec(await style.text()), null);
    await context.close();
  });

  it('give the data officer lists that name children, and record who downloaded them', async () => {
    nights.signIn({ name: 'Dana Officer', roles: ['data-officer'] });
    const csv = async (path: string) => {
      const response = await fetch(`${nights.host.baseUrl}${path}`);
      assert.match(response.headers.get('content-disposition') ?? '', /attachment; filename="[\w-]+\.csv"/);
      return (await response.text()).trimEnd().split('\r\n').slice(1);
    };
    const status = await runStatus(nights.night, nights.runs);
    const refused = status?.totals?.refused ?? 0;
    const found = status?.figures?.findings['upn-shape'] ?? 0;
    assert.ok(refused > 0 && found > 0);
    const refusedLines = await csv(paths.refused(nights.night, 'csv'));
    assert.equal(refusedLines.length, refused);
    const sent = (await nights.blobsIn(`runs/${nights.night}/chunks/`)).join();
    const places = refusedLines.map((line) => line.split(',').slice(-4));
    const placed = places.filter(([table]) => table === 'ssd_cin_episodes');
    assert.ok(placed.length > 0);
    for (const [, column, row = ''] of placed) {
      assert.equal(column, 'cine_referral_date');
      assert.ok(sent.includes(`"social_care_episode_id":"${row}"`));
    }
    const findings = await csv(paths.findings(nights.night, 'csv'));
    assert.equal(findings.filter((line) => line.includes('upn-shape')).length, found);
    assert.ok((await csv(paths.reconciliation('csv'))).some((line) => line.includes('refused')));
    const workbook = async (path: string) => {
      const response = await fetch(`${nights.host.baseUrl}${path}`);
      assert.match(response.headers.get('content-disposition') ?? '', /attachment; filename="[\w-]+\.xlsx"/);
      const [sheet] = await readWorkbook(Buffer.from(await response.arrayBuffer()));
      return sheet?.data.slice(1) ?? [];
    };
    assert.equal((await workbook(paths.refused(nights.night, 'xlsx'))).length, refused);
    const findingRows = await workbook(paths.findings(nights.night, 'xlsx'));
    assert.equal(findingRows.filter((row) => row.includes('upn-shape')).length, found);
    assert.ok((await workbook(paths.reconciliation('xlsx'))).some((row) => row.includes('refused')));
    const downloads = (await nights.blobsIn('downloads/')).map((text) =>
      downloadSchema.parse(JSON.parse(text)),
    );
    assert.deepEqual(
      downloads.filter(({ by }) => by === 'Dana Officer').map(({ what }) => what),
      ['refused children', 'findings', 'reconciliation', 'refused children', 'findings', 'reconciliation'],
    );
    nights.signIn(analyst);
  });

  it('show on the page of a run which column of the SSD fills a refused field', async () => {
    const page = await open(scriptless, paths.run(nights.night));
    const table = page.getByRole('table', { name: 'Refused by DfE' });
    const row = table.getByRole('row', { name: '400 social_care_episodes.referral_date' });
    assert.equal(
      (await row.locator('[data-title="Where in the SSD"]').innerText()).trim(),
      'ssd_cin_episodes.cine_referral_date',
    );
    await page.close();
  });

  it('lead from a paused run to its approval, by clicks and without a script', async () => {
    nights.signIn({ name: 'Olga Operator', roles: ['operator'] });
    const page = await open(scriptless, paths.dashboard);
    await page.getByRole('link', { name: /approve or cancel the run/ }).click();
    await page.getByRole('link', { name: 'Approve this run' }).click();
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page.getByRole('link', { name: /Enter why/ }).click();
    assert.equal((await runStatus(nights.held, nights.runs))?.status, 'held');
    await page.getByLabel('Why?').fill('The figures are right');
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page.getByText('The run is approved').waitFor();
    await nights.host.idle();
    const status = await runStatus(nights.held, nights.runs);
    assert.equal(status?.status, 'completed');
    assert.deepEqual(
      [status.approval?.by, status.approval?.reason],
      ['Olga Operator', 'The figures are right'],
    );

    await page.goto(`${nights.host.baseUrl}${paths.approval(nights.held)}`);
    await page.getByText('The run has ended.').waitFor();
    nights.signIn(analyst);
  });

  it('start a dry run of named children in two steps, and never put an id into an address', async () => {
    const [child] = nights.stack.dfe.children();
    const id = child?.la_child_id ?? '';
    const page = await open(scriptless, paths.rerun);
    await page.getByLabel('Named children', { exact: true }).check();
    await page.getByLabel('Ids of named children').fill(id);
    await page.getByLabel('No, only show what would be sent').check();
    await page.getByLabel('Why?').fill('a look');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('1 child named by id').waitFor();
    await page.getByRole('button', { name: 'Start the dry run' }).click();
    await page.waitForURL(/\/runs\//);
    assert.ok(!page.url().includes(id));
    await nights.host.idle();
    const runId = /runs\/([^?]+)/.exec(page.url())?.[1] ?? '';
    const request = await nights.runs.request.read(runId);
    assert.deepEqual(
      [request?.requestedBy, request?.reason, request?.children, request?.dryRun],
      [analyst.name, 'a look', [id], true],
    );
  });
});
