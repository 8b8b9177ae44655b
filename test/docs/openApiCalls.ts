import { z } from 'zod';
import { aboutChildSchema, erasureRequestSchema } from '../../shared/api/aboutChild.js';
import {
  approvedSchema,
  cancelledSchema,
  disclosuresSchema,
  erasureAnswerSchema,
  problemSchema,
  runListSchema,
  startedSchema,
} from '../../shared/api/answers.js';
import { fieldErrorsSchema } from '../../shared/api/body.js';
import { approvalSchema, cancellationRequestSchema } from '../../shared/api/decision.js';
import { chunksFileRequestSchema, findingsFileRequestSchema } from '../../shared/downloads/fileRequest.js';
import { listRequestSchema } from '../../shared/api/listRequest.js';
import type { Role } from '../../shared/access/principal.js';
import { newRunSchema } from '../../shared/api/newRun.js';
import { preflightSchema } from '../../shared/preflight/preflight.js';
import { runStatusSchema } from '../../shared/records/runStatus.js';

/** What requests hold. */
export const requestSchemas = {
  RunWish: newRunSchema,
  Approval: approvalSchema,
  CancellationWish: cancellationRequestSchema,
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
  Preflight: preflightSchema.extend({
    /** Of the code that answers: the version of the release and its commit. */
    version: z.string(),
  }),
} as const;

/** Of an .xlsx file. */
const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

type AnswerName = keyof typeof answerSchemas;

type CallAnswer =
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

/** A web page, a form or a download of the web pages: for people in a browser, and so told in one line. */
export interface PageCall {
  readonly name: string;
  readonly methods: readonly ('get' | 'post')[];
  readonly path: string;
  /** `undefined` for what needs no sign-in. */
  readonly role: Role | undefined;
  readonly summary: string;
  readonly contentType: 'text/html' | 'text/csv' | 'text/css' | typeof workbookType;
}

/** Stands for any run in the examples. */
export const exampleRunId = '20260811T020000123Z-3f9a1c';
const runId = exampleRunId;
const aHash = '0f'.repeat(32);
const chunkBlob = `runs/${runId}/chunks/1f2e3d/00001.json`;

const wrongFields = (field: string, problem: string): CallAnswer => ({
  what: 'What is wrong with the request, field by field. Nothing was done.',
  schema: 'WrongFields',
  example: { errors: [{ field, problem }] },
});
const unknownRun: CallAnswer = {
  what: 'There is no run of this id.',
  schema: 'Problem',
  example: { error: 'There is no run of this id.' },
};
const conflict = (what: string, error: string): CallAnswer => ({
  what,
  schema: 'Problem',
  example: { error, runId },
});
const notPlanned = (what: string): CallAnswer => ({
  what: 'The extract of the run is not complete.',
  schema: 'Problem',
  example: { error: `The extract of this run is not complete: not all of its ${what} are known.` },
});

const wholeFile =
  'UTF-8 with a byte order mark; lines end in CRLF. Where there was not enough time for the whole list, the last line begins with INCOMPLETE, the name of the file ends in `-incomplete`, and the header `Link` (`rel="next"`) leads to the rest.';

const wholeWorkbook =
  'For Excel and people: the columns and rows of the CSV, every cell a text, so that Excel changes no id. Where there was not enough time for the whole list, the last row, the name of the file and the header `Link` say so as they do for the CSV.';

const aRun = {
  runId,
  status: 'completed',
  trigger: 'timer',
  requestedAt: '2026-08-11T02:00:00.123Z',
  requestedBy: 'schedule',
  scope: 'outstanding',
  today: '2026-08-11',
  endedAt: '2026-08-11T02:06:41.008Z',
  chunks: { planned: 2, done: 2 },
  totals: { chunks: 2, posts: 2, accepted: 131, refused: 1, outstanding: 0, superseded: 0 },
};

const callsForOneFormat: readonly Call[] = [
  {
    name: 'requestRun',
    method: 'post',
    path: '/api/runs',
    role: 'operator',
    summary: 'Ask for a run',
    description: 'One run at a time. Scope `children` also needs the role data-officer.',
    body: {
      schema: 'RunWish',
      required: true,
      example: { scope: 'refused', dryRun: true, reason: 'the source rows are corrected' },
    },
    answers: {
      202: {
        what: 'The run was begun. `Location` says where to ask what has become of it.',
        schema: 'Started',
        example: { runId, statusUrl: `https://council.example/api/runs/${runId}` },
      },
      400: wrongFields('children', 'goes with scope "children", and only with it'),
      409: conflict(
        'A run is going on, waits for its turn or is held; its id is given.',
        'A run is going on, waits for its turn or is held: wait for it to end, or cancel it.',
      ),
    },
  },
  {
    name: 'listRuns',
    method: 'get',
    path: '/api/runs',
    role: 'reader',
    summary: 'The newest runs',
    description:
      'Numbers and reasons, and nothing about a child. Older runs: ask again with `next` of the answer as `from`.',
    query: listRequestSchema,
    answers: {
      200: { what: 'The runs.', schema: 'RunList', example: { runs: [aRun], complete: true } },
      400: wrongFields('limit', 'must be a whole number from 1 to 100'),
    },
  },
  {
    name: 'getRun',
    method: 'get',
    path: '/api/runs/{runId}',
    role: 'reader',
    summary: 'One run',
    description: 'Where it stands, in numbers and reasons, and nothing about a child.',
    answers: { 200: { what: 'The run.', schema: 'RunStatus', example: aRun }, 404: unknownRun },
  },
  {
    name: 'cancelRun',
    method: 'delete',
    path: '/api/runs/{runId}',
    role: 'operator',
    summary: 'Cancel what a run has not sent yet',
    description: 'Its children are outstanding for the next run. The body may be empty.',
    body: {
      schema: 'CancellationWish',
      required: false,
      example: { reason: 'the source is being corrected' },
    },
    answers: {
      202: { what: 'The run is cancelled.', schema: 'Cancelled', example: { runId, ended: true } },
      400: wrongFields('why', 'is not a field of this request'),
      404: unknownRun,
      409: conflict('The run has ended.', 'The run has ended.'),
    },
  },
  {
    name: 'approveRun',
    method: 'post',
    path: '/api/runs/{runId}/approval',
    role: 'operator',
    summary: 'Let a run go that a guard holds',
    description: 'It sends just what its figures say.',
    body: { schema: 'Approval', required: true, example: { reason: 'the leavers were checked' } },
    answers: {
      202: { what: 'The run is approved.', schema: 'Approved', example: { runId } },
      400: wrongFields('reason', 'is needed: why, in a few words and without names'),
      404: unknownRun,
      409: conflict(
        'No guard holds the run, or it has ended.',
        'The run is not paused, so there is nothing to approve.',
      ),
    },
  },
  {
    name: 'getChildren',
    method: 'get',
    path: '/api/runs/{runId}/children.csv',
    query: chunksFileRequestSchema,
    role: 'data-officer',
    summary: 'The children of a run',
    description:
      'Every child that the run sends or would send, and what became of it, as a file for Excel. Names children by the council’s own ids. Who takes it is recorded.',
    answers: {
      200: {
        what: wholeFile,
        csv: "child id,change,chunk,outcome,DfE's answer,SHA-256 of the record\r\n",
      },
      400: wrongFields('from', 'must be what the last line of the file before said'),
      404: unknownRun,
      409: notPlanned('children'),
    },
  },
  {
    name: 'getFindings',
    method: 'get',
    path: '/api/runs/{runId}/findings.csv',
    query: findingsFileRequestSchema,
    role: 'data-officer',
    summary: 'The findings of a run',
    description:
      'What must be corrected at the source, as a file for Excel: for each finding the row, the child, its id in the earlier system, the parent record, and the team and worker who can correct it, as far as the SSD has them. It names children. Who takes it is recorded.',
    answers: {
      200: {
        what: wholeFile,
        csv: 'severity,rule,table,row id,child id,legacy id,parent record,team,worker,column,what was found,what it means,what to do,state\r\n',
      },
      400: wrongFields('from', 'must be what the last line of the file before said'),
      404: unknownRun,
      409: notPlanned('findings'),
    },
  },
  {
    name: 'listDisclosures',
    method: 'post',
    path: '/api/children/disclosures',
    role: 'data-officer',
    summary: 'What was sent to DfE about one child',
    description:
      'A POST, so that the id stands in no address. Who asks, and why, is recorded first. An answer takes no longer than about two minutes: one that is not `complete` says by `next` where the following call goes on.',
    body: {
      schema: 'AboutChild',
      required: true,
      example: { childId: 'an-id-of-the-SSD', reason: 'subject access request 17' },
    },
    answers: {
      200: {
        what: 'What was sent.',
        schema: 'Disclosures',
        example: {
          disclosures: [
            {
              at: '2026-08-11T02:03:20.500Z',
              runId,
              chunk: 1,
              receiver: { receiver: 'live', baseUrl: 'https://dfe.example/receiver/1' },
              kind: 'whole record',
              hash: aHash,
              outcome: 'accepted',
              receipt: '6f1c0a52-5f0e-4a7e-9d53-6b8e5c3f2a10',
              trigger: 'timer',
              requestedBy: 'schedule',
              copy: chunkBlob,
            },
          ],
          complete: false,
          next: `2026-08-11/${runId}-00002`,
        },
      },
      400: wrongFields('reason', 'is needed: why, in a few words and without names'),
    },
  },
  {
    name: 'eraseChild',
    method: 'post',
    path: '/api/children/erasure',
    role: 'data-officer',
    summary: 'What is stored about one child, and its erasure',
    description:
      'Without `confirm` it says what would be done and changes nothing. What was erased cannot be brought back. Who asks, and why, is recorded first. An answer takes no longer than about two minutes: after one that is not `complete`, ask again with the same body until the answer is complete, and with `confirm` until it says `"erased": true`.',
    body: {
      schema: 'ErasureRequest',
      required: true,
      example: { childId: 'an-id-of-the-SSD', reason: 'erasure request 4' },
    },
    answers: {
      200: {
        what: 'What would be done, or what was done.',
        schema: 'ErasureAnswer',
        example: {
          erased: false,
          complete: true,
          wouldRemove: [{ kind: 'payload', where: [chunkBlob] }],
          wouldKeep: [
            {
              kind: 'result',
              where: [`runs/${runId}/results/00001.json`],
              why: 'Records that the child was sent. It goes with its run.',
            },
          ],
        },
      },
      400: wrongFields('childId', 'is needed: the id of the child, as it stands in the SSD'),
      409: conflict(
        'A run is going on, waits for its turn or for approval, or was cancelled while its extract is still at work. This call erased nothing.',
        `Run ${runId} is going on, waits for its turn or for approval, or was cancelled while its extract is still at work. This call erased nothing; ask again when the run has ended. An extract that was cut off counts as at work for a little over two hours.`,
      ),
    },
  },
  {
    name: 'preflight',
    method: 'post',
    path: '/api/preflight',
    role: 'deployer',
    summary: 'Look at everything a night needs',
    description:
      'Sends no child. A POST, since it writes a blob and posts an empty list to DfE. Answers 200 also when a check fails.',
    answers: {
      200: {
        what: 'Every check.',
        schema: 'Preflight',
        example: {
          outcome: 'fail',
          checks: [
            {
              check: 'settings',
              outcome: 'fail',
              found: 'DFE_SCOPE is missing',
              remedy: 'Correct the settings; docs/settings.md explains each.',
            },
            { check: 'database', outcome: 'skipped', found: 'needs the check settings' },
          ],
          version: '0.2.0-g1a2b3c4',
        },
      },
    },
  },
];

/** A call for a list as CSV, and the same for a workbook. */
export const calls: readonly Call[] = callsForOneFormat.flatMap((call) => {
  const { name, path, summary, answers } = call;
  const answer = answers[200];
  if (answer === undefined || !('csv' in answer)) return [call];
  return [
    call,
    {
      ...call,
      name: `${name}Xlsx`,
      path: path.replace(/csv$/, 'xlsx'),
      summary: `${summary}, as a workbook`,
      answers: { ...answers, 200: { what: wholeWorkbook, workbook: workbookType } },
    },
  ];
});

/** The web pages: one row for each function. */
const pagesForOneFormat: readonly PageCall[] = [
  {
    name: 'pageDashboard',
    methods: ['get'],
    path: '/api/dashboard',
    role: 'reader',
    summary: 'Last night in words, the last nights, the last runs',
    contentType: 'text/html',
  },
  {
    name: 'pageRun',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}',
    role: 'reader',
    summary: 'One run',
    contentType: 'text/html',
  },
  {
    name: 'pageChildren',
    methods: ['get'],
    path: '/api/dashboard/children',
    role: 'reader',
    summary: 'How many children are in each state',
    contentType: 'text/html',
  },
  {
    name: 'pageRerun',
    methods: ['get', 'post'],
    path: '/api/dashboard/rerun',
    role: 'operator',
    summary: 'Start a run; to name children also the role data-officer',
    contentType: 'text/html',
  },
  {
    name: 'pageApproval',
    methods: ['get', 'post'],
    path: '/api/dashboard/runs/{runId}/approval',
    role: 'operator',
    summary: 'Approve a held run',
    contentType: 'text/html',
  },
  {
    name: 'pageCancellation',
    methods: ['get', 'post'],
    path: '/api/dashboard/runs/{runId}/cancellation',
    role: 'operator',
    summary: 'Cancel a run',
    contentType: 'text/html',
  },
  {
    name: 'downloadFindings',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/findings.csv',
    role: 'data-officer',
    summary: 'The findings of a run',
    contentType: 'text/csv',
  },
  {
    name: 'downloadChildren',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/children.csv',
    role: 'data-officer',
    summary: 'The children that a run sends, or has told DfE to remove',
    contentType: 'text/csv',
  },
  {
    name: 'downloadRefused',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/refused.csv',
    role: 'data-officer',
    summary: "The children that DfE has refused in a run, with DfE's words",
    contentType: 'text/csv',
  },
  {
    name: 'downloadFullAnswers',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/full-answers.csv',
    role: 'data-officer',
    summary:
      "What DfE said in full about the children of a run that it refused; it may quote the children's records",
    contentType: 'text/csv',
  },
  {
    name: 'downloadReconciliation',
    methods: ['get'],
    path: '/api/dashboard/reconciliation.csv',
    role: 'data-officer',
    summary: 'Each child with its state',
    contentType: 'text/csv',
  },
  {
    name: 'pageStyles',
    methods: ['get'],
    path: '/api/dashboard/assets/{file}',
    role: undefined,
    summary: 'The stylesheet',
    contentType: 'text/css',
  },
];

/** A download of a list as CSV, and the same of a workbook. */
export const pages: readonly PageCall[] = pagesForOneFormat.flatMap((page) => {
  const { name, path, summary, contentType } = page;
  if (contentType !== 'text/csv') return [page];
  return [
    page,
    {
      ...page,
      name: `${name}Xlsx`,
      path: path.replace(/csv$/, 'xlsx'),
      summary: `${summary}, as a workbook`,
      contentType: workbookType,
    },
  ];
});
