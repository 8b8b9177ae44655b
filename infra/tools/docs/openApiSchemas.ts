import { z } from 'zod';
import { aboutChildSchema, erasureRequestSchema } from '../../../shared/api/aboutChild.js';
import {
  approvedSchema,
  cancelledSchema,
  disclosuresSchema,
  erasureAnswerSchema,
  problemSchema,
  runListSchema,
  startedSchema,
} from '../../../shared/api/answers.js';
import { evidenceSchema } from '../../../shared/dataSubject/evidence.js';
import { fieldErrorsSchema } from '../../../shared/requests/fields.js';
import { approvalSchema, cancellationRequestSchema } from '../../../shared/api/decision.js';
import type { Role } from '../../../shared/access/principal.js';
import { newRunSchema } from '../../../shared/requests/newRun.js';
import { preflightSchema } from '../../../shared/preflight/answer.js';
import { supportBundleSchema } from '../../../shared/support/supportBundle.js';
import { runStatusSchema } from '../../../shared/records/runStatus.js';

/** What requests hold. */
export const requestSchemas = {
  NewRunRequest: newRunSchema,
  Approval: approvalSchema,
  CancellationRequest: cancellationRequestSchema,
  AboutChild: aboutChildSchema,
  ErasureRequest: erasureRequestSchema,
} as const;

/** What answers hold. */
export const answerSchemas = {
  Problem: problemSchema,
  WrongFields: fieldErrorsSchema,
  RunList: runListSchema,
  RunStatus: runStatusSchema,
  Started: startedSchema,
  Approved: approvedSchema,
  Cancelled: cancelledSchema,
  Disclosures: disclosuresSchema,
  ErasureAnswer: erasureAnswerSchema,
  Evidence: evidenceSchema,
  SupportBundle: supportBundleSchema,
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

/** One call of the HTTP API. Every one takes a function key, and may also answer 401 and 403. */
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
