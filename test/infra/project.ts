import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../local/migrations.js';
import { bicepReader, Expression, type BicepFile, type Declaration, type Value } from './bicepFile.js';

/** All of `infra/`: templates, and parameter files. */
export interface Project {
  readonly templates: readonly BicepFile[];
  readonly parameterFiles: readonly BicepFile[];
  readonly declarations: readonly Declaration[];
}

export async function readProject(): Promise<Project> {
  const read = await bicepReader();
  const filesIn = (folder: string, ending: string): BicepFile[] =>
    readdirSync(join(projectRoot, 'infra', folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => read(join(folder, name)));
  const templates = [...filesIn('', '.bicep'), ...filesIn('modules', '.bicep')];
  return {
    templates,
    parameterFiles: filesIn('parameters', '.bicepparam'),
    declarations: templates.flatMap(({ declarations }) => declarations),
  };
}

/** Resources of one type that a deployment makes, at least one. */
export function resourcesOf(project: Project, type: string): Declaration[] {
  const found = project.declarations.filter(
    (each) => each.kind === 'resource' && each.reference === type && !each.isExisting,
  );
  if (found.length === 0) throw new Error(`There is no resource of type ${type}`);
  return found;
}

/** One declaration by its name in a file. */
export function declared(project: Project, file: string, name: string): Declaration {
  const found = project.declarations.find((each) => each.file === file && each.name === name);
  if (found === undefined) throw new Error(`${file} declares no ${name}`);
  return found;
}

/** The value at a path such as `properties.networkAcls.bypass`; `undefined` when it is not there. */
export function at(value: Value | undefined, path: string): Value | undefined {
  return path
    .split('.')
    .reduce<Value | undefined>((inner, key) => (inner instanceof Map ? inner.get(key) : undefined), value);
}

/** A value as text: an expression as it is written, a literal as it is, and nothing of objects and arrays. */
export function textOf(value: Value | undefined): string | undefined {
  if (value instanceof Expression) return value.text;
  return typeof value === 'object' || value === undefined ? undefined : String(value);
}

export function textAt(value: Value | undefined, path: string): string | undefined {
  return textOf(at(value, path));
}

/** The items of an array. */
export function itemsOf(value: Value | undefined): Value[] {
  if (!Array.isArray(value)) throw new Error('This is not an array');
  return value;
}

/** How a failing assertion names a declaration. */
export function place({ file, name }: Declaration): string {
  return `${name} in infra/${file}`;
}
