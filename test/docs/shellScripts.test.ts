import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { shellScripts } from './shellScripts.js';

/** What shellcheck cannot know of each kind of script. */
const leftOut = {
  file: [],
  // Macros are filled in before a shell sees the script (SC2157), and queries are quoted on purpose (SC2016).
  step: ['--exclude=SC2157,SC2016'],
  // Pages go on with the variables of others (SC2154). Names of resources have no blanks (SC2046, SC2206, SC2086, which is of a
  // lower level), and a person sees what fails at a prompt (SC2155, SC2164).
  page: ['--severity=warning', '--exclude=SC2154,SC2046,SC2206,SC2155,SC2164'],
} as const;

const isMissing = spawnSync('shellcheck', ['--version']).error !== undefined;

test(
  'shellcheck finds nothing in scripts, pipelines and the commands of pages',
  { skip: isMissing ? 'shellcheck is not installed' : false },
  () => {
    const scripts = shellScripts();
    assert.ok(scripts.some(({ name }) => name === '.ci/run'));
    assert.ok(scripts.some(({ name }) => name === 'docs/deploy.md'));
    const findings = scripts.flatMap(({ name, kind, text }) => {
      const args = ['--shell=bash', '--format=gcc', ...leftOut[kind], '-'];
      const { stdout } = spawnSync('shellcheck', args, { input: text, encoding: 'utf8' });
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/^-/, name)]));
    });
    assert.deepEqual(findings, []);
  },
);
