import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { after, it, type TestContext } from 'node:test';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { z } from 'zod';
import {
  anyTarget,
  bicepCompiler,
  bicepVersion,
  NoBicepCompiler,
  type Target,
} from '../../infra/tools/bicepCompiler.js';
import { projectRoot } from '../local/migrations.js';

/** The files of infra/parameters, by their names. */
export const environments = ['minimal', 'test', 'prod'] as const;

/** Those that are for a template of their own name. */
export const otherTemplates = ['authorities', 'ssd-copy'] as const;

export const subscription = `/subscriptions/${anyTarget.subscriptionId}`;
export const group = `${subscription}/resourceGroups/${anyTarget.resourceGroup ?? ''}`;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The whole of one resource, as Azure would be asked for it. What only Azure knows is an expression in square brackets. */
export type Resource = z.output<typeof resourceSchema>;
const resourceSchema = z.looseObject({ id: z.string(), type: z.string(), name: z.string() });
const snapshotSchema = z.object({
  predictedResources: z.array(resourceSchema),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

/** What Azure would be asked for by a parameter file. */
export class Prediction {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;

  constructor({ predictedResources, outputs }: z.output<typeof snapshotSchema>) {
    this.resources = predictedResources;
    this.outputs = outputs;
  }

  /** Resources of one type; none is a mistake of the test. */
  of(type: string): Resource[] {
    const found = this.maybe(type);
    if (found.length === 0) throw new Error(`No resource of type ${type} is predicted`);
    return found;
  }

  /** Resources of one type; there may be none. */
  maybe(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type whose name ends so. */
  one(type: string, ending = ''): Resource {
    const [found, ...more] = this.of(type).filter(({ name }) => name.endsWith(ending));
    if (found === undefined || more.length > 0) throw new Error(`Not one ${type} that ends in ${ending}`);
    return found;
  }
}

/** A template as the compiler makes it for Resource Manager. */
type Template = z.output<typeof templateSchema>;
const describedSchema = z.object({ description: z.string().optional() }).optional();
const parameterSchema = z.looseObject({
  type: z.string().optional(),
  defaultValue: z.unknown().optional(),
  allowedValues: z.array(z.unknown()).optional(),
  metadata: describedSchema,
});
const definitionSchema = z.looseObject({
  metadata: describedSchema,
  additionalProperties: z.unknown().optional(),
  properties: z.record(z.string(), z.looseObject({ metadata: describedSchema })).optional(),
});
const templateSchema = z.looseObject({
  parameters: z.record(z.string(), parameterSchema).default({}),
  outputs: z.record(z.string(), z.looseObject({ metadata: describedSchema })).default({}),
  variables: z.record(z.string(), z.unknown()).default({}),
  definitions: z.record(z.string(), definitionSchema).default({}),
  // By symbolic name, in a template that has types of its own.
  resources: z.union([z.array(z.unknown()), z.record(z.string(), z.looseObject({}))]),
});

/** The value at a path such as `properties.networkAcls.bypass`; undefined when it is not there. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, key) => objectSchema.safeParse(inner).data?.[key], value);
}
const objectSchema = z.record(z.string(), z.unknown());

export function textAt(value: unknown, path: string): string | undefined {
  return z.string().safeParse(at(value, path)).data;
}

export function itemsAt(value: unknown, path: string): unknown[] {
  return z.array(z.unknown()).parse(at(value, path));
}

/** The app settings of a resource `Microsoft.Web/sites`, by their names. */
export function appSettingsOf(app: unknown): ReadonlyMap<string, string> {
  return new Map(
    itemsAt(app, 'properties.siteConfig.appSettings').map((setting) => [
      textAt(setting, 'name') ?? '',
      textAt(setting, 'value') ?? '',
    ]),
  );
}

/** A test that needs the compiler: where there is none to be had it is skipped, and says why. */
export function itCompiled(sentence: string, body: (t: TestContext) => Promise<void>): void {
  it(sentence, async (t) => {
    try {
      await body(t);
    } catch (error) {
      if (!(error instanceof NoBicepCompiler)) throw error;
      t.skip(error.message);
    }
  });
}

const made = new Map<string, Promise<Prediction>>();

/**
 * What Azure would be asked for by a file of infra/parameters with some of its parameters changed.
 * @throws ResponseError with the sentence of a template that refuses its parameters
 */
export function predicted(file: string, changes: Readonly<Record<string, Json>> = {}): Promise<Prediction> {
  const key = JSON.stringify([file, changes]);
  const known = made.get(key) ?? predict(file, changes);
  made.set(key, known);
  return known;
}

/** Each environment with its prediction. */
export async function predictedEnvironments(): Promise<{ name: string; prediction: Prediction }[]> {
  return Promise.all(environments.map(async (name) => ({ name, prediction: await predicted(name) })));
}

/** Why a template refuses its parameters; undefined when it takes them. */
export async function refusalOf(
  file: string,
  changes: Readonly<Record<string, Json>>,
): Promise<string | undefined> {
  try {
    await predicted(file, changes);
    return undefined;
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return error.message;
  }
}

/** A `.bicep` file below infra/, compiled. */
export async function compiled(file: string): Promise<Template> {
  const contents = await kept(`compiled ${file}`, async (connection) => {
    const path = join(projectRoot, 'infra', file);
    const answer: unknown = await connection.sendRequest('bicep/compile', { path });
    return z.object({ contents: z.string() }).parse(answer).contents;
  });
  return templateSchema.parse(JSON.parse(contents));
}

/** The parameters that a file of infra/parameters gives, by their names. */
export async function givenBy(file: string): Promise<Readonly<Record<string, unknown>>> {
  const parameters = await kept(`given ${file}`, async (connection) => {
    const answer: unknown = await connection.sendRequest('bicep/compileParams', {
      path: parameterFile(file),
      parameterOverrides: {},
    });
    return z.object({ parameters: z.string() }).parse(answer).parameters;
  });
  const given = z
    .object({ parameters: z.record(z.string(), z.object({ value: z.unknown() })) })
    .parse(JSON.parse(parameters));
  return Object.fromEntries(Object.entries(given.parameters).map(([name, { value }]) => [name, value]));
}

async function predict(file: string, changes: Readonly<Record<string, Json>>): Promise<Prediction> {
  if (Object.keys(changes).length > 0) {
    const template = otherTemplates.find((other) => other === file) ?? 'main';
    return await predictedFrom(`${template}.bicep`, { ...(await givenBy(file)), ...changes });
  }
  return await snapshotOf(`of ${file}`, () => parameterFile(file), anyTarget);
}

/**
 * What Azure would be asked for by a template below infra/, with these parameters and no others.
 * @throws ResponseError with the sentence of a template that refuses its parameters
 */
export async function predictedFrom(
  template: string,
  parameters: Readonly<Record<string, unknown>>,
  target: Target = anyTarget,
): Promise<Prediction> {
  const what = JSON.stringify([template, parameters]);
  return await snapshotOf(what, () => variation(template, parameters), target);
}

async function snapshotOf(what: string, path: () => string, target: Target): Promise<Prediction> {
  const snapshot = await kept(`${what} ${JSON.stringify(target)}`, async (connection) => {
    const answer: unknown = await connection.sendRequest('bicep/getSnapshot', {
      path: path(),
      metadata: { ...target, deploymentName: 'check' },
    });
    return z.object({ snapshot: z.string() }).parse(answer).snapshot;
  });
  return new Prediction(snapshotSchema.parse(JSON.parse(snapshot)));
}

/** Where test files leave each other, and the next run of the tests, what the compiler has made of the same sources. */
const keptFolder = join(projectRoot, 'node_modules', '.cache', 'bicep');

/** What another test file has had made of the same sources today, or what is made now. */
async function kept(what: string, make: (connection: MessageConnection) => Promise<string>): Promise<string> {
  sources ??= hashOfSources();
  const folder = join(keptFolder, await sources);
  const file = join(folder, createHash('sha256').update(what).digest('hex'));
  try {
    return await readFile(file, 'utf8');
  } catch {
    const made = await make(await connected());
    await makeFolder(folder);
    // Whole, or not there: another test file may look now.
    await writeFile(`${file}.${process.pid}`, made);
    await rename(`${file}.${process.pid}`, file);
    return made;
  }
}

/** Makes the folder for what is made of these sources, and removes what was made of others. */
async function makeFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) === undefined) return;
  const others = (await readdir(keptFolder)).filter((name) => name !== basename(folder));
  await Promise.all(others.map((name) => rm(join(keptFolder, name), { recursive: true, force: true })));
}

let sources: Promise<string> | undefined;

/**
 * Of everything that decides what the compiler makes: also of how it is asked, which is in this file, and of the day, by
 * which a budget begins.
 */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(
    JSON.stringify([bicepVersion, anyTarget, new Date().toISOString().slice(0, 10)]),
  );
  hash.update(await readFile(__filename));
  const folder = join(projectRoot, 'infra');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/\.(ts|yml|md|sql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(`\n${relative(folder, file)}\n`).update(await readFile(file));
  return hash.digest('hex');
}

function parameterFile(name: string): string {
  return join(projectRoot, 'infra', 'parameters', `${name}.bicepparam`);
}

let folder: string | undefined;
let variations = 0;

/** A parameter file of its own: the compiler takes no parameters of a snapshot by another way. */
function variation(template: string, parameters: Readonly<Record<string, unknown>>): string {
  folder ??= mkdtempSync(join(tmpdir(), 'bicep-variation-'));
  const path = join(folder, `variation-${(variations += 1)}.bicepparam`);
  const using = relative(folder, join(projectRoot, 'infra', template))
    .split(sep)
    .join('/');
  const lines = Object.entries(parameters).map(([name, value]) => `param ${name} = ${bicepLiteral(value)}`);
  writeFileSync(path, [`using '${using}'`, ...lines, ''].join('\n'));
  return path;
}

/** Any value of JSON in one line of Bicep. */
function bicepLiteral(value: unknown): string {
  const escaped = JSON.stringify(value).replace(/[\\']/g, '\\$&').replaceAll('${', '\\${');
  return `json('${escaped}')`;
}

let connecting: Promise<MessageConnection> | undefined;
let close: () => void = () => undefined;

/** One compiler for all tests of a file: it takes seconds to start and a fraction of one to answer. */
function connected(): Promise<MessageConnection> {
  connecting ??= connect();
  return connecting;
}

async function connect(): Promise<MessageConnection> {
  const { path } = await bicepCompiler();
  const compiler = spawn(path, ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(
    new StreamMessageReader(compiler.stdout),
    new StreamMessageWriter(compiler.stdin),
  );
  close = () => {
    connection.dispose();
    compiler.kill();
  };
  connection.listen();
  return connection;
}

after(() => {
  close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});
