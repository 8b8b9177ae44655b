import { z } from 'zod';
import { settingsOf, type DeployedApp } from './deployedApp.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

const siteApi = '2025-03-01';
const keysApi = '2023-12-01';
/** The host reads this name, and the same with underscores; with two underscores it does nothing. */
const disabledSetting = 'AzureWebJobs.nightly.Disabled';
const disabledSettings = [disabledSetting, 'AzureWebJobs_nightly_Disabled'];

export function isPaused(settings: ReadonlyMap<string, string>): boolean {
  return disabledSettings.some((name) => /^(true|1)$/i.test(settings.get(name) ?? ''));
}

/**
 * Switches the timer of the nightly run off or on. A changed setting restarts the app and kills what is running.
 * @returns false where it was so already, and nothing was changed
 * @throws ResourceManagerError
 */
export async function pauseNightly(
  azure: ResourceManager,
  app: DeployedApp,
  isToPause: boolean,
): Promise<boolean> {
  const settings = await settingsOf(azure, app);
  if (isPaused(settings) === isToPause) return false;
  // All settings go back: what is left out is deleted.
  const others = [...settings].filter(([name]) => !disabledSettings.includes(name));
  const properties = Object.fromEntries(isToPause ? [...others, [disabledSetting, 'true']] : others);
  await azure.put(`${app.id}/config/appsettings`, siteApi, { properties });
  return true;
}

/** @throws ResourceManagerError */
export async function tellApp(
  azure: ResourceManager,
  app: DeployedApp,
  what: 'start' | 'stop' | 'restart',
): Promise<void> {
  await azure.post(`${app.id}/${what}`, siteApi);
}

/**
 * Makes a function key, or replaces the one of that name: the earlier one counts no more.
 * @returns the key
 * @throws ResourceManagerError when the host does not start: it then answers 400, 404 or 503
 */
export async function newFunctionKey(
  azure: ResourceManager,
  app: DeployedApp,
  name: string,
  value: string,
): Promise<void> {
  await azure.put(`${app.id}/host/default/functionkeys/${name}`, keysApi, { properties: { name, value } });
}

/** A key that is not there is deleted already. @throws ResourceManagerError */
export async function deleteFunctionKey(
  azure: ResourceManager,
  app: DeployedApp,
  name: string,
): Promise<void> {
  await azure.delete(`${app.id}/host/default/functionkeys/${name}`, keysApi);
}

/** Whether the host has the timer off. @returns undefined while the app has no code */
export async function isNightlyDisabled(
  azure: ResourceManager,
  app: DeployedApp,
): Promise<boolean | undefined> {
  const answer = await azure.get(`${app.id}/functions/nightly`, siteApi);
  if (answer === undefined) return undefined;
  return z.object({ properties: z.object({ isDisabled: z.boolean() }) }).parse(answer).properties.isDisabled;
}
