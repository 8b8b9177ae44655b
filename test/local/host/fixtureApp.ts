import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  startFunctionsHost,
  type FunctionsHost,
  type FunctionsHostOptions,
  type LogEntry,
} from './functionsHost.js';

/** CommonJS source of entry files by file name; each has `app` and `output` of @azure/functions at hand. */
type EntryFiles = Readonly<Record<string, string>>;

/** Writes an app into a temporary folder, removed after the test; `extensions` are those of host.json. */
export function writeFixtureApp(t: TestContext, files: EntryFiles, extensions: object = {}): string {
  const appRoot = mkdtempSync(join(tmpdir(), 'functions-host-'));
  t.after(() => rm(appRoot, { recursive: true }));
  const packages = join(dirname(require.resolve('@azure/functions/package.json')), '..', '..');
  symlinkSync(packages, join(appRoot, 'node_modules'), 'junction');
  mkdirSync(join(appRoot, 'functions'));
  writeFileSync(join(appRoot, 'package.json'), JSON.stringify({ main: 'functions/*.js' }));
  writeFileSync(join(appRoot, 'host.json'), JSON.stringify({ version: '2.0', extensions }));
  for (const [name, source] of Object.entries(files)) {
    const library = "const { app, output } = require('@azure/functions');";
    writeFileSync(join(appRoot, 'functions', name), `'use strict';\n${library}\n${source}\n`);
  }
  return appRoot;
}

/** A host under test and all lines it has logged so far. */
export interface HostUnderTest {
  readonly host: FunctionsHost;
  readonly logs: readonly LogEntry[];
  /** Texts that the app itself logged with `context.log`, in their order. */
  readonly appLogs: () => string[];
}

/** Starts a host on a fixture app; it is stopped after the test. Settings default to none. */
export async function startFixtureApp(
  t: TestContext,
  files: EntryFiles,
  options: Partial<FunctionsHostOptions> & { readonly extensions?: object } = {},
): Promise<HostUnderTest> {
  const { extensions, ...hostOptions } = options;
  const logs: LogEntry[] = [];
  const host = await startFunctionsHost({
    appRoot: writeFixtureApp(t, files, extensions),
    settings: {},
    onLog: (entry) => logs.push(entry),
    ...hostOptions,
  });
  t.after(() => host.stop());
  const ofTheHost = /^Execut(ing|ed) 'Functions\./;
  return {
    host,
    logs,
    appLogs: () =>
      logs
        .filter(({ level, message }) => level === 'information' && !ofTheHost.test(message))
        .map(({ message }) => message),
  };
}
