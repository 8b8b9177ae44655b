import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../projectRoot.js';

export const queriesFolder = join(projectRoot, 'infra', 'kql');
export const workbookFile = join(projectRoot, 'infra', 'workbooks', 'csc-runs.workbook.json');

const visibilitySchema = z.object({ parameterName: z.string(), comparison: z.string(), value: z.string() });

/** What the tests and `writeWorkbook.ts` look at; a workbook holds more, for the eye. */
const itemSchema = z.object({
  type: z.int(),
  name: z.string(),
  conditionalVisibility: visibilitySchema.optional(),
  get content() {
    return contentSchema;
  },
});
const contentSchema = z.object({
  query: z.string().optional(),
  queryType: z.int().optional(),
  noDataMessage: z.string().optional(),
  timeContextFromParameter: z.string().optional(),
  timeContext: z.object({ durationMs: z.int() }).optional(),
  exportFieldName: z.string().optional(),
  exportParameterName: z.string().optional(),
  parameters: z.array(z.object({ name: z.string(), type: z.int(), query: z.string().optional() })).optional(),
  links: z
    .array(
      z.object({
        cellValue: z.string(),
        linkTarget: z.string(),
        linkLabel: z.string(),
        subTarget: z.string(),
      }),
    )
    .optional(),
  get items() {
    return z.array(itemSchema).optional();
  },
});
type Item = z.output<typeof itemSchema>;

const workbookSchema = z.object({
  version: z.literal('Notebook/1.0'),
  items: z.array(itemSchema),
  $schema: z.string(),
});

/** The items of the workbook, groups as they are. */
export function readItems(json: string): Item[] {
  return workbookSchema.parse(JSON.parse(json)).items;
}

/** All items, those of groups after their group. */
export function itemsWithin(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...itemsWithin(item.content.items ?? [])]);
}

/** The queries of items and of parameters, as the workbook has them. */
export function queriesOf(items: readonly Item[]): string[] {
  return itemsWithin(items).flatMap(({ content }) =>
    [content.query, ...(content.parameters ?? []).map((parameter) => parameter.query)].filter(
      (query) => query !== undefined,
    ),
  );
}

/** Names the file a query of the workbook is taken from, and parts its text from what is added to it there. */
const queryPattern =
  /^\/\/ infra\/kql\/(?<file>[a-z-]+)\.kql\n.*?(?<added>\/\/ In the workbook only:\n.*)?$/s;

/** The text of the file that a query names, with what the workbook adds to it. */
export function fromItsFile(query: string): string {
  const { file, added = '' } = queryPattern.exec(query)?.groups ?? {};
  if (file === undefined) throw new Error(`This query names no file of infra/kql:\n${query}`);
  return `// infra/kql/${file}.kql\n${readFileSync(join(queriesFolder, `${file}.kql`), 'utf8')}${added}`;
}

/** The workbook with every query as its file has it now. */
export function withQueriesOfFiles(json: string): string {
  return queriesOf(readItems(json)).reduce(
    (text, query) => text.replaceAll(JSON.stringify(query), () => JSON.stringify(fromItsFile(query))),
    json,
  );
}
