import { z } from 'zod';
import { findingRules, severities } from '../child/findingRules.js';
import { guardNames } from '../guards/guards.js';
import { submissionModeSchema } from '../child/submissionMode.js';
import { refusalRulePattern } from '../dfe/refusalRule.js';
import { environmentPattern } from '../settings/environmentName.js';
import { profileNames } from '../ssd/profile.js';
import { turnedAwayReasons } from '../records/turnedAway.js';
import { runIdSchema } from '../records/runId.js';
import { askers, scopeSchema } from '../records/runRequest.js';
import { summarySchema } from '../records/summary.js';
import { count } from '../records/scalars.js';
import { ownFiguresSchema } from '../records/figures.js';
import { totalsSchema } from '../records/result.js';

const milliseconds = z.number().nonnegative();

const ofRun = { runId: runIdSchema };
const ofRequest = {
  ...ofRun,
  trigger: z.enum(askers),
  scope: scopeSchema,
  dryRun: z.enum(['true', 'false']),
};
/** The figures of a run that are reported as they are. */
export const reportedFiguresSchema = z.object(ownFiguresSchema.shape).omit({ namedNotFound: true });
/** What an extract found, and what DfE said: the figures and totals of a run. */
const ofFigures = { ...reportedFiguresSchema.shape, findings: count, newFindings: count };
const ofTotals = totalsSchema.shape;

/** The outcome of a call to DfE: an HTTP status, or what kept it from having one. */
const callStatus = z.union([z.string().regex(/^[1-9]\d\d$/), z.enum(['network', 'timeout'])]);

/** SQL Server's number, a SQLSTATE, or a word of a driver, of Node or of OpenSSL. No UPN, date or postcode with its blank. */
export const databaseCodePattern = /^(\d{1,5}|[0-9A-Z]{5}|[A-Z_]{3,40}|ERR_[0-9A-Z_]{1,40})$/;

/**
 * Everything that goes to Application Insights as a custom event: the names and what each carries, dimensions as text,
 * measurements as numbers. The list is closed, and every dimension is an id of a run, a number, a word of a list or a code
 * of an error: no value of a child's record has a place in it. Names after azure.md, "Telemetry for analysts".
 */
export const eventSchemas = {
  /** An extract begins; again when it is repeated. */
  RunStarted: {
    dimensions: z.strictObject({ ...ofRequest, mode: submissionModeSchema }),
    measurements: z.strictObject({}),
  },
  /** Safety checks have paused the run: `guards` are their names, with commas between them. */
  RunHeld: {
    dimensions: z.strictObject({
      ...ofRequest,
      guards: z.string().regex(new RegExp(`^(${guardNames.join('|')})(,(${guardNames.join('|')}))*$`)),
    }),
    measurements: z.strictObject(ofFigures),
  },
  /** A run ended with every chunk answered; children may be refused or outstanding. */
  RunCompleted: {
    dimensions: z.strictObject({
      ...ofRequest,
      status: summarySchema.shape.status.extract(['completed', 'completedWithFailures']),
    }),
    measurements: z.strictObject({ ...ofFigures, ...ofTotals, durationMs: milliseconds }),
  },
  /** A run ended before all was sent. Figures are those known by then. */
  RunFailed: {
    dimensions: z.strictObject({
      ...ofRequest,
      status: summarySchema.shape.status.extract(['cancelled', 'expired', 'unavailable', 'failed']),
    }),
    measurements: z.strictObject({ ...ofFigures, ...ofTotals, durationMs: milliseconds }).partial(),
  },
  /**
   * A run that was requested does not begin: `busy`, another is in progress or paused; `waits`, it begins after that
   * one; `held`, the nightly run of the same date is paused and can still be approved; `replaced`, it waited and the
   * next nightly run took its place; `refreshed`, the timer's, and the end of the SSD's refresh has started the run of
   * this date; `late`, that of the refresh, and the timer has. `runId` is the id it has, or would have had.
   */
  RunSkipped: {
    dimensions: z.strictObject({
      ...ofRun,
      trigger: z.enum(askers),
      reason: z.enum(['busy', 'held', 'waits', 'replaced', 'refreshed', 'late']),
    }),
    measurements: z.strictObject({}),
  },
  /**
   * The timer began the run of a night that the end of the SSD's refresh should have begun (`RUN_STARTED_BY_REFRESH`): it
   * had not asked for one by then, or that one failed.
   */
  TimerStoodIn: { dimensions: z.strictObject(ofRun), measurements: z.strictObject({}) },
  /**
   * One chunk has its result. Again, and shorter, when its message comes again: of a chunk the longest counts.
   */
  ChunkSent: {
    dimensions: z.strictObject({ ...ofRun, chunk: z.string().regex(/^\d+$/) }),
    measurements: z.strictObject({
      children: count,
      accepted: count,
      refused: count,
      superseded: count,
      posts: count,
      durationMs: milliseconds,
    }),
  },
  /** Children of one chunk that DfE refused for the same rule; see `refusalRule.ts`. */
  ChildRejected: {
    dimensions: z.strictObject({
      ...ofRun,
      chunk: z.string().regex(/^\d+$/),
      rule: z.string().regex(refusalRulePattern),
    }),
    measurements: z.strictObject({ children: count }),
  },
  /** DfE asked not to be posted to: the run continues after `waitMs`. */
  RunWaits: {
    dimensions: z.strictObject(ofRun),
    measurements: z.strictObject({ waitMs: milliseconds }),
  },
  /**
   * The outcome of too many attempts to send a chunk could not be recorded: it is no longer posted, and the run is
   * stopped.
   */
  ChunkUnrecorded: {
    dimensions: z.strictObject({ ...ofRun, chunk: z.string().regex(/^\d+$/) }),
    measurements: z.strictObject({ attempts: count }),
  },
  /** A chunk was given up; its children are outstanding for the next run. */
  ChunkPoisoned: {
    dimensions: z.strictObject({ ...ofRun, chunk: z.string().regex(/^\d+$/) }),
    measurements: z.strictObject({ outstanding: count }),
  },
  /**
   * A message about a chunk, or the chunk itself, does not agree with the records of the run: nothing of it was posted or
   * given up by it. See `turnedAway.ts`.
   */
  ChunkTurnedAway: {
    dimensions: z.strictObject({
      ...ofRun,
      chunk: z.string().regex(/^\d+$/),
      reason: z.enum(turnedAwayReasons),
    }),
    measurements: z.strictObject({}),
  },
  /** Findings of a run by rule, once a run. */
  FindingsCounted: {
    dimensions: z.strictObject({
      ...ofRun,
      rule: z.string().refine((rule) => Object.hasOwn(findingRules, rule)),
      severity: z.enum(severities),
    }),
    measurements: z.strictObject({ findings: count, new: count, mended: count }),
  },
  /** One HTTP request to DfE: a token or a POST. */
  ApiCall: {
    dimensions: z.strictObject({ operation: z.enum(['token', 'post']), status: callStatus }),
    measurements: z.strictObject({ durationMs: milliseconds, children: count, bytes: count }),
  },
  /** One call of the database, except those of a preflight; see `SqlCall` in `database/observed.ts`. */
  SqlCall: {
    dimensions: z.strictObject({
      operation: z.enum(['read', 'readTogether', 'write', 'transaction']),
      outcome: z.enum(['done', 'failed']),
      code: z.string().regex(databaseCodePattern).exactOptional(),
    }),
    measurements: z.strictObject({ durationMs: milliseconds, rows: count.exactOptional() }),
  },
  /** The secrets were read from Key Vault; `secret` is its name there. */
  SecretRead: {
    dimensions: z.strictObject({
      secret: z.enum([
        'DFE-CLIENT-ID',
        'DFE-CLIENT-SECRET',
        'DFE-SUPPLIER-KEY',
        'DFE-SUPPLIER-KEY-SECONDARY',
        'PSEUDONYM-KEY',
      ]),
      outcome: z.enum(['read', 'unreadable', 'expired']),
    }),
    /** Until it expires; absent when it never does. */
    measurements: z.strictObject({ daysLeft: z.number().optional() }),
  },
} as const;

type Schemas = typeof eventSchemas;
export type EventName = keyof Schemas;

/** Any one event. */
export type AppEvent = {
  [Name in EventName]: {
    readonly name: Name;
    readonly dimensions: Readonly<z.input<Schemas[Name]['dimensions']>>;
    readonly measurements: Readonly<z.input<Schemas[Name]['measurements']>>;
  };
}[EventName];

/** What every event also carries, and every dependency that the app itself reports. */
export const commonDimensionsSchema = z.strictObject({
  /** Of package.json. */
  appVersion: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  /** The collection year whose code lists are in force. */
  specVersion: z.string().regex(/^\d{4}-\d{2}$/),
  environment: z.string().regex(environmentPattern),
  laCode: z.string().regex(/^\d{3}$/),
  /** The built-in profile that is used, or `own` for a file of the council. */
  profile: z.enum([...profileNames, 'own']),
});
export type CommonDimensions = z.output<typeof commonDimensionsSchema>;

/** Where events go. Recording never fails and never waits. */
export interface Telemetry {
  record(event: AppEvent): void;
  /** Sends what was recorded; fails when it could not be sent. */
  flush(): Promise<void>;
}

/** Where there is no Application Insights. */
export const noTelemetry: Telemetry = { record: () => undefined, flush: () => Promise.resolve() };
