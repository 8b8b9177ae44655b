import { z } from 'zod';
import type { IdKey } from '../database/idForm.js';
import { activeRunName } from '../records/activeRun.js';
import { parsed } from '../records/record.js';

/** Where something about a child is stored. */
export interface StoredCopy {
  readonly kind: CopyKind;
  /** The name of a blob, or `staging table`. */
  readonly where: string;
}

/** Why a copy stays. None of these says more of a child than its id, its hash and what became of it. */
export const whyKept = {
  'emptied payload':
    'The payload was erased before; what is left is the id of the child, the hash of what was sent and the time of the erasure.',
  'emptied answer':
    'What DfE said in full was erased before; what is left is its status, the ids of the children that it was about and the time of the erasure.',
  result:
    "Records that the child was sent, its hash, and DfE's receipt, or the status, the fields and the words of a fixed list out of its refusal, and the ids of the rows that these fields come from. It is deleted with its run.",
  finding:
    'Names the child by its ids, a row about it, its parent record, a team and a worker, a rule and a column. It holds none of the values. It is deleted with its run.',
  request: 'Records that a run was asked for that named the child by its id. It is deleted with its run.',
  checkpoint:
    'Records how far the extract of a run has come: the child was the last one of a range, and is named by its id. It is deleted with its run.',
  'ledger entry':
    'The record of what was disclosed, or of a request like this one: the council has to be able to show it (UK GDPR, Article 5(2) and 17(3)(b)). It names the child by its id and holds no content.',
  'other record':
    'Names the child by its id, and this version does not know what it is for. Look at the blob, and remove it by hand if it is not needed.',
} as const;
export const keptKinds = [
  'emptied payload',
  'emptied answer',
  'result',
  'finding',
  'request',
  'checkpoint',
  'other record',
  'ledger entry',
] as const satisfies readonly (keyof typeof whyKept)[];

/** What is emptied: the payload of a child, and the full answer of DfE to a POST with it, which may quote it. */
export const emptiedKinds = ['payload', 'full answer'] as const;

export const copyKindSchema = z.enum([...emptiedKinds, 'staging row', ...keptKinds]);
export type CopyKind = z.output<typeof copyKindSchema>;

/** The part of a chunk that an erasure reads. The rest stays as it is, whichever version wrote it. */
export const chunkSchema = z.looseObject({
  children: z.array(
    z.looseObject({
      personId: z.string(),
      erasedAt: z.string().optional(),
      payload: z.unknown().optional(),
      holds: z.unknown().optional(),
    }),
  ),
});
export const fullAnswersSchema = z.looseObject({
  answers: z.array(z.looseObject({ children: z.array(z.string()), erasedAt: z.string().optional() })),
});
const outcomes = z.array(z.object({ personId: z.string() }));
const resultSchema = z.union([
  z.object({ children: outcomes }).transform(({ children }) => children),
  outcomes,
]);
/** `childId` is absent in findings of earlier versions, which name a child by its row in ssd_person only. */
const findingSchema = z.object({
  table: z.string(),
  rowId: z.string().nullable(),
  childId: z.string().nullish(),
});

/** What a blob of a run holds of the child, `undefined` when it does not name it. */
export function kindOf(name: string, content: string, personId: string, keyOf: IdKey): CopyKind | undefined {
  const isIt = isChild(personId, keyOf);
  const [, , folder] = name.split('/');
  switch (folder) {
    case 'chunks': {
      const found = parsedCopy(name, content, chunkSchema).children.filter((child) => isIt(child.personId));
      if (found.length === 0) return undefined;
      return found.some(({ erasedAt }) => erasedAt === undefined) ? 'payload' : 'emptied payload';
    }
    case 'full-answers': {
      const { answers } = parsedCopy(name, content, fullAnswersSchema);
      const found = answers.filter(({ children }) => children.some(isIt));
      if (found.length === 0) return undefined;
      return found.some(({ erasedAt }) => erasedAt === undefined) ? 'full answer' : 'emptied answer';
    }
    case 'answers':
    case 'results':
      return parsedCopy(name, content, resultSchema).some((child) => isIt(child.personId))
        ? 'result'
        : undefined;
    case 'findings':
      return content
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parsedCopy(name, line, findingSchema))
        .flatMap(({ table, rowId, childId }) => [childId, table === 'ssd_person' ? rowId : null])
        .some((id) => typeof id === 'string' && isIt(id))
        ? 'finding'
        : undefined;
    default: {
      const named = keyOf(content).includes(keyOf(JSON.stringify(personId)));
      if (!named) return undefined;
      if (folder === 'checkpoint.json') return 'checkpoint';
      return folder === 'request.json' || name === activeRunName ? 'request' : 'other record';
    }
  }
}

export function isChild(personId: string, keyOf: IdKey): (id: string) => boolean {
  const key = keyOf(personId);
  return (id) => keyOf(id) === key;
}

/** @throws Error that names the blob and quotes nothing of it */
export function parsedCopy<Schema extends z.ZodType>(
  name: string,
  content: string,
  schema: Schema,
): z.output<Schema> {
  return parsed(
    name,
    content,
    schema,
    (blob) =>
      new Error(
        `The blob ${blob} does not hold what this version writes there, so we cannot tell whether it holds the child. The erasure is not complete.`,
      ),
  );
}
