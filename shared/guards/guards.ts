import type { IdChanges, IdKind } from '../child/idChurn.js';
import type { RunId } from '../records/runId.js';
import type { TableReceiver } from '../records/receiver.js';

/** What may hold a run instead of letting it be sent. */
export const guardNames = [
  'emptyCohort',
  'leavers',
  'ssdChanging',
  'ssdShrunk',
  'idChurn',
  'vanished',
  'otherReceiver',
  'pseudonymsOff',
] as const;
export type GuardName = (typeof guardNames)[number];

/** Why a run must not be sent. The explanation is for a person and says nothing of any one child. */
export interface Objection {
  readonly guard: GuardName;
  readonly explanation: string;
}

/** Rows by table, under the names of the SSD specification. A table that is not there has none. */
export type RowsByTable = Readonly<Partial<Record<string, number>>>;

/**
 * What an extract has found, and what is known of the run before: the last one that was let go. One that was held is
 * no measure, or what held it on one night would pass on the next.
 */
export interface GuardFacts {
  readonly cohort: number;
  readonly leavers: number;
  /** How many children DfE holds. */
  readonly acknowledged: number;
  readonly rowsAtBegin: RowsByTable;
  readonly rowsAtEnd: RowsByTable;
  /** Whether the ranges that were read gave just the ids that the SSD and the lists had at the beginning. */
  readonly idsAsAtBegin: boolean;
  /** Of the run before; `undefined` without one. */
  readonly rowsBefore: RowsByTable | undefined;
  /** Of the children that were there before and still are. */
  readonly idChurn: IdChanges;
  /**
   * What DfE holds of these children and none of them has any more: by the path of the attribute, the number of children
   * for whom it holds it.
   */
  readonly vanished: Readonly<Record<string, number>>;
  /** yyyy-MM-dd */
  readonly windowStart: string;
  /** Of the run before; `undefined` without one. */
  readonly windowStartBefore: string | undefined;
  /** With the address as the setting DFE_API_BASE_URL gives it. */
  readonly receiver: TableReceiver;
  /** The receiver whose acknowledgements the staging table holds; `undefined` while none is known. */
  readonly receiverBefore: TableReceiver | undefined;
  readonly stagingTable: string;
}

/**
 * How much may change from one run to the next, in whole percent: what is exactly the limit may go. Nothing is more
 * than 100 %, so that 100 switches a rule off; with 0 nothing may go beyond the handful of each rule.
 */
export interface GuardLimits {
  /** Of the children DfE holds; five may always leave, but with 0 not even one. */
  readonly maxLeaversPercent: number;
  /**
   * Of the rows of a table of the SSD; twenty may always go. A table that is emptied, of more than five rows, holds
   * the run whatever the limit.
   */
  readonly maxTableFallPercent: number;
  /** Of the ids of one kind that DfE holds; kinds of up to twenty ids are passed over. */
  readonly maxIdChurnPercent: number;
}

/** A handful of children may leave in any authority: in a small one, one child is many percent. */
const aHandful = 5;
/** A table of so few rows may be emptied by a day's work. */
const fewRows = 5;
/** So many rows or ids, and fewer, come and go by chance. */
const tooFewToJudge = 20;

/**
 * Everything that speaks against sending a run, nothing when it may go. An SSD that is being rebuilt looks like an
 * authority whose children have all left, and DfE would be told to forget them.
 */
export function guardsAgainst(facts: GuardFacts, limits: GuardLimits): Objection[] {
  return guardNames.flatMap((guard) => {
    const explanation = guards[guard](facts, limits);
    return explanation === undefined ? [] : [{ guard, explanation }];
  });
}

/** What every held run has in common; to be said once, after the explanations. */
export function howToGoOn(runId: RunId): string {
  return `Nothing was queued and nothing has left the authority. If this is right all the same, approve the run by POST /api/runs/${runId}/approval, with a reason; else mend the source and ask for a run again, or wait for the next night, which starts afresh.`;
}

type Guard = (facts: GuardFacts, limits: GuardLimits) => string | undefined;

const guards: Readonly<Record<GuardName, Guard>> = {
  emptyCohort: ({ cohort, acknowledged }) => {
    if (cohort > 0 || acknowledged === 0) return undefined;
    return `The SSD has no child of the cohort, while DfE holds ${String(acknowledged)}: its tables are empty or being rebuilt.`;
  },

  leavers: (facts, { maxLeaversPercent }) => {
    const { leavers, acknowledged } = facts;
    const most = maxLeaversPercent === 0 ? 0 : Math.max(aHandful, share(acknowledged, maxLeaversPercent));
    if (leavers <= most) return undefined;
    return `${outOf(leavers, acknowledged, 'children that DfE holds')} have left the cohort, more than the ${String(maxLeaversPercent)} % that the setting MAX_LEAVERS_PERCENT allows. DfE would be told to remove them.${windowMoved(facts)}`;
  },

  ssdChanging: ({ rowsAtBegin, rowsAtEnd, idsAsAtBegin }) => {
    const changed = changesOf(rowsAtBegin, rowsAtEnd).filter(({ from, to }) => from !== to);
    if (changed.length === 0 && idsAsAtBegin) return undefined;
    const what = [
      ...(changed.length === 0 ? [] : [listed(changed)]),
      ...(idsAsAtBegin
        ? []
        : ['other ids are in ssd_person, or on a list of children, than at the beginning']),
    ];
    return `The SSD has changed while it was read: ${what.join('; ')}. It is being refreshed, and children were read from before and after. Do not approve this run: ask for one when the refresh has ended, and set RUN_SCHEDULE to a time when it always has.`;
  },

  ssdShrunk: ({ rowsBefore, rowsAtEnd }, { maxTableFallPercent }) => {
    const shrunk = changesOf(rowsBefore ?? {}, rowsAtEnd).filter(({ from, to }) => {
      const emptied = to === 0 && from > fewRows;
      return emptied || (from - to > tooFewToJudge && from - to > share(from, maxTableFallPercent));
    });
    if (shrunk.length === 0) return undefined;
    return `The SSD has lost rows since the run before, all of a table or more than the ${String(maxTableFallPercent)} % that the setting MAX_TABLE_FALL_PERCENT allows: ${listed(shrunk)}. Its refresh has failed or is under way, or its rows were cleared away. DfE would be told to remove what these rows say of the children.`;
  },

  idChurn: (facts, { maxIdChurnPercent }) => {
    const churned = idKinds.filter(([kind]) => {
      const { held, gone } = facts.idChurn[kind];
      return held > tooFewToJudge && gone > share(held, maxIdChurnPercent);
    });
    if (churned.length === 0) return undefined;
    const kinds = churned.map(([kind, ids]) => {
      const { held, gone, new: come } = facts.idChurn[kind];
      return `${outOf(gone, held, ids)} are gone, and ${String(come)} new ones have come instead`;
    });
    return `Of the ids that DfE holds for children who are still in the cohort, more than the ${String(maxIdChurnPercent)} % that the setting MAX_ID_CHURN_PERCENT allows are gone: ${kinds.join('; ')}. Where about as many have come as are gone, the SSD may give the same records other ids, as after a change of the case management system; DfE would be told to remove each record, and would get it again under its new id.${windowMoved(facts)}`;
  },

  vanished: ({ vanished }) => {
    const gone = Object.entries(vanished).filter(([path, held]) => {
      const block = path.slice(0, Math.max(0, path.lastIndexOf('.')));
      // Within a block that is gone as a whole, the block says it all.
      return held > (classes.has(path) ? aHandful : tooFewToJudge) && !Object.hasOwn(vanished, block);
    });
    if (gone.length === 0) return undefined;
    const named = gone
      .map(([path, held]) => `${nameOf(path)} (${path}, ${String(held)} children)`)
      .join(', ');
    return `DfE holds these of children who are still in the cohort, and no child has any of them in the SSD now: ${named}. A table or column of the SSD was emptied, its values can no longer be read, or its rows no longer find their child. DfE would be told to remove all of them. The page of the run shows which columns fill them, and how many rows find their child.`;
  },

  otherReceiver: ({ receiver, receiverBefore, acknowledged, stagingTable }) => {
    if (receiverBefore === undefined) {
      if (acknowledged === 0 || receiver.receiver === 'live' || isForTests(stagingTable)) return undefined;
      return `The staging table says that ${String(acknowledged)} children were sent already, by whom and where to is not known, while this run would be sent to a test receiver: what the live receiver has acknowledged would be overwritten. Give the test receiver a STAGING_TABLE of its own.`;
    }
    if (described(receiver) === described(receiverBefore)) return undefined;
    return `The staging table holds what another receiver has acknowledged (${String(acknowledged)} children): ${described(receiverBefore)}, while this run would be sent to ${described(receiver)}. That one would get only what has changed, and removals of what it never had. Give each receiver a STAGING_TABLE of its own; approve the run only if it is the same receiver under another address.`;
  },

  pseudonymsOff: ({ receiver, receiverBefore, acknowledged, stagingTable }) => {
    const isShown = receiverBefore?.pseudonymised === true && receiver.pseudonymised === false;
    if (!isShown || receiver.receiver === 'live') return undefined;
    return `The test receiver has had these children under pseudonyms until now (${String(acknowledged)} in ${stagingTable}), since they are real. SSD_SYNTHETIC is true now, and this run would send them as they are. Do not approve it unless every row of the SSD is invented: set SSD_SYNTHETIC to false, and give invented children a STAGING_TABLE of their own.`;
  },
};

/** What makes a class of its own: a single attribute of few children may be gone by chance. */
const classes: ReadonlySet<string> = new Set([
  'child_details.disabilities',
  'health_and_wellbeing.sdq_assessments',
  'social_care_episodes',
  'social_care_episodes.care_worker_details',
  'social_care_episodes.child_and_family_assessments',
  'social_care_episodes.child_and_family_assessments.factors',
  'social_care_episodes.child_in_need_plans',
  'social_care_episodes.section_47_assessments',
  'social_care_episodes.child_protection_plans',
  'social_care_episodes.child_looked_after_placements',
  'social_care_episodes.adoption',
  'social_care_episodes.care_leavers',
]);

/** `child in need plans` for `social_care_episodes.child_in_need_plans`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replaceAll('_', ' ');
}

/** By the names that Data to Insight's test table and the local stack give. */
function isForTests(stagingTable: string): boolean {
  return /_(anon|local)$/i.test(stagingTable);
}

/** Each kind of id, and what to call its ids. */
const idKinds: readonly (readonly [IdKind, string])[] = [
  ['episodes', 'ids of social care episodes'],
  ['assessments', 'ids of child and family assessments'],
  ['childInNeedPlans', 'ids of child in need plans'],
  ['section47', 'ids of section 47 assessments'],
  ['childProtectionPlans', 'ids of child protection plans'],
  ['placements', 'ids of placements'],
];

interface TableChange {
  readonly table: string;
  readonly from: number;
  readonly to: number;
}

function changesOf(from: RowsByTable, to: RowsByTable): TableChange[] {
  const tables = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return tables.map((table) => ({ table, from: from[table] ?? 0, to: to[table] ?? 0 }));
}

function listed(changes: readonly TableChange[]): string {
  return changes
    .map(({ table, from, to }) => {
      const percent = from === 0 ? '' : ` (${to > from ? '+' : '-'}${percentOf(Math.abs(to - from), from)})`;
      return `${table} from ${String(from)} to ${String(to)} rows${percent}`;
    })
    .join(', ');
}

function windowMoved({ windowStart, windowStartBefore }: GuardFacts): string {
  if (windowStartBefore === undefined || windowStartBefore >= windowStart) return '';
  return ` The window has moved on since the run before, its first day from ${windowStartBefore} to ${windowStart}: around 1 April, or when COHORT_WINDOW_MONTHS is lowered, a year's items and children fall out of it, so that such figures are to be expected.`;
}

/** `51 of 1000 children (5.1 %)` */
function outOf(part: number, whole: number, what: string): string {
  return `${String(part)} of ${String(whole)} ${what} (${percentOf(part, whole)})`;
}

function percentOf(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function share(whole: number, percent: number): number {
  return (whole * percent) / 100;
}

/** Without what an address may hold besides host and path, and whether or not a slash ends it. */
function described({ receiver, baseUrl }: TableReceiver): string {
  const { host, pathname } = new URL(baseUrl);
  return `${receiver} receiver ${host}${pathname.replace(/\/+$/, '')}`;
}
