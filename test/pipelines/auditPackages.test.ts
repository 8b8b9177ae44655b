import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathWith } from './fakeCommand.js';
import { runScript, type Outcome } from './script.js';

const today = '2026-11-20';

/** As `npm audit --json` answers: by package, with the advisory or with the name of the package that it comes by. */
const report = (severity: string, id = 'GHSA-aaaa-bbbb-cccc', title = 'It reads too far') => ({
  auditReportVersion: 2,
  vulnerabilities: {
    tar: {
      name: 'tar',
      severity,
      isDirect: false,
      via: [
        { source: 1, name: 'tar', title, url: `https://github.com/advisories/${id}`, severity, range: '<7' },
      ],
      fixAvailable: true,
    },
    'uses-tar': { name: 'uses-tar', severity, isDirect: true, via: ['tar'], fixAvailable: true },
  },
  metadata: { vulnerabilities: { total: 2 } },
});
const nothing = { auditReportVersion: 2, vulnerabilities: {}, metadata: {} };
const refused = {
  message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk',
  error: {},
};

const exception = (facts: Readonly<Record<string, string>> = {}) => ({
  advisory: 'GHSA-aaaa-bbbb-cccc',
  reason: 'This app unpacks no archive.',
  recordedBy: 'A. Person',
  recorded: '2026-11-01',
  until: '2026-12-01',
  ...facts,
});

async function audit(t: TestContext, answer: unknown, exceptions: unknown = []): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-audit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'exceptions.json');
  await writeFile(file, JSON.stringify(exceptions));
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const script = `[ "$*" = "audit --omit=dev --omit=optional --json" ] || exit 9\ncat <<'END'\n${text}\nEND\nexit 1`;
  const PATH = await pathWith(t, 'npm', script);
  return runScript('auditPackages', ['--exceptions', file, '--today', today], { env: { PATH } });
}

describe('known vulnerabilities of what is deployed', { skip: process.platform === 'win32' }, () => {
  it('stop the build when they are high or critical, each once', async (t) => {
    for (const severity of ['high', 'critical']) {
      const { code, stdout } = await audit(t, report(severity));
      assert.equal(code, 1);
      assert.equal(stdout.match(/type=error\]tar: GHSA-aaaa-bbbb-cccc/g)?.length, 1);
    }
  });

  it('are a warning when they are less', async (t) => {
    const { code, stdout } = await audit(t, report('moderate'));
    assert.equal(code, 0);
    assert.match(stdout, /type=warning\]tar: GHSA-aaaa-bbbb-cccc \(moderate\)/);
  });

  it('are nothing when there are none', async (t) => {
    const { code, stdout } = await audit(t, nothing);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /##vso/);
  });

  it('are a warning while a person has recorded an exception, which says who and why', async (t) => {
    const { code, stdout } = await audit(t, report('high'), [exception()]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /type=warning\].*until 2026-12-01 by A\. Person, because This app unpacks no archive/,
    );
    assert.equal(
      (await audit(t, report('high'), [exception({ until: today })])).code,
      0,
      'its last day counts',
    );
  });

  it('stop the build again once the exception has expired, even when nothing is known any longer', async (t) => {
    const expired = [exception({ until: '2026-11-19' })];
    const { code, stdout } = await audit(t, report('high'), expired);
    assert.equal(code, 1);
    assert.match(stdout, /has expired on 2026-11-19/);
    assert.equal((await audit(t, nothing, expired)).code, 1);
  });

  it('stop the build when the exception is for another one, for longer than 90 days, or for the future', async (t) => {
    for (const facts of [
      { advisory: 'GHSA-other' },
      { recorded: '2026-11-01', until: '2027-02-01' },
      { recorded: '2026-11-21' },
    ]) {
      assert.equal((await audit(t, report('high'), [exception(facts)])).code, 1);
    }
    assert.equal((await audit(t, report('high'), [exception({ until: '2027-01-30' })])).code, 0, '90 days');
  });

  it('stop the build when an exception says too little', async (t) => {
    for (const facts of [{ reason: ' ' }, { recordedBy: '' }, { until: 'soon' }]) {
      const { code, stderr } = await audit(t, nothing, [exception(facts)]);
      assert.equal(code, 1);
      assert.match(stderr, /needs advisory, reason, recordedBy/);
    }
    assert.equal((await audit(t, nothing, {})).code, 1);
  });

  it('warn of an exception that is no longer needed', async (t) => {
    const { code, stdout } = await audit(t, nothing, [exception()]);
    assert.equal(code, 0);
    assert.match(stdout, /type=warning\]The exception for GHSA-aaaa-bbbb-cccc is no longer needed/);
  });

  it('cannot be known from a registry without audits: that stops the build unless it is recorded, too', async (t) => {
    for (const answer of [refused, '<html></html>']) {
      const { code, stdout } = await audit(t, answer);
      assert.equal(code, 1);
      assert.match(stdout, /registry-answers-no-audits/);
      const recorded = [exception({ advisory: 'registry-answers-no-audits' })];
      assert.equal((await audit(t, answer, recorded)).code, 0);
    }
  });

  it('have no line of their own in the log, which the agent could take for a command', async (t) => {
    const { stdout } = await audit(t, report('high', 'GHSA-x', 'a\n##vso[task.setvariable variable=a]b'));
    assert.doesNotMatch(stdout, /^##vso\[task\.setvariable/m);
    assert.doesNotMatch(stdout, /.##vso/);
  });
});
