import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { londonDate } from '../../shared/child/dates.js';
import { openDatabase } from '../../shared/database/open.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import type { Settings } from '../../shared/settings/settings.js';
import { profileOf } from '../../shared/ssd/profileFiles.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { startDfeSimulator } from './dfe/simulator.js';
import { startAzurite } from './host/azurite.js';
import { migrate, projectRoot } from './migrations.js';
import { servicesOf } from './services.js';

const children = 500;

/** `npm run start:services`: what `local.settings.json` points to, so that `func start` needs nothing else. */
async function main(): Promise<void> {
  const settings = settingsOfFile();
  const { startsAzurite, dfePort, makesSsd, elsewhere } = servicesOf(settings);
  for (const sentence of elsewhere) console.log(sentence);
  const started: { stop(): Promise<void> }[] = [];
  try {
    if (startsAzurite) started.push(await startAzurite({ where: 'development ports' }));
    if (dfePort !== undefined) started.push(await simulatedDfe(settings, dfePort));
    if (makesSsd) await makeSsd(settings);
    console.log('Ready: start the app in another window with func start. This stays until you press Ctrl-C.');
    if (started.length > 0) await once(process, 'SIGINT');
  } finally {
    for (const one of started) await one.stop();
  }
}

function settingsOfFile(): Settings {
  let text: string;
  try {
    text = readFileSync(join(projectRoot, 'local.settings.json'), 'utf8');
  } catch {
    throw new Error(
      'There is no local.settings.json, so nothing was started. Copy local.settings.example.json to it.',
    );
  }
  const { Values } = z.object({ Values: z.record(z.string(), z.string()) }).parse(JSON.parse(text));
  return readSettings(Values);
}

function simulatedDfe(settings: Settings, port: number) {
  return startDfeSimulator({
    laCode: settings.LA_CODE,
    clientId: settings.DFE_CLIENT_ID ?? '',
    clientSecret: settings.DFE_CLIENT_SECRET ?? '',
    supplierKeys: [settings.DFE_SUPPLIER_KEY ?? ''],
    scope: settings.DFE_SCOPE,
    port,
  });
}

/** Invented children in the embedded database, and an empty staging table: the simulated DfE begins with nothing. */
async function makeSsd(settings: Settings): Promise<void> {
  const { SSD_CONNECTION_STRING, SSD_PROFILE, SSD_SCHEMA, STAGING_TABLE } = settings;
  const today = londonDate(new Date());
  const database = await openDatabase(SSD_CONNECTION_STRING);
  try {
    const schema = SSD_SCHEMA ?? profileOf(SSD_PROFILE).schema;
    await fillSsd(database, schema, { kind: 'synthetic', children, seed: '1' }, today);
    await migrate(database, STAGING_TABLE);
    await database.query(`DELETE FROM ${STAGING_TABLE}`);
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const advice = text.includes('EADDRINUSE')
    ? '\nAnother program has this port, so nothing was started. End that program, or start func with what it offers.'
    : '';
  console.error(`${text}${advice}`);
  process.exitCode = 1;
});
