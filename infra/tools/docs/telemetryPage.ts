import { eventSchemas, type EventName } from '../../../shared/telemetry/events.js';
import { withMadePart } from './madePart.js';

/** When each event is sent, and what its names do not say by themselves. */
const when: Readonly<Record<EventName, string>> = {
  RunStarted: 'a run begins to read the SSD; again when that is repeated',
  RunHeld: 'a safety check pauses the run; `guards` names which',
  RunCompleted:
    'the run has ended, and every chunk was answered or given up: `completed` or `completedWithFailures`',
  RunFailed:
    'the run has ended before all was sent: `cancelled`, `expired`, `unavailable` or `failed`. It carries the figures that are known by then',
  RunSkipped:
    "a run that was asked for does not begin: another is going on (`busy`), it begins after that one (`waits`), the nightly run of the same date is paused and can still be approved (`held`), the next nightly run took its place while it waited (`replaced`), the timer is not needed since the end of the SSD's refresh has started the run of this date (`refreshed`), or the refresh ended after the timer had started it (`late`)",
  TimerStoodIn:
    "with `RUN_STARTED_BY_REFRESH`: the timer begins the run of the night, because the end of the SSD's refresh has not asked for one on this date, or that one failed",
  ChunkSent: 'a chunk has its result; what is neither accepted, refused nor superseded is outstanding',
  ChildRejected: "DfE refused children of a chunk; one event a rule: DfE's status and the field it names",
  RunWaits:
    'DfE asked us (`Retry-After`) to wait for longer than a POST is repeated: the run goes on after `waitMs`. One event for each chunk that got this answer',
  ChunkUnrecorded:
    'the outcome of three attempts to send a chunk could not be recorded: it is not posted any more, and the run is stopped',
  ChunkPoisoned:
    "a chunk was given up. `outstanding` is 0 where its blob cannot be read or was changed: the run's `explanation` counts those children",
  ChunkTurnedAway:
    'a message about a chunk, or the chunk itself, does not agree with the records of the run, and nothing of it was posted. `reason` says why: [the list](errors.md#turned-away)',
  FindingsCounted: 'the findings of a run are known; one event a rule ([findings.md](findings.md))',
  ApiCall: "one HTTP request to DfE, repetitions included; `status` is DfE's, or `network` or `timeout`",
  SqlCall:
    "one call of the database, for a run or for a person who asks about children; not for a preflight. `code` of a failure: the database's or the driver's",
  SecretRead: 'the credentials were read from the Key Vault; one event a secret',
};

const sentences = new Map<string, string>(Object.entries(when));

/** The measurements that many events share, by the name that the table has for them. */
const figures = Object.keys(eventSchemas.RunHeld.measurements.shape);
const totals = Object.keys(eventSchemas.RunCompleted.measurements.shape).filter(
  (name) => !figures.includes(name) && name !== 'durationMs',
);

/** `docs/telemetry.md` with the list of all events in its place; all else as it is written. */
export function telemetryPage(written: string): string {
  const made = [
    '| event | when | dimensions | measurements |',
    '| --- | --- | --- | --- |',
    ...Object.entries(eventSchemas).map(([name, { dimensions, measurements }]) => {
      const sentence = sentences.get(name) ?? '';
      const cells = [listOf(Object.keys(dimensions.shape)), measurementsOf(Object.keys(measurements.shape))];
      return `| \`${name}\` | ${sentence} | ${cells.join(' | ')} |`;
    }),
    '',
    `The figures: ${listOf(figures)}.`,
    '',
    `The totals: ${listOf(totals)}.`,
  ].join('\n');
  return withMadePart(written, { page: 'docs/telemetry.md', source: 'shared/telemetry/events.ts' }, made);
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Measurements that come together have one name in the table. */
function measurementsOf(names: readonly string[]): string {
  const groups = [
    ...(figures.every((name) => names.includes(name)) ? ['the figures'] : []),
    ...(totals.every((name) => names.includes(name)) ? ['the totals'] : []),
  ];
  const others =
    groups.length === 0 ? names : names.filter((name) => !figures.includes(name) && !totals.includes(name));
  return [...groups, ...others.map((name) => listOf([name]))].join(', ');
}
