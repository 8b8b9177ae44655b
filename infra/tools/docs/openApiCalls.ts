import { chunksFileRequestSchema, findingsFileRequestSchema } from '../../../shared/downloads/fileRequest.js';
import { listRequestSchema } from '../../../shared/api/listRuns.js';
import { rehearsalRequestSchema } from '../../../shared/api/getRehearsal.js';
import { workbookType, type Call, type CallAnswer } from './openApiSchemas.js';

/** The run of the examples. */
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
  what: 'There is no run with this id.',
  schema: 'Problem',
  example: { error: 'There is no run with this id.' },
};
const conflict = (what: string, error: string): CallAnswer => ({
  what,
  schema: 'Problem',
  example: { error, runId },
});
const notPlanned = (what: string): CallAnswer => ({
  what: 'The run has not finished reading the SSD.',
  schema: 'Problem',
  example: { error: `The run has not finished reading the SSD: not all of its ${what} are known.` },
});

const wholeFile =
  'UTF-8 with a byte order mark; lines end in CRLF. When there was not enough time for the whole list, the last line begins with INCOMPLETE, the name of the file ends in `-incomplete`, and the header `Link` (`rel="next"`) leads to the rest.';

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
    summary: 'Request a run',
    description:
      'One run at a time. Scope `children` also needs the role data-officer. With `startedBy` the role ssd-refresh is enough, and the call may be repeated: there is one nightly run a date, and 202 names it.',
    body: {
      schema: 'NewRunRequest',
      required: true,
      example: { scope: 'refused', dryRun: true, reason: 'the source rows are corrected' },
    },
    answers: {
      202: {
        what: 'The run was started. `Location` is the address of its status. With `startedBy` also: it waits for another one to end, or an earlier call on this date has started it.',
        schema: 'Started',
        example: { runId, statusUrl: `https://council.example/api/runs/${runId}` },
      },
      400: wrongFields('children', 'is needed with scope "children", and allowed only with it'),
      409: conflict(
        'Another run is in progress, is waiting to start or is paused; its id is given. With `startedBy`: the timer has started the run of this date.',
        'Another run is in progress, is waiting to start or is paused: wait for it to end, or cancel it.',
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
      'Numbers and reasons, and nothing about a child. For older runs, send `next` of the answer as `from`.',
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
    description: 'Its status, in numbers and reasons, with nothing about a child.',
    answers: { 200: { what: 'The run.', schema: 'RunStatus', example: aRun }, 404: unknownRun },
  },
  {
    name: 'getEvidence',
    method: 'get',
    path: '/api/evidence',
    role: 'reader',
    summary: 'What was shared with DfE, and on what terms',
    description:
      'For DfE, an auditor or the data protection officer: versions, the data-sharing agreement, the categories, the receiver, the first and last disclosure, and counts. It says nothing about any one child.',
    answers: {
      200: {
        what: 'The evidence, as a file.',
        schema: 'Evidence',
        example: {
          madeAt: '2026-08-11T08:00:00.000Z',
          laCode: '999',
          versions: { app: '0.4.0', node: 'v22.0.0', collectionYear: '2026-27', profile: 'systemc' },
          checkedAgainst: {
            system: 'SystemC',
            ssdRelease: { version: '1.4.5', source: 'data-to-insight/ssd-data-model' },
            dfeSpecification: { version: '0.8', source: 'data-to-insight/dfe-csc-api-data-flows' },
            codeLists: [{ collectionYear: '2026-27', checkedOn: '2026-08-01' }],
            stagingBuilder: { version: '0.4.8', source: 'data-to-insight/dfe-csc-api-data-flows' },
          },
          receiver: { receiver: 'live', baseUrl: 'https://dfe.example/receiver/1' },
          agreement: {
            reference: 'DSA-2026-014',
            date: '2026-07-01',
            windowMonths: 24,
            receivers: ['test', 'live'],
          },
          invented: false,
          shared: ['assessments'],
          leftOut: ['disabilities'],
          windowMonths: 24,
          inclusionSets: ['referral'],
          disclosures: { first: '2026-07-02T02:03:20.500Z', last: '2026-08-11T02:03:20.500Z' },
          childrenByState: { 'up to date': 131 },
          runs: [],
          complete: true,
        },
      },
    },
  },
  {
    name: 'cancelRun',
    method: 'delete',
    path: '/api/runs/{runId}',
    role: 'operator',
    summary: 'Cancel what a run has not sent yet',
    description: 'Its children are outstanding for the next run. The body may be empty.',
    body: {
      schema: 'CancellationRequest',
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
    summary: 'Approve a run that a safety check has paused',
    description: 'It then sends what its figures say.',
    body: { schema: 'Approval', required: true, example: { reason: 'the leavers were checked' } },
    answers: {
      202: { what: 'The run is approved.', schema: 'Approved', example: { runId } },
      400: wrongFields('reason', 'is needed: why, in a few words and without names'),
      404: unknownRun,
      409: conflict(
        'The run is not paused, or has ended.',
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
      'Every child that the run sends or would send, with the outcome, as a file for Excel. It names children by the council’s own ids. The app records who downloads it.',
    answers: {
      200: {
        what: wholeFile,
        csv: "child id,change,chunk,outcome,DfE's answer,SHA-256 of the record\r\n",
      },
      400: wrongFields('from', 'must be the value in the last line of the previous file'),
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
      'What must be corrected at the source, as a file for Excel: for each finding the row, the child, its id in the earlier system, the parent record, and the team and worker who can correct it, as far as the SSD has them. It names children. The app records who downloads it.',
    answers: {
      200: {
        what: wholeFile,
        csv: 'severity,rule,table,row id,child id,legacy id,parent record,team,worker,column,what was found,what it means,what to do,state\r\n',
      },
      400: wrongFields('from', 'must be the value in the last line of the previous file'),
      404: unknownRun,
      409: notPlanned('findings'),
    },
  },
  {
    name: 'getRehearsal',
    method: 'get',
    path: '/api/runs/{runId}/rehearsal.csv',
    query: rehearsalRequestSchema,
    role: 'reader',
    summary: 'What DfE’s returns would show, counted from what a run sends',
    description:
      'Each figure of the children in need census and the SSDA903 return on a day, also by age group and by sex, next to the runs of a month and a year before. It names no child. A small number may still point to a child: do not publish it.',
    answers: {
      200: {
        what: 'The figures, as a file. UTF-8 with a byte order mark; lines end in CRLF.',
        csv: `return,code,figure,kind,unit,split by,group,run,day,number,run a month before,day in the run a month before,number a month before,run a year before,day in the run a year before,number a year before,how it is counted,how it may differ from the return\r\n`,
      },
      400: wrongFields('date', 'must be one of the days that the run has figures for: 2026-03-31'),
      404: {
        what: 'There is no run with this id, or it kept no figures: a version before 0.3 made it.',
        schema: 'Problem',
        example: {
          error: 'This run kept no figures. A run of this version keeps them: request a dry run.',
        },
      },
      409: notPlanned('figures'),
    },
  },
  {
    name: 'listDisclosures',
    method: 'post',
    path: '/api/children/disclosures',
    role: 'data-officer',
    summary: 'What was sent to DfE about one child',
    description:
      'A POST, so that the id is in no address. The app first records who asks, and why. An answer takes no longer than about two minutes: when it is not `complete`, send its `next` as `from` in the following call.',
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
      'Without `confirm` it says what would be done and changes nothing. What is erased cannot be restored. The app first records who asks, and why. An answer takes no longer than about two minutes: when it is not `complete`, send the same body again until it is, and with `confirm` until it says `"erased": true`.',
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
              why: 'Records that the child was sent. It is deleted with its run.',
            },
          ],
        },
      },
      400: wrongFields('childId', 'is needed: the id of the child, as in the SSD'),
      409: conflict(
        'A run is in progress, is waiting to start or for approval, or was cancelled while it was still reading the SSD. This call erased nothing.',
        `Run ${runId} is going on, waits for its turn or for approval, or was cancelled while its extract is still at work. This call erased nothing; ask again when the run has ended. An extract that was cut off counts as at work for a little over two hours.`,
      ),
    },
  },
  {
    name: 'supportBundle',
    method: 'get',
    path: '/api/support-bundle',
    role: 'reader',
    summary: 'What the people who help the council need to know',
    description:
      'A file with versions, settings without secrets, the profile, the checks of the preflight, numbers about the last runs, and how many children are in each state. Nothing about a child or a person. Answers 200 also when settings are wrong or the database does not answer: a part that is not known says why. Takes two minutes at most. Without the role deployer or operator, checks that leave something behind are skipped.',
    answers: {
      200: {
        what: 'The support bundle.',
        schema: 'SupportBundle',
        example: {
          about: 'Made for the people who help a council.',
          madeAt: '2026-08-11T09:12:00.123Z',
          laCode: '999',
          versions: { app: '0.2.0-g1a2b3c4', node: 'v22.18.0' },
          help: { dataToInsight: 'https://d2i.example/help', dfe: 'https://dfe.example/guidance' },
          settings: [
            { name: 'DFE_CLIENT_SECRET', is: 'given' },
            { name: 'CHUNK_MAX_CHILDREN', is: 'default', value: '100' },
          ],
          profile: { profile: 'systemc' },
          preflight: {
            outcome: 'fail',
            checks: [{ check: 'database', outcome: 'fail', found: 'It failed with ELOGIN.' }],
          },
          runs: {
            complete: true,
            runs: [
              {
                runId,
                status: 'completed',
                trigger: 'timer',
                scope: 'outstanding',
                today: '2026-08-11',
                requestedAt: '2026-08-11T02:00:00.123Z',
                endedAt: '2026-08-11T02:06:41.008Z',
                durationMs: 400885,
                appVersion: '0.2.0-g1a2b3c4',
                guards: [],
                chunks: { planned: 2, done: 2 },
                totals: { chunks: 2, posts: 2, accepted: 131, refused: 1, outstanding: 0, superseded: 0 },
              },
            ],
            inDetail: [],
          },
          refusals: [
            {
              runId,
              complete: true,
              texts: [{ status: '400', words: 'child_details.postcode', children: 1 }],
            },
          ],
          childrenByState: { notKnown: 'It failed with ELOGIN.' },
        },
      },
    },
  },
  {
    name: 'preflight',
    method: 'post',
    path: '/api/preflight',
    role: 'deployer',
    summary: 'Check everything that a run needs',
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
