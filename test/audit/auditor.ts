import { isWorkerRole } from './adapter.js';
import { isTableName, tableNames, type TableName } from '../../infra/syntheticSsd/columns.js';
import { Account, type Falsity, type SilentValue, type Verdict } from './account.js';
import { windowOf, type Tri, type Window } from './calendar.js';
import { auditPerson } from './childDetails.js';
import { isBirthUnreadable, isInCohort, isUndecided } from './cohort.js';
import { auditEpisodes } from './episodes.js';
import {
  rowIdColumn,
  sayingColumns,
  scopeRules,
  type AuditFinding,
  type AuditInput,
  type Cms,
  type OutOfScope,
  type Row,
  type ScopeRule,
} from './input.js';
import { isRecord, textIn, type Json } from './json.js';
import { Owners } from './owners.js';
import { auditPersonLevel } from './personLevel.js';
import { policy } from './policy.js';
import { cellOf, keyOf, rowIdOf, valueOf } from './values.js';

/** A row, or one value of a row that is sent, whose outcome nothing explains. */
interface Unexplained {
  readonly kind: 'row' | 'value';
  readonly table: TableName;
  readonly rowId: string | undefined;
  readonly child: string | undefined;
  /** For a value. */
  readonly column?: string;
  readonly why: string;
  readonly row: Row;
}

/** A count of the cohort report that is not what the auditor has established. */
interface CountDifference {
  readonly table: string;
  readonly rule: string;
  /** The report may say any number from `least` to `most`: some rows are explained in more ways than one. */
  readonly least: number;
  readonly most: number;
  readonly reported: number;
}

export interface Audit {
  readonly rows: number;
  readonly sent: number;
  readonly named: number;
  readonly counted: number;
  readonly unexplained: readonly Unexplained[];
  readonly falsities: readonly Falsity[];
  readonly countDifferences: readonly CountDifference[];
}

/**
 * Proves what became of every row of an SSD in a run: it is in the payload of the one child it belongs to, or a finding
 * names it, or it is out of scope by a rule that the auditor finds true itself. And the converse: every value of a
 * payload comes from a row of that child, and no "none" or open end is sent that the source does not say.
 *
 * It has its own reading of the specification, and shares none of the code that it audits.
 */
/** Rules of the children in need census about shares of all children: they name no row. */
const aboutTheCohort: ReadonlySet<string> = new Set(['cin-2886Q', 'cin-2887Q', 'cin-2888Q']);

export function audit(input: AuditInput): Audit {
  const { ssd, today } = input;
  const owners = new Owners(ssd);
  const window = windowOf(today);
  const falsities: Falsity[] = [];
  const silent: SilentValue[] = [];
  const verdicts = new Map<Row, Verdict>();
  const payloads = payloadsByChild(input.payloads, falsities);
  const acknowledged = payloadsByChild(input.acknowledged ?? [], []);
  const membership = new Map<string, Tri>();
  for (const person of owners.rows('ssd_person')) {
    const child = owners.key('ssd_person', person, 'pers_person_id');
    if (child !== undefined && !membership.has(child))
      membership.set(child, isInCohort(child, owners, window));
  }

  for (const [child, payload] of payloads) {
    if (!owners.isPerson(child)) {
      // A child that is not in the SSD any more can only be removed.
      if (payload['purge'] !== true)
        falsities.push({ child, at: 'la_child_id', what: 'no person of the SSD has this id' });
      continue;
    }
    if (payload['purge'] === true) {
      if (membership.get(child) !== 'no')
        falsities.push({
          child,
          at: 'purge',
          what: 'removed, although it is not known to have left the cohort',
        });
      continue;
    }
    if (membership.get(child) === 'no') {
      falsities.push({ child, at: 'la_child_id', what: 'the child is not in the cohort' });
    }
    const account = new Account(child, payload, owners, {
      window,
      cms: ssd.cms,
      acknowledged: acknowledged.get(child),
    });
    auditPerson(account);
    auditEpisodes(account);
    auditPersonLevel(account);
    falsities.push(...account.falsities);
    silent.push(...account.silent);
    for (const [row, verdict] of account.verdicts) verdicts.set(row, verdict);
  }

  for (const table of tableNames) {
    for (const row of owners.rows(table)) {
      const child = owners.key('ssd_person', row, 'pers_person_id');
      const isSent = child !== undefined && payloads.has(child) && payloads.get(child)?.['purge'] !== true;
      if (table === 'ssd_person' && !verdicts.has(row) && isSent) {
        const why = 'another row of the same id is sent, and says something else';
        verdicts.set(row, { table, row, child, isSent: false, rules: [], why });
      }
      if (!verdicts.has(row))
        verdicts.set(row, verdictOutside(table, row, owners, { cms: ssd.cms, membership, window }));
    }
  }
  const findings = new Findings(input.findings, owners, ssd.cms);
  falsities.push(...findings.falsities());
  return sumUp(verdicts, silent, falsities, findings, input);
}

function payloadsByChild(payloads: readonly unknown[], falsities: Falsity[]): Map<string, Json> {
  const byChild = new Map<string, Json>();
  for (const payload of payloads) {
    const child = isRecord(payload) ? textIn(payload['la_child_id']) : undefined;
    if (!isRecord(payload) || child === undefined) {
      falsities.push({ child: '', at: 'la_child_id', what: 'a payload without a child' });
    } else if (byChild.has(child)) {
      falsities.push({ child, at: 'la_child_id', what: 'the child is sent twice' });
    } else byChild.set(child, payload);
  }
  return byChild;
}

/** The verdict on a row of no child that was sent. */
function verdictOutside(
  table: TableName,
  row: Row,
  owners: Owners,
  { cms, membership, window }: { cms: Cms; membership: ReadonlyMap<string, Tri>; window: Window },
): Verdict {
  const verdict = (child: string | undefined, rules: readonly ScopeRule[], why: string): Verdict => ({
    table,
    row,
    child,
    isSent: false,
    rules,
    why,
  });
  if (table === 'ssd_professionals') return verdict(undefined, ['context'], 'gives the numbers of workers');
  const owner = owners.of(table, row);
  if (owner.is !== 'child') {
    // Many involvements are on no child's referral; those of other roles are not wanted, whichever child's they are.
    const role = table === 'ssd_involvements' ? valueOf(cellOf(row, 'invo_professional_role_id')) : undefined;
    const isOtherRole =
      table === 'ssd_involvements' &&
      owners.hasColumn(table, 'invo_professional_role_id') &&
      (role === undefined || !isWorkerRole(cms, role));
    return verdict(
      undefined,
      isOtherRole ? ['notReported'] : [],
      owner.is === 'nobody'
        ? 'belongs to nobody'
        : 'its keys contradict each other, or lead to several children',
    );
  }
  const { child } = owner;
  switch (membership.get(child)) {
    case 'no':
    case undefined:
      return verdict(child, ['notInCohort'], 'its person is not in the cohort');
    case 'unknown':
      if (table === 'ssd_person') {
        const persons = owners.rowsOf('ssd_person', child);
        const isDoubtful = persons.length > 1 || isBirthUnreadable(row, owners);
        const why = 'whether the person is in the cohort cannot be read, and nothing was sent';
        return verdict(child, isDoubtful ? [] : ['notInCohort'], why);
      }
      return isUndecided(table, row, owners, window)
        ? verdict(child, [], 'would have decided the cohort, and its dates cannot be read')
        : verdict(child, ['notInCohort'], 'its person was not sent');
    case 'yes':
      return table === 'ssd_person'
        ? verdict(child, [], 'in the cohort, and not sent')
        : verdict(child, ['notInCohort'], 'its person is held');
  }
}

/** Which rows the findings name. */
class Findings {
  readonly #findings: readonly AuditFinding[];
  readonly #owners: Owners;
  readonly #cms: Cms;
  readonly #byRow = new Map<string, AuditFinding[]>();
  readonly #withoutRow = new Map<string, AuditFinding[]>();

  constructor(findings: readonly AuditFinding[], owners: Owners, cms: Cms) {
    this.#findings = findings;
    this.#owners = owners;
    this.#cms = cms;
    for (const finding of findings) {
      const rowId = finding.rowId === null ? undefined : rowIdOf(finding.rowId);
      if (rowId === undefined) put(this.#withoutRow, finding.table, finding);
      else put(this.#byRow, `${finding.table} ${rowId}`, finding);
    }
  }

  /** The findings that name a row; with a column, those about that column. */
  naming(table: TableName, row: Row): AuditFinding[] {
    const id = this.#rowId(table, row);
    const named = id === undefined ? this.#withoutRow.get(table) : this.#byRow.get(`${table} ${id}`);
    return [
      ...(named ?? []).filter(({ childId }) => this.#isAbout(childId, table, row)),
      // A column that is absent is named once for all rows.
      ...(this.#withoutRow.get(table) ?? []).filter(({ column }) => !this.#owners.hasColumn(table, column)),
    ];
  }

  /** Whether a finding names the row, or (where the policy allows it) a row above it that is left out. */
  names(table: TableName, row: Row): boolean {
    if (this.naming(table, row).length > 0) return true;
    if (!policy.namedThroughParent) return false;
    return this.#owners.parentsOf(table, row).some(([above, parent]) => this.names(above, parent));
  }

  /** A finding that names the child of a row must not count for another child's row of the same id. */
  #isAbout(childId: string | null | undefined, table: TableName, row: Row): boolean {
    if (childId === null || childId === undefined) return true;
    const owner = this.#owners.of(table, row);
    return owner.is !== 'child' || owner.child === keyOf(childId);
  }

  /** Findings that name no row of the SSD. */
  falsities(): Falsity[] {
    const ids = new Map(
      tableNames.map((table) => [
        table,
        new Set(this.#owners.rows(table).map((row) => this.#rowId(table, row))),
      ]),
    );
    return this.#findings.flatMap(({ rule, table, rowId, column, childId }) => {
      const at = `finding ${rule} ${table} ${String(rowId)} ${column}`;
      const falsity = (what: string): Falsity[] => [{ child: childId ?? '', at, what }];
      if (!isTableName(table)) return falsity('names no table of the SSD');
      // A row of no child may name a person who is not there.
      const isOfNobody = rule === 'no-person' || rule === 'child-id';
      if (
        !isOfNobody &&
        childId !== null &&
        childId !== undefined &&
        !this.#owners.isPerson(keyOf(childId) ?? '')
      )
        return falsity('names a child that is not in the SSD');
      const id = rowId === null ? undefined : rowIdOf(rowId);
      if (id !== undefined)
        return ids.get(table)?.has(id) === true ? [] : falsity('names a row that is not in the SSD');
      const isAboutColumn = !this.#owners.hasColumn(table, column);
      const hasRowWithout = ids.get(table)?.has(undefined) === true;
      const isAboutChild = childId !== null && childId !== undefined;
      return isAboutColumn || hasRowWithout || isAboutChild || aboutTheCohort.has(rule)
        ? []
        : falsity('names no row, child or absent column');
    });
  }

  #rowId(table: TableName, row: Row): string | undefined {
    const column = rowIdColumn(table, this.#cms);
    return this.#owners.hasColumn(table, column) ? rowIdOf(cellOf(row, column)) : undefined;
  }
}

function put<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

/** Columns that give one value between them: a finding on one of them names the other. */
const together: readonly (readonly string[])[] = [
  ['cine_referral_source_code', 'cine_referral_source_desc'],
  ['pers_upn', 'pers_upn_unknown'],
];

function isAboutColumn(finding: AuditFinding, column: string): boolean {
  return (
    finding.column === column ||
    together.some((columns) => columns.includes(column) && columns.includes(finding.column))
  );
}

function sumUp(
  verdicts: ReadonlyMap<Row, Verdict>,
  silent: readonly SilentValue[],
  falsities: readonly Falsity[],
  findings: Findings,
  input: AuditInput,
): Audit {
  const twins = twinsAmong(verdicts, findings);
  const unexplained: Unexplained[] = [];
  const counts = new Counts();
  let sent = 0;
  let named = 0;
  let counted = 0;
  for (const verdict of verdicts.values()) {
    const { table, row, child } = verdict;
    const isNamed = findings.names(table, row);
    const rules: readonly ScopeRule[] = twins.has(row) ? [...verdict.rules, 'sameAsAnother'] : verdict.rules;
    const [only] = rules;
    const isCertain = rules.length === 1 && !verdict.isSent && !isNamed && only !== undefined;
    for (const rule of rules) counts.add(table, rule, isCertain);
    if (rules.length > 0) counts.add(table, allRules, !verdict.isSent && !isNamed);
    if (verdict.isSent) sent += 1;
    else if (isNamed) named += 1;
    else if (rules.length > 0) counted += 1;
    else {
      unexplained.push({
        kind: 'row',
        table,
        rowId: idOf(verdict, input.ssd.cms),
        child,
        why: verdict.why,
        row,
      });
    }
  }
  const seen = new Set<string>();
  for (const { table, row, child, column, why } of silent) {
    if (findings.naming(table, row).some((finding) => isAboutColumn(finding, column))) continue;
    const rowId = rowIdOf(cellOf(row, rowIdColumn(table, input.ssd.cms)));
    const key = JSON.stringify([table, rowId, child, column]);
    if (seen.has(key)) continue;
    seen.add(key);
    unexplained.push({ kind: 'value', table, rowId, child, column, why, row });
  }
  return {
    rows: verdicts.size,
    sent,
    named,
    counted,
    unexplained,
    falsities,
    countDifferences: input.outOfScope === undefined ? [] : counts.differences(input.outOfScope),
  };
}

function idOf({ table, row }: Verdict, cms: Cms): string | undefined {
  return rowIdOf(cellOf(row, rowIdColumn(table, cms)));
}

/** The rows that say the same as another row, which is itself explained. */
function twinsAmong(verdicts: ReadonlyMap<Row, Verdict>, findings: Findings): ReadonlySet<Row> {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts.values()) {
    const said = sayingColumns[verdict.table].map((column) => cellOf(verdict.row, column) ?? null);
    put(groups, JSON.stringify([verdict.table, verdict.child ?? null, said]), verdict);
  }
  const twins = new Set<Row>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const isExplained = ({ isSent, rules, table, row }: Verdict) =>
      isSent || rules.length > 0 || findings.naming(table, row).length > 0;
    if (group.some(isExplained)) for (const { row } of group) twins.add(row);
  }
  return twins;
}

/** Under this name the rules of a table are compared all together. */
const allRules = 'all rules';

/** How many rows each rule covers: certainly, and at most. */
class Counts {
  readonly #least = new Map<string, number>();
  readonly #most = new Map<string, number>();

  add(table: TableName, rule: ScopeRule | typeof allRules, isCertain: boolean): void {
    const key = `${table} ${rule}`;
    this.#most.set(key, (this.#most.get(key) ?? 0) + 1);
    if (isCertain) this.#least.set(key, (this.#least.get(key) ?? 0) + 1);
  }

  differences(reported: OutOfScope): CountDifference[] {
    const tables = new Set<string>([...tableNames, ...Object.keys(reported)]);
    return [...tables].flatMap((table) => {
      const counted = reported[table] ?? {};
      const sum = Object.values(counted).reduce((total, count) => total + count, 0);
      const rules = new Set<string>([...scopeRules, ...Object.keys(counted), allRules]);
      return [...rules].flatMap((rule) => {
        const key = `${table} ${rule}`;
        const least = this.#least.get(key) ?? 0;
        const most = this.#most.get(key) ?? 0;
        const said = rule === allRules ? sum : (counted[rule] ?? 0);
        return said >= least && said <= most ? [] : [{ table, rule, least, most, reported: said }];
      });
    });
  }
}

/** The audit in words, for a person. Values are shown: only synthetic SSDs are audited. */
export function printed(result: Audit, most: number = policy.printed): string {
  const { rows, sent, named, counted, unexplained, falsities, countDifferences } = result;
  const silentRows = unexplained.filter(({ kind }) => kind === 'row').length;
  const lines = [
    `${String(rows)} rows: ${String(sent)} sent, ${String(named)} named by a finding, ${String(counted)} counted out of scope, ${String(silentRows)} unexplained`,
    `${String(unexplained.length - silentRows)} values of sent rows unexplained, ${String(falsities.length)} falsities, ${String(countDifferences.length)} counts that differ`,
    ...unexplained.slice(0, most).map(unexplainedLine),
    ...falsities.slice(0, most).map(({ child, at, what }) => `  FALSE ${child}: ${at}: ${what}`),
    ...countDifferences
      .slice(0, most)
      .map(
        ({ table, rule, least, most: upper, reported }) =>
          `  COUNT ${table} ${rule}: the report says ${String(reported)}, the auditor ${least === upper ? String(least) : `${String(least)} to ${String(upper)}`}`,
      ),
  ];
  return lines.join('\n');
}

function unexplainedLine({ kind, table, rowId, child, column, why, row }: Unexplained): string {
  const place = `${table} ${rowId ?? '(no id)'} of ${child ?? 'nobody'}${column === undefined ? '' : `, ${column}`}`;
  const shown = JSON.stringify(row);
  return `  SILENT ${kind} ${place}: ${why}\n         ${shown.length > 400 ? `${shown.slice(0, 400)}…` : shown}`;
}
