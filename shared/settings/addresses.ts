/** Which addresses the settings may have: where children's data, credentials and secrets may go. */

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Scheme, host, port and path, in plain letters. No name and password, query, fragment, percent-encoding, backslash, blank or
 * letter of another script: with any of these an address can look like another one.
 */
const plainAddress = /^https?:\/\/[a-z0-9.:[\]-]+(\/[\w.~-]+)*\/?$/i;

/** An address as fetch takes it; `undefined` when it may not be used. Plain http is only for this machine. */
export function addressOf(text: string): URL | undefined {
  if (!plainAddress.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname.endsWith('.')) return undefined;
  return url.protocol === 'https:' || isLoopback(url) ? url : undefined;
}

export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

/** The address without what makes no difference: capitals in the host, the usual port, a slash at the end. */
export function normalised(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}

/** DfE's receivers as published; the number is the version. The production host is not published. */
const receiverPath = /^\/children-in-social-care-data-receiver(-test)?\/\d+\/?$/i;
const tokenPath = /\/token\/?$/i;
/** Where Microsoft Entra ID exchanges credentials for a token; the tenant is DfE's. */
const entra = { host: 'login.microsoftonline.com', path: /^\/[\w.-]+\/oauth2\/v2\.0\/token\/?$/i };

export function isKnownReceiver(url: URL): boolean {
  return isLoopback(url) || (isOfDfe(url) && receiverPath.test(url.pathname));
}

export function isKnownTokenEndpoint(url: URL): boolean {
  if (isLoopback(url)) return true;
  // `host` includes the port, so only the usual one is accepted.
  if (url.host === entra.host) return entra.path.test(url.pathname);
  return isOfDfe(url) && tokenPath.test(url.pathname);
}

/** Whether the address is on the usual port of a host below `education.gov.uk`. */
export function isOfDfe({ host }: URL): boolean {
  return /^([a-z0-9-]+\.)+education\.gov\.uk$/.test(host);
}

/** What the path says about the receiver. A path that says both is neither. */
export function receiverKindsIn({ pathname }: URL): { readonly test: boolean; readonly live: boolean } {
  const parts = pathname.toLowerCase().split('/');
  return {
    test: parts.some((part) => part.includes('receiver-test')),
    live: parts.includes('children-in-social-care-data-receiver'),
  };
}

/** Azure's storage in each of its clouds; the last is for accounts with a DNS zone of their own. */
const storageSuffixes = [
  'core.windows.net',
  'core.usgovcloudapi.net',
  'core.chinacloudapi.cn',
  'storage.azure.net',
] as const;

const azureHosts = {
  vault: /^[a-z0-9-]{3,24}\.vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)$/,
  blob: storageHost('blob'),
  queue: storageHost('queue'),
  table: storageHost('table'),
  file: storageHost('file'),
} as const;
type AzureService = keyof typeof azureHosts;

/** Including the secondary region. */
function storageHost(service: string): RegExp {
  const suffixes = storageSuffixes.join('|').replaceAll('.', '\\.');
  return new RegExp(`^[a-z0-9]{3,24}(-secondary)?\\.(z\\d{1,2}\\.)?${service}\\.(${suffixes})$`);
}

/** Whether an address is that of an Azure service, or on this machine. */
export function isAzureEndpoint(service: AzureService, text: string): boolean {
  const url = addressOf(text);
  if (url === undefined) return false;
  // `host` includes the port, so only the usual one is accepted.
  return isLoopback(url) || (azureHosts[service].test(url.host) && url.pathname === '/');
}

/** The values that each part of a storage connection string may have. Another reader might misread a part that is not listed. */
const storageParts = new Map<string, (value: string) => boolean>([
  ['DefaultEndpointsProtocol', (value) => value === 'https' || value === 'http'],
  // It becomes a part of the host.
  ['AccountName', (value) => /^[a-z0-9]+$/.test(value)],
  ['AccountKey', () => true],
  ['SharedAccessSignature', () => true],
  ['EndpointSuffix', (value) => storageSuffixes.some((suffix) => suffix === value)],
  ...(['', 'Secondary'] as const).flatMap((region): [string, (value: string) => boolean][] => [
    [`Blob${region}Endpoint`, (value) => isAzureEndpoint('blob', value)],
    [`Queue${region}Endpoint`, (value) => isAzureEndpoint('queue', value)],
    [`Table${region}Endpoint`, (value) => isAzureEndpoint('table', value)],
    [`File${region}Endpoint`, (value) => isAzureEndpoint('file', value)],
  ]),
  ['UseDevelopmentStorage', (value) => value === 'true'],
  ['DevelopmentStorageProxyUri', isOnThisMachine],
]);

function isOnThisMachine(text: string): boolean {
  const url = addressOf(text);
  return url !== undefined && isLoopback(url);
}

/**
 * Whether a storage connection string leads only to Azure or to this machine. It is read more strictly than the SDK and the
 * Functions host read it: each part must be known and be there only once.
 */
export function isSafeStorageString(text: string): boolean {
  const parts = new Map<string, string>();
  for (const part of text.split(';').filter((each) => each !== '')) {
    const at = part.indexOf('=');
    const [name, value] = [part.slice(0, Math.max(at, 0)), part.slice(at + 1)];
    if (parts.has(name) || storageParts.get(name)?.(value) !== true) return false;
    parts.set(name, value);
  }
  const endpoints = [...parts].filter(([name]) => name.endsWith('Endpoint'));
  // Not plain http with endpoints that are made from the account's name.
  return (
    parts.get('DefaultEndpointsProtocol') !== 'http' || (endpoints.length > 0 && !parts.has('EndpointSuffix'))
  );
}
