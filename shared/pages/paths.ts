import type { PlainDate } from '../child/dates.js';
import type { TableFormat } from '../downloads/tableFile.js';
import type { RunId } from '../records/runId.js';

/** Where the pages are. No address names a child. */
export const paths = {
  dashboard: '/api/dashboard',
  earlierRuns: (from: RunId) => `/api/dashboard?from=${from}`,
  children: '/api/dashboard/children',
  reconciliation: (format: TableFormat) => `/api/dashboard/reconciliation.${format}`,
  supportBundle: '/api/dashboard/support-bundle',
  rerun: '/api/dashboard/rerun',
  run: (runId: RunId) => `/api/dashboard/runs/${runId}`,
  rehearsal: (runId: RunId) => `/api/dashboard/runs/${runId}/rehearsal`,
  rehearsalFile: (runId: RunId, day: PlainDate, format: TableFormat) =>
    `/api/dashboard/runs/${runId}/rehearsal.${format}?date=${day}`,
  approval: (runId: RunId) => `/api/dashboard/runs/${runId}/approval`,
  cancellation: (runId: RunId) => `/api/dashboard/runs/${runId}/cancellation`,
  findings: (runId: RunId, format: TableFormat) => `/api/dashboard/runs/${runId}/findings.${format}`,
  childrenOfRun: (runId: RunId, format: TableFormat) => `/api/dashboard/runs/${runId}/children.${format}`,
  refused: (runId: RunId, format: TableFormat) => `/api/dashboard/runs/${runId}/refused.${format}`,
  fullAnswers: (runId: RunId, format: TableFormat) => `/api/dashboard/runs/${runId}/full-answers.${format}`,
  /** App Service authentication signs a person in and brings them back. */
  signIn: '/.auth/login/aad?post_login_redirect_uri=/api/dashboard',
  signOut: '/.auth/logout',
} as const;
