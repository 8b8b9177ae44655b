import { z } from 'zod';
import { seenBySupport } from '../settings/seenBySupport.js';
import { settingsSchema } from '../settings/settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the Functions host, Node.js and the platform read. Their values are secrets, or addresses of the council. */
const ofOthers = [
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'AzureWebJobs.nightly.Disabled',
  'AzureWebJobs_nightly_Disabled',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'WEBSITE_AUTH_ENABLED',
];

export const settingSeenSchema = z.strictObject({
  name: z.string(),
  is: z
    .enum(['given', 'default', 'not given', 'wrong'])
    .describe(
      '`wrong`: given, and not by the rules of this setting. Rules about several are in the preflight.',
    ),
  value: z
    .string()
    .optional()
    .describe('Only of the settings that hold no secret, no address of the council and no free text.'),
});
export type SettingSeen = Readonly<z.output<typeof settingSeenSchema>>;

/** Every setting, and the values of those that support may see. A wrong value is never shown: it may be a secret that was put there by mistake. */
export function settingsSeen(environment: Environment): SettingSeen[] {
  const ofTheApp = Object.entries(settingsSchema.shape).map(([name, schema]): SettingSeen => {
    const text = environment[name] ?? '';
    const { success, data } = schema.safeParse(text === '' ? undefined : text);
    if (text !== '' && !success) return { name, is: 'wrong' };
    if (!success || data === undefined) return { name, is: 'not given' };
    const value = seenBySupport.get(schema)?.words(String(data));
    return { name, is: text === '' ? 'default' : 'given', ...(value === undefined ? {} : { value }) };
  });
  const others = ofOthers.map((name): SettingSeen => {
    return { name, is: (environment[name] ?? '') === '' ? 'not given' : 'given' };
  });
  return [...ofTheApp, ...others];
}

/** Shorter values are in many a text by chance, and no address or secret is so short. */
const shortestWithheld = 6;

/** As `connectionError` names it, with any port and instance: not every connection string is an address. */
const databaseServer = /(?<=\bdatabase server )[^\s(]+/g;

/** Takes out of a text the values of settings that support must not see, and the hosts in them. */
export function withheld(text: string, environment: Environment): string {
  const shown = new Set(settingsSeen(environment).flatMap(({ value }) => value ?? []));
  // A value is used without the blanks around it.
  const parts = Object.keys(settingsSchema.shape).flatMap((name) =>
    partsOf((environment[name] ?? '').trim()),
  );
  return parts
    .filter((part) => part.length >= shortestWithheld && !shown.has(part))
    .sort((one, other) => other.length - one.length)
    .reduce((soFar, part) => soFar.replaceAll(part, '…'), text.replace(databaseServer, '…'));
}

/** A value, and the host where it is an address. */
function partsOf(value: string): string[] {
  if (!URL.canParse(value)) return [value];
  const { host, hostname } = new URL(value);
  return [value, host, hostname];
}
