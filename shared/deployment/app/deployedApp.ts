import { agreementAsked } from '../../settings/terms.js';
import { z } from 'zod';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

/** What one environment is deployed into. */
export interface ResourceGroup {
  readonly subscriptionId: string;
  readonly name: string;
}

/** The function app of an environment as Azure has it. Host names are without `https://`. */
export interface DeployedApp {
  /** Resource id. */
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  /** Where code is published. */
  readonly scmHostName: string;
  /** `Running` or `Stopped`. */
  readonly state: string;
}

/** An app that is not as the system makes it. The message says what to do. */
class DeployedAppError extends Error {}

const siteApi = '2025-03-01';
/** Keys of the host: the version that the Azure CLI uses for them. */
const keysApi = '2023-12-01';

/** Flex Consumption as Resource Manager answers; the Azure CLI passes it on as it is (`properties.defaultHostName`). */
const siteSchema = z.object({
  id: z.string().startsWith('/'),
  name: z.string(),
  kind: z.string().default(''),
  properties: z.object({
    state: z.string().default(''),
    defaultHostName: z.string(),
    hostNameSslStates: z.array(z.object({ name: z.string(), hostType: z.string() })).default([]),
  }),
});

export function groupId({ subscriptionId, name }: ResourceGroup): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
}

/**
 * The function app of a group.
 * @returns undefined when there is none, or no such group
 * @throws DeployedAppError when there are several, or Azure does not say where it is
 */
export async function appIn(azure: ResourceManager, group: ResourceGroup): Promise<DeployedApp | undefined> {
  const sites = await azure.list(`${groupId(group)}/providers/Microsoft.Web/sites`, siteApi);
  const apps = sites.map((site) => siteSchema.parse(site)).filter(({ kind }) => kind.includes('functionapp'));
  const [app, another] = apps;
  if (app === undefined) return undefined;
  if (another !== undefined) {
    throw new DeployedAppError(
      `There are several function apps in ${group.name} (${apps.map(({ name }) => name).join(', ')}): each environment has a resource group of its own.`,
    );
  }
  const { state, defaultHostName, hostNameSslStates } = app.properties;
  if (defaultHostName === '') {
    throw new DeployedAppError(
      `Azure names no address of the app ${app.name} yet. Try again in a few minutes.`,
    );
  }
  const scm = hostNameSslStates.find(({ hostType }) => hostType === 'Repository')?.name;
  const [label = '', ...domain] = defaultHostName.split('.');
  return {
    id: app.id,
    name: app.name,
    hostName: defaultHostName,
    scmHostName: scm ?? [label, 'scm', ...domain].join('.'),
    state,
  };
}

/** The app settings as they are deployed; references to Key Vault are not resolved. */
export async function settingsOf(
  azure: ResourceManager,
  app: DeployedApp,
): Promise<ReadonlyMap<string, string>> {
  const answer = await azure.post(`${app.id}/config/appsettings/list`, siteApi);
  const { properties } = z.object({ properties: z.record(z.string(), z.string()) }).parse(answer);
  return new Map(Object.entries(properties));
}

/** Whether the app signs in to its database by its identity, as on Azure SQL only. @param settings those of the app */
export function signsInByIdentity(settings: ReadonlyMap<string, string>): boolean {
  return (settings.get('SSD_CONNECTION_STRING') ?? '').includes('Active Directory Managed Identity');
}

/** Whether each child gets a pseudonym before it is sent, for which a key is needed. @param settings those of the app */
export function sendsPseudonyms(settings: ReadonlyMap<string, string>): boolean {
  return settings.get('DFE_RECEIVER') === 'test' && settings.get('SSD_SYNTHETIC')?.toLowerCase() !== 'true';
}

/** The settings about the data-sharing agreement that an app with real children lacks. @param settings those of the app */
export function agreementMissing(settings: ReadonlyMap<string, string>): string[] {
  if (settings.get('SSD_SYNTHETIC')?.toLowerCase() === 'true') return [];
  return agreementAsked.filter((name) => (settings.get(name) ?? '').trim() === '');
}

/**
 * Whether an app has code, as far as Azure says so.
 * @returns undefined where Azure lists no functions at all: the app may run even then
 */
export async function hasCode(azure: ResourceManager, app: DeployedApp): Promise<boolean | undefined> {
  const listed = await azure.get(`${app.id}/functions`, siteApi);
  if (listed === undefined) return undefined;
  return z.object({ value: z.array(z.unknown()) }).parse(listed).value.length > 0;
}

/** Names of the deployed functions; an app without code has none. */
export async function functionsOf(azure: ResourceManager, app: DeployedApp): Promise<string[]> {
  const answer = await azure.list(`${app.id}/functions`, siteApi);
  return answer.map((each) => z.object({ name: z.string() }).parse(each).name);
}

/**
 * The default function key.
 * @throws ResourceManagerError when the host does not start: it then answers 400, 404 or 503
 */
export async function functionKeyOf(azure: ResourceManager, app: DeployedApp): Promise<string | undefined> {
  const answer = await azure.post(`${app.id}/host/default/listKeys`, keysApi);
  const { functionKeys } = z.object({ functionKeys: z.record(z.string(), z.string()) }).parse(answer);
  return functionKeys['default'];
}
