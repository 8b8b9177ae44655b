import { z } from 'zod';
import { categoryNames } from '../child/categories.js';
import type { PlainDate } from '../child/dates.js';
import { Rest, readInTime, type Deadline } from '../records/inTime.js';
import type { Ledger } from '../records/ledger.js';
import { termsEntrySchema } from '../records/ledgerEntries.js';
import { monthsOf, monthsSchema, onlyMonths } from '../records/months.js';
import { receiverSchema, type Receiver } from '../records/receiver.js';
import { runIdSchema } from '../records/runId.js';
import { recentRuns, runStatusSchema } from '../records/runStatus.js';
import type { RunStore } from '../records/runStore.js';
import { counts } from '../records/scalars.js';
import type { Compatibility } from '../ssd/compatibility.js';
import { whyNotAgreed, type Terms } from '../settings/terms.js';

/** What the app is, for those who ask. */
export interface About {
  readonly laCode: string;
  /** Of the app. */
  readonly version: string;
  /** Of the national code lists. */
  readonly collectionYear: string;
  /** How the case management system fills the SSD. */
  readonly profile: string;
  readonly inclusionSets: readonly string[];
  readonly checkedAgainst: Compatibility;
}

const list = z.array(z.string());
const checkedAgainst = z.strictObject({
  version: z.string(),
  published: z.string().optional(),
  source: z.string(),
});

/** What was shared with DfE, on what terms. It says nothing about any one child. */
export const evidenceSchema = z.strictObject({
  madeAt: z.string(),
  laCode: z.string(),
  versions: z.strictObject({
    app: z.string(),
    node: z.string(),
    collectionYear: z.string().describe('Of the national code lists.'),
    profile: z.string().describe('Of the case management system.'),
  }),
  checkedAgainst: z
    .strictObject({
      system: z.string().nullable(),
      ssdRelease: checkedAgainst.nullable(),
      dfeSpecification: checkedAgainst,
      codeLists: z.array(z.strictObject({ collectionYear: z.string(), checkedOn: z.string() })),
      stagingBuilder: checkedAgainst,
    })
    .describe('What this version of the app was checked against (docs/compatibility.md).'),
  receiver: receiverSchema,
  agreement: termsEntrySchema.shape.agreement
    .nullable()
    .describe('The data-sharing agreement that the settings name; `null` while they name none in full.'),
  invented: z
    .boolean()
    .describe('The settings say that every row of the SSD is invented, so no agreement is needed.'),
  nothingIsSentBecause: z
    .string()
    .optional()
    .describe('Why nothing about a real child may leave the authority now. Absent when it may.'),
  shared: list.describe('The categories that are shared, in addition to what belongs to every record.'),
  leftOut: list.describe('The categories that are not read, staged or sent.'),
  ...monthsSchema,
  inclusionSets: list.describe('The inclusion sets of the cohort that are on.'),
  disclosures: z
    .strictObject({ first: z.string(), last: z.string() })
    .nullable()
    .describe('When DfE was first and last sent something, as far as the ledger goes back; `null`: never.'),
  childrenByState: counts
    .nullable()
    .describe(
      'How many children the staging table has in each state; `null` while the database cannot be reached.',
    ),
  runs: z
    .array(
      z.strictObject({
        runId: runIdSchema,
        requestedAt: z.string(),
        status: z.string(),
        totals: runStatusSchema.shape.totals,
        terms: termsEntrySchema
          .omit({ runId: true, children: true })
          .optional()
          .describe(
            'On what terms it was sent; absent for one that sent nothing, or of a version before 0.3.',
          ),
      }),
    )
    .describe('The newest runs, newest first.'),
  complete: z.boolean().describe('`false`: there was not enough time for all of these runs.'),
});
export type Evidence = z.output<typeof evidenceSchema>;

export interface EvidenceDependencies {
  readonly about: About;
  readonly terms: Terms;
  readonly receiver: Receiver;
  readonly runs: RunStore;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly today: () => PlainDate;
  /** Rejects while the database cannot be reached. */
  readonly countByState: () => Promise<ReadonlyMap<string, number>>;
}

const runsShown = 30;

export async function evidence(
  { about, terms, receiver, runs, ledger, now, today, countByState }: EvidenceDependencies,
  deadline: Deadline,
): Promise<Evidence> {
  const nothingIsSentBecause = whyNotAgreed(terms, today());
  const recent = await recentRuns(runsShown, runs, { deadline });
  const shown: Evidence['runs'] = [];
  let complete = recent.complete;
  for await (const entry of readInTime(recent.runs, (run) => ledger.termsOf(run.runId), deadline)) {
    const run = recent.runs[shown.length];
    if (entry instanceof Rest || run === undefined) {
      complete = false;
      break;
    }
    const { runId, requestedAt, status, totals } = run;
    shown.push({
      runId,
      requestedAt,
      status,
      totals,
      ...(entry === undefined ? {} : { terms: sentOn(entry) }),
    });
  }
  return {
    madeAt: now().toISOString(),
    laCode: about.laCode,
    versions: {
      app: about.version,
      node: process.version,
      collectionYear: about.collectionYear,
      profile: about.profile,
    },
    checkedAgainst: { ...about.checkedAgainst, codeLists: [...about.checkedAgainst.codeLists] },
    receiver,
    agreement:
      terms.agreement === undefined
        ? null
        : { ...terms.agreement, receivers: [...terms.agreement.receivers] },
    invented: terms.isInvented,
    ...(nothingIsSentBecause === undefined ? {} : { nothingIsSentBecause }),
    shared: categoryNames.filter((category) => !terms.leftOut.includes(category)),
    leftOut: [...terms.leftOut],
    ...monthsOf(terms.window),
    inclusionSets: [...about.inclusionSets],
    disclosures: (await ledger.firstAndLast()) ?? null,
    childrenByState: await countByState().then(
      (states) => Object.fromEntries(states),
      () => null,
    ),
    runs: shown,
    complete,
  };
}

type SentOn = NonNullable<Evidence['runs'][number]['terms']>;

function sentOn({
  at,
  receiver,
  agreement,
  shared,
  leftOut,
  windowStart,
  pseudonymised,
  version,
  ...months
}: SentOn): SentOn {
  return {
    at,
    receiver,
    ...(agreement === undefined ? {} : { agreement }),
    shared,
    leftOut,
    ...onlyMonths(months),
    windowStart,
    pseudonymised,
    version,
  };
}
