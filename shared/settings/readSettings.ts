import type { z } from 'zod';
import { readAlone } from './readAlone.js';
import { rules, sendingRules, type Rule } from './rules.js';
import { sendingSchema, settingsSchema, type SendingSettings, type Settings } from './settings.js';

/** A setting is missing or wrong. The message lists all that are, and quotes no value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the settings from environment variables. Empty variables count as missing.
 * @throws SettingsError that lists everything wrong at once
 */
export function readSettings(environment: Environment): Settings {
  return read(settingsSchema, rules, environment);
}

/**
 * Whether a function key alone is not enough for the HTTP API. Known also when other settings are wrong, for the
 * preflight; a value other than `true` or `false` counts as `true`.
 */
export function needsSignIn({ HTTP_NEEDS_SIGN_IN: value }: Environment): boolean {
  return readAlone(settingsSchema.shape.HTTP_NEEDS_SIGN_IN, value) ?? true;
}

/**
 * Reads what sending alone needs.
 * @throws SettingsError
 */
export function readSendingSettings(environment: Environment): SendingSettings {
  return read(sendingSchema, sendingRules, environment);
}

/**
 * Reads what a command needs: some of the settings.
 * @param schema of the shape of `settingsSchema`
 * @throws SettingsError
 */
export function readSomeSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  return read(schema, [], environment);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Control and format characters, and the line breaks of Unicode: each program reads them in its own way. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function read<Schema extends z.ZodObject>(
  schema: Schema,
  theRules: readonly Rule<z.output<Schema>>[],
  environment: Environment,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const coherent = theRules.reduce<Schema>(
    // A rule is checked also when something else is wrong, so that a person can correct everything at once.
    (soFar, { path, message, holds }) => soFar.refine(holds, { path: [path], message, when: isObject }),
    schema,
  );
  const settings = coherent.safeParse(given);
  const unprintable = Object.keys(schema.shape).filter((name) => invisible.test(given[name] ?? ''));
  if (settings.success && unprintable.length === 0) return settings.data;
  const wrong = new Set([
    ...unprintable.map(
      (name) =>
        `  ${name} has a character that cannot be seen, such as a tab or a line break: enter it again`,
    ),
    ...(settings.error?.issues ?? []).map((issue) => `  ${issue.path.join('.')} ${issue.message}`),
  ]);
  throw new SettingsError(
    `Nothing was read and nothing was sent, because ${wrong.size === 1 ? '1 setting is' : `${String(wrong.size)} settings are`} wrong:\n${[...wrong].join('\n')}\nEach setting is explained in docs/settings.md.`,
  );
}

function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}
