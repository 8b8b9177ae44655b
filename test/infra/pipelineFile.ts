import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../local/migrations.js';

const mappingSchema = z.record(z.string(), z.unknown());
export type Mapping = z.output<typeof mappingSchema>;

/** A file of the pipelines, by its path from the project's folder. */
interface PipelineFile {
  readonly path: string;
  readonly text: string;
  readonly root: Mapping;
}

const pipelines = join('infra', 'pipelines');

export function readPipelineFile(path: string): PipelineFile {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  return { path, text, root: mappingSchema.parse(parse(text)) };
}

/** What Azure DevOps is pointed at. */
export const pipelineFiles: readonly PipelineFile[] = [
  'azure-pipelines.yml',
  join(pipelines, 'pull-request.yml'),
  join(pipelines, 'rollback.yml'),
].map(readPipelineFile);

export const templateFiles: readonly PipelineFile[] = readdirSync(join(projectRoot, pipelines, 'templates'))
  .sort()
  .map((name) => readPipelineFile(join(pipelines, 'templates', name)));

/** Every mapping in a file, templates not followed, from the outside in. */
export function mappingsIn(node: unknown): Mapping[] {
  if (Array.isArray(node)) return node.flatMap(mappingsIn);
  const mapping = mappingSchema.safeParse(node);
  return mapping.success ? [mapping.data, ...Object.values(mapping.data).flatMap(mappingsIn)] : [];
}

/** The items of a list, with those of the templates they name in their place, and of all branches of a condition. */
export function itemsOf(file: PipelineFile, list: unknown): Mapping[] {
  const items = z.array(mappingSchema).catch([]).parse(list);
  return items.flatMap((item) => {
    if (typeof item['template'] === 'string') {
      const template = readPipelineFile(join(dirname(file.path), item['template']));
      return itemsOf(template, template.root['steps'] ?? template.root['stages']);
    }
    const branch = Object.entries(item).find(([key]) => key.startsWith('${{'));
    return branch === undefined ? [item] : itemsOf(file, branch[1]);
  });
}

interface Job {
  readonly job: Mapping;
  /** In the order in which they run, those of templates included. */
  readonly steps: readonly Mapping[];
}

/** The jobs of a pipeline, or of a template of stages. */
export function jobsOf(file: PipelineFile): Job[] {
  return z
    .array(mappingSchema)
    .parse(file.root['stages'])
    .flatMap((stage) => {
      if (typeof stage['template'] === 'string') {
        return jobsOf(readPipelineFile(join(dirname(file.path), stage['template'])));
      }
      const jobs = z.array(mappingSchema).parse(stage['jobs']);
      return jobs.map((job) => ({ job, steps: itemsOf(file, job['steps'] ?? stepsOfDeployment(job)) }));
    });
}

function stepsOfDeployment(job: Mapping): unknown {
  return mappingsIn(job['strategy']).find((mapping) => 'steps' in mapping)?.['steps'];
}

/** What a step runs, as far as it is written here. */
export function scriptOf(step: Mapping): string {
  const inputs = mappingSchema.catch({}).parse(step['inputs']);
  return z
    .string()
    .catch('')
    .parse(step['bash'] ?? inputs['inlineScript']);
}
