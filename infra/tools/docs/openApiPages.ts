import type { Role } from '../../../shared/access/principal.js';
import { workbookType } from './openApiSchemas.js';

/** A web page, a form or a download of the web pages: for people in a browser, so one line is enough. */
export interface PageCall {
  readonly name: string;
  readonly methods: readonly ('get' | 'post')[];
  readonly path: string;
  /** `undefined` for what needs no sign-in. */
  readonly role: Role | undefined;
  readonly summary: string;
  readonly contentType: 'text/html' | 'text/csv' | 'text/css' | 'application/json' | typeof workbookType;
}

/** The web pages: one row for each function. */
const pagesForOneFormat: readonly PageCall[] = [
  {
    name: 'pageDashboard',
    methods: ['get'],
    path: '/api/dashboard',
    role: 'reader',
    summary: 'Last night’s run in words, the last nightly runs, the last runs',
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
    name: 'pageRehearsal',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/rehearsal',
    role: 'reader',
    summary: 'What DfE’s returns would show on the day in `?date=`, counted from what a run sends',
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
    summary: 'Approve a paused run',
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
    summary: 'The children that a run sends, or asks DfE to remove',
    contentType: 'text/csv',
  },
  {
    name: 'downloadRefused',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/refused.csv',
    role: 'data-officer',
    summary:
      "The children that DfE has refused in a run, with DfE's words and the table, column and row that they lead to",
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
    name: 'downloadRehearsal',
    methods: ['get'],
    path: '/api/dashboard/runs/{runId}/rehearsal.csv',
    role: 'reader',
    summary:
      'The figures of the dress rehearsal of a run, by age and by sex, without anything about one child',
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
    name: 'downloadSupportBundle',
    methods: ['get'],
    path: '/api/dashboard/support-bundle',
    role: 'reader',
    summary: 'The support bundle, without anything about a child',
    contentType: 'application/json',
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
