import { z } from 'zod';
import { aboutChildSchema, erasureWishSchema } from '../../../shared/http/aboutChild.js';
import {
  approvedSchema,
  cancelledSchema,
  disclosuresSchema,
  erasureAnswerSchema,
  problemSchema,
  runListSchema,
  startedSchema,
} from '../../../shared/http/answers.js';
import { wishErrorsSchema } from '../../../shared/http/body.js';
import { approvalSchema, cancellationWishSchema } from '../../../shared/http/decision.js';
import type { Role } from '../../../shared/http/principal.js';
import { wishSchema } from '../../../shared/http/runWish.js';
import { preflightSchema } from '../../../shared/run/preflight.js';
import { runStatusSchema } from '../../../shared/run/runStatus.js';

/** What requests hold. */
export const requestSchemas = {
  RunWish: wishSchema,
  Approval: approvalSchema,
  CancellationWish: cancellationWishSchema,
  AboutChild: aboutChildSchema,
  ErasureWish: erasureWishSchema,
} as const;

/** What answers hold. */
export const answerSchemas = {
  Problem: problemSchema,
  WrongFields: wishErrorsSchema,
  RunList: runListSchema,
  RunStatus: runStatusSchema,
  Started: startedSchema,
  Approved: approvedSchema,
  Cancelled: cancelledSchema,
  Disclosures: disclosuresSchema,
  ErasureAnswer: erasureAnswerSchema,
  Preflight: preflightSchema.extend({
    /** Of the code that answers: the version of the release and its commit. */
    version: z.string(),
  }),
} as const;

/** Of an .xlsx file. */
export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

type AnswerName = keyof typeof answerSchemas;

export type CallAnswer =
  | { readonly what: string; readonly schema: AnswerName; readonly example: unknown }
  | { readonly what: string; readonly csv: string }
  | { readonly what: string; readonly workbook: typeof workbookType };

/** One call of the HTTP API. Every one takes a function key, and may answer 401 and 403 besides. */
export interface Call {
  /** The name of the function that answers. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly role: Role;
  readonly summary: string;
  readonly description: string;
  readonly query?: z.ZodObject;
  readonly body?: {
    readonly schema: keyof typeof requestSchemas;
    readonly required: boolean;
    readonly example: unknown;
  };
  readonly answers: Readonly<Record<number, CallAnswer>>;
}
