import type { CodedField } from './adapter.js';
import { isWorkerRole } from './adapter.js';
import type { TableName } from '../../infra/syntheticSsd/columns.js';
import type { Account } from './account.js';
import { all, any, isWithin, overlaps, type Tri } from './calendar.js';
import type { Field } from './fields.js';
import type { Row } from './input.js';
import { recordOf, recordsIn, textIn, type Json } from './json.js';
import { policy } from './policy.js';
import { cellOf, factorsOf, saysCode, textOf, valueOf } from './values.js';

/** A list under an episode whose items are rows of one table. */
interface ListKind {
  readonly table: TableName;
  readonly list: string;
  readonly idKey: string;
  readonly idColumn: string;
  readonly fields: readonly Field[];
  /** Keys of the item that come from other tables. */
  readonly elsewhere: readonly string[];
  readonly referralColumn: string;
  readonly dayColumn: string;
  readonly scope: (account: Account, row: Row) => Tri;
}

const spell = (table: TableName, start: string, end: string) => (account: Account, row: Row) =>
  overlaps(account.window, account.date(table, row, start), account.date(table, row, end));

const dates = (start: string, end: string): Field[] => [
  { key: 'start_date', column: start, kind: 'date' },
  { key: 'end_date', column: end, kind: 'end', start },
];

const lists: readonly ListKind[] = [
  {
    table: 'ssd_cin_assessments',
    list: 'child_and_family_assessments',
    idKey: 'child_and_family_assessment_id',
    idColumn: 'cina_assessment_id',
    fields: [
      { key: 'start_date', column: 'cina_assessment_start_date', kind: 'date' },
      { key: 'authorisation_date', column: 'cina_assessment_auth_date', kind: 'date' },
    ],
    elsewhere: ['factors'],
    referralColumn: 'cina_referral_id',
    dayColumn: 'cina_assessment_start_date',
    scope: (account, row) =>
      assessmentScope(
        isWithin(account.window, account.date('ssd_cin_assessments', row, 'cina_assessment_start_date')),
        isWithin(account.window, account.date('ssd_cin_assessments', row, 'cina_assessment_auth_date')),
        account.date('ssd_cin_assessments', row, 'cina_assessment_start_date').is === 'none' &&
          account.date('ssd_cin_assessments', row, 'cina_assessment_auth_date').is === 'none',
      ),
  },
  {
    table: 'ssd_cin_plans',
    list: 'child_in_need_plans',
    idKey: 'child_in_need_plan_id',
    idColumn: 'cinp_cin_plan_id',
    fields: dates('cinp_cin_plan_start_date', 'cinp_cin_plan_end_date'),
    elsewhere: [],
    referralColumn: 'cinp_referral_id',
    dayColumn: 'cinp_cin_plan_start_date',
    scope: spell('ssd_cin_plans', 'cinp_cin_plan_start_date', 'cinp_cin_plan_end_date'),
  },
  {
    table: 'ssd_s47_enquiry',
    list: 'section_47_assessments',
    idKey: 'section_47_assessment_id',
    idColumn: 's47e_s47_enquiry_id',
    fields: [
      ...dates('s47e_s47_start_date', 's47e_s47_end_date'),
      { key: 'icpc_required_flag', column: 's47e_s47_outcome_json', kind: 'outcome' },
    ],
    elsewhere: ['icpc_date'],
    referralColumn: 's47e_referral_id',
    dayColumn: 's47e_s47_start_date',
    scope: (account, row) =>
      any([
        spell('ssd_s47_enquiry', 's47e_s47_start_date', 's47e_s47_end_date')(account, row),
        latestConferenceScope(account, row),
      ]),
  },
  {
    table: 'ssd_cp_plans',
    list: 'child_protection_plans',
    idKey: 'child_protection_plan_id',
    idColumn: 'cppl_cp_plan_id',
    fields: dates('cppl_cp_plan_start_date', 'cppl_cp_plan_end_date'),
    elsewhere: [],
    referralColumn: 'cppl_referral_id',
    dayColumn: 'cppl_cp_plan_start_date',
    scope: spell('ssd_cp_plans', 'cppl_cp_plan_start_date', 'cppl_cp_plan_end_date'),
  },
];

const placementFields: readonly Field[] = [
  ...dates('clap_cla_placement_start_date', 'clap_cla_placement_end_date'),
  { key: 'postcode', column: 'clap_cla_placement_postcode', kind: 'postcode' },
  { key: 'placement_type', column: 'clap_cla_placement_type', kind: { code: 'placementType' } },
  {
    key: 'change_reason',
    column: 'clap_cla_placement_change_reason',
    kind: { code: 'placementChangeReason' },
  },
];

const episodeFields: readonly Field[] = [
  { key: 'referral_date', column: 'cine_referral_date', kind: 'date' },
  { key: 'closure_date', column: 'cine_close_date', kind: 'end', start: 'cine_referral_date' },
  { key: 'closure_reason', column: 'cine_close_reason', kind: { code: 'closureReason' } },
  { key: 'referral_no_further_action_flag', column: 'cine_referral_nfa', kind: 'flag' },
];

const workerFields: readonly Field[] = [
  { key: 'start_date', column: 'invo_involvement_start_date', kind: 'date' },
  {
    key: 'end_date',
    column: 'invo_involvement_end_date',
    kind: 'end',
    start: 'invo_involvement_start_date',
  },
];

const placementList = 'child_looked_after_placements';

/** Audits the episodes of one child and everything under them. */
export function auditEpisodes(account: Account): void {
  const listed = recordsIn(account.payload['social_care_episodes']);
  const episodes = listed.filter((episode) => episode['purge'] !== true);
  const sentTwice = new Set<string>();
  for (const episode of episodes) {
    const id = textIn(episode['social_care_episode_id']) ?? '';
    const at = `social_care_episodes[${id}]`;
    if (sentTwice.has(id)) account.fault(at, 'the episode is listed twice', episode);
    sentTwice.add(id);
    auditEpisode(account, episode, id, at);
    for (const kind of lists) auditList(account, kind, recordsIn(episode[kind.list]), id, at);
    auditPlacements(account, recordsIn(episode[placementList]), id, at);
    auditWorkers(account, recordsIn(episode['care_worker_details']), id, at);
  }
  for (const kind of lists) for (const row of account.rows(kind.table)) scopeOfRow(account, kind, row);
  for (const row of account.rows('ssd_cla_placement')) scopeOfPlacement(account, row);
  for (const row of account.rows('ssd_cla_episodes')) scopeOfCareEpisode(account, row);
  for (const row of account.rows('ssd_involvements')) scopeOfInvolvement(account, row);
  for (const row of account.rows('ssd_assessment_factors')) scopeOfFactors(account, row);
  for (const row of account.rows('ssd_initial_cp_conference')) scopeOfConference(account, row);
  for (const row of account.rows('ssd_cin_episodes')) scopeOfEpisode(account, row);
  auditPurges(account, listed);
}

function auditEpisode(account: Account, episode: Json, id: string, at: string): void {
  const rows = account
    .rows('ssd_cin_episodes')
    .filter((row) => textOf(cellOf(row, 'cine_referral_id')) === id);
  if (rows.length === 0) {
    fromNowhere(account, at, episode, 'ssd_cin_episodes', 'cine_referral_id', id);
    return;
  }
  const source = sourceFields(account, episode, rows);
  const chosen = account.trace(episode, at, 'ssd_cin_episodes', rows, [...episodeFields, ...source]);
  if (chosen.every((row) => episodeScope(account, row) === 'no')) {
    account.fault(
      at,
      'the episode does not overlap the window, and nothing under it is in the window',
      episode,
    );
  }
  unknownKeys(account, episode, at, [
    'social_care_episode_id',
    'referral_source',
    'purge',
    'care_worker_details',
    placementList,
    'adoption',
    'care_leavers',
    ...episodeFields.map(({ key }) => key),
    ...lists.map(({ list }) => list),
  ]);
}

/** The referral source comes from the code column or the description, whichever the system lets speak. */
function sourceFields(account: Account, episode: Json, rows: readonly Row[]): Field[] {
  const field = (column: string): Field => ({
    key: 'referral_source',
    column,
    kind: { code: 'referralSource' },
  });
  const description = 'cine_referral_source_desc';
  const code = 'cine_referral_source_code';
  const hasLetterCode = rows.some((row) => /[A-Za-z]/.test(String(cellOf(row, code) ?? '')));
  const isSilent = rows.every((row) => (cellOf(row, description) ?? null) === null);
  // A number in SystemC's code column is one of its own; a code with a letter cannot be.
  const mayCodeSpeak = hasLetterCode && isSilent;
  if (account.cms === 'systemc' && !policy.systemcSourceCodeSpeaks && !mayCodeSpeak)
    return [field(description)];
  const value = episode['referral_source'];
  const isDescription =
    typeof value === 'string' &&
    rows.some((row) => saysCode(account.cms, 'referralSource', cellOf(row, code), value) !== 'yes') &&
    rows.some((row) => saysCode(account.cms, 'referralSource', cellOf(row, description), value) === 'yes');
  return [field(isDescription ? description : code)];
}

function auditList(
  account: Account,
  kind: ListKind,
  items: readonly Json[],
  episode: string,
  above: string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item['purge'] === true) continue;
    const id = textIn(item[kind.idKey]) ?? '';
    const at = `${above}.${kind.list}[${id}]`;
    if (seen.has(id)) account.fault(at, 'listed twice', item);
    seen.add(id);
    const named = account.rows(kind.table).filter((row) => textOf(cellOf(row, kind.idColumn)) === id);
    const rows = named.filter((row) => episodesOf(account, kind, row).has(episode));
    if (rows.length === 0) {
      if (named.length > 0) {
        account.fault(
          at,
          `the row belongs under the episode ${[...episodesOf(account, kind, named[0])].join(', ') || 'of no key'}`,
          item,
        );
        for (const row of named) account.sent(kind.table, row);
      } else {
        fromNowhere(account, at, item, kind.table, kind.idColumn, id);
      }
      continue;
    }
    const chosen = account.trace(item, at, kind.table, rows, kind.fields);
    if (chosen.every((row) => kind.scope(account, row) === 'no')) {
      account.fault(at, 'its dates are outside the window', item);
    }
    if (kind.list === 'child_and_family_assessments') auditFactors(account, item, chosen, at);
    if (kind.list === 'section_47_assessments') auditConference(account, item, chosen, at);
    unknownKeys(account, item, at, [
      kind.idKey,
      'purge',
      ...kind.elsewhere,
      ...kind.fields.map(({ key }) => key),
    ]);
  }
}

function episodesOf(account: Account, kind: ListKind, row: Row | undefined): ReadonlySet<string> {
  if (row === undefined) return new Set();
  const found = account.owners.episodesFor(
    kind.table,
    row,
    kind.referralColumn,
    kind.dayColumn,
    account.child,
  );
  return new Set([...found].map((id) => id.trim()));
}

function scopeOfRow(account: Account, kind: ListKind, row: Row): void {
  if (account.isSent(row)) return;
  const scope = kind.scope(account, row);
  if (scope === 'no') {
    account.outOfScope(kind.table, row, ['outsideWindow'], 'its dates are outside the window');
    return;
  }
  const under = [...episodesOf(account, kind, row)];
  const why =
    scope === 'unknown'
      ? 'its dates cannot be read, are missing or contradict each other'
      : under.length === 0
        ? 'in the window, and its referral is no episode of the child'
        : 'in the window, and not in the payload';
  account.mustBeNamed(kind.table, row, why);
}

function assessmentScope(started: Tri, authorised: Tri, hasNeither: boolean): Tri {
  return hasNeither ? 'unknown' : any([started, authorised]);
}

function conferencesOf(account: Account, enquiry: Row): Row[] {
  return account
    .rows('ssd_initial_cp_conference')
    .filter((row) => account.owners.enquiriesOf(row).includes(enquiry));
}

function latestConference(account: Account, enquiry: Row): string | undefined {
  return conferencesOf(account, enquiry)
    .map((row) => account.date('ssd_initial_cp_conference', row, 'icpc_icpc_date'))
    .flatMap((said) => (said.is === 'date' ? [said.date] : []))
    .sort()
    .at(-1);
}

function latestConferenceScope(account: Account, enquiry: Row): Tri {
  const latest = latestConference(account, enquiry);
  const hasUnknown = conferencesOf(account, enquiry).some(
    (row) => account.date('ssd_initial_cp_conference', row, 'icpc_icpc_date').is === 'unreadable',
  );
  const scope = isWithin(
    account.window,
    latest === undefined ? { is: 'none' } : { is: 'date', date: latest },
  );
  return hasUnknown && scope === 'no' ? 'unknown' : scope;
}

function auditConference(account: Account, item: Json, enquiries: readonly Row[], at: string): void {
  const sent = item['icpc_date'];
  const conferences = enquiries.flatMap((enquiry) => conferencesOf(account, enquiry));
  for (const row of conferences) {
    const said = account.date('ssd_initial_cp_conference', row, 'icpc_icpc_date');
    if (said.is === 'date' && said.date === sent) account.sent('ssd_initial_cp_conference', row);
  }
  const latest = enquiries
    .flatMap((enquiry) => latestConference(account, enquiry) ?? [])
    .sort()
    .at(-1);
  if (sent !== undefined && sent !== latest) {
    account.fault(
      `${at}.icpc_date`,
      `${JSON.stringify(sent)} is not the latest conference of the enquiry (${latest ?? 'none'})`,
      sent,
    );
  }
}

function scopeOfConference(account: Account, row: Row): void {
  const table = 'ssd_initial_cp_conference';
  const said = account.date(table, row, 'icpc_icpc_date');
  const enquiries = account.owners
    .enquiriesOf(row)
    .filter((enquiry) => account.rows('ssd_s47_enquiry').includes(enquiry));
  const sentUnder = enquiries.filter((enquiry) => account.isSent(enquiry));
  const isEarlier = sentUnder.some((enquiry) => {
    const latest = latestConference(account, enquiry);
    return said.is === 'date' && latest !== undefined && said.date < latest;
  });
  if (isEarlier) account.outOfScope(table, row, ['notChosen'], 'a later conference of the enquiry is sent');
  else if (sentUnder.length === 0 && isWithin(account.window, said) === 'no')
    account.outOfScope(table, row, ['outsideWindow'], 'its date is outside the window');
  else
    account.mustBeNamed(
      table,
      row,
      'its date is missing or unreadable, or its enquiry is not in the payload',
    );
}

function factorRowsOf(account: Account, assessment: Row): Row[] {
  return account
    .rows('ssd_assessment_factors')
    .filter((row) => account.owners.assessmentsOf(row).includes(assessment));
}

function factorsIn(account: Account, row: Row) {
  return factorsOf(
    cellOf(row, 'cinf_assessment_factors_json'),
    account.owners.hasColumn('ssd_assessment_factors', 'cinf_assessment_factors_json'),
  );
}

function auditFactors(account: Account, item: Json, assessments: readonly Row[], at: string): void {
  const table = 'ssd_assessment_factors';
  const place = `${at}.factors`;
  const rows = [...new Set(assessments.flatMap((assessment) => factorRowsOf(account, assessment)))];
  const said = rows.map((row) => ({ row, ...factorsIn(account, row) }));
  const value = item['factors'];
  const sent: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  for (const { row, codes, isComplete, isEmpty } of said) {
    if (sent === undefined ? isEmpty : isComplete && [...codes].every((code) => sent.includes(code)))
      account.sent(table, row);
    else if (isEmpty && sent !== undefined) account.sent(table, row, 'it says nothing');
    else account.mustBeNamed(table, row, 'its factors are not in the payload, or cannot all be read');
  }
  if (sent === undefined) return;
  const known = new Set(said.flatMap(({ codes }) => [...codes]));
  const strange = sent.filter((code) => typeof code !== 'string' || !known.has(code));
  if (strange.length > 0) {
    account.fault(place, `${JSON.stringify(strange.slice(0, 5))} come from nowhere`, value);
  }
  if (sent.length > 0) return;
  const hasColumns =
    account.owners.hasColumn(table, 'cinf_assessment_factors_json') &&
    (account.owners.hasColumn(table, 'cinf_assessment_id') ||
      account.owners.hasColumn(table, 'cinf_table_id'));
  if (!hasColumns) account.fault(place, '[] although the SSD has no factors to read', value);
  else if (said.some(({ isComplete }) => !isComplete))
    account.fault(
      place,
      `[] although a factor row cannot be read: ${shownCell(said.find(({ isComplete }) => !isComplete)?.row)}`,
      value,
    );
  else if (rows.length === 0 && !(policy.noFactorRowIsNone && factorsJoin(account)))
    account.fault(place, '[] although no factor row of the SSD finds its assessment', value);
}

function shownCell(row: Row | undefined): string {
  return JSON.stringify(
    row === undefined ? null : (cellOf(row, 'cinf_assessment_factors_json') ?? null),
  ).slice(0, 120);
}

/** Whether the relation of factors to assessments joins anything; one that has no rows joins all of them. */
function factorsJoin(account: Account): boolean {
  const rows = account.owners.rows('ssd_assessment_factors');
  return rows.length === 0 || rows.some((row) => account.owners.assessmentsOf(row).length > 0);
}

function scopeOfFactors(account: Account, row: Row): void {
  const table = 'ssd_assessment_factors';
  const kind = lists.find((list) => list.table === 'ssd_cin_assessments');
  const assessments = account.owners
    .assessmentsOf(row)
    .filter((assessment) => account.rows('ssd_cin_assessments').includes(assessment));
  const isOutside = assessments.every((assessment) => kind?.scope(account, assessment) === 'no');
  if (isOutside && assessments.length > 0)
    account.outOfScope(table, row, ['outsideWindow'], 'its assessment is outside the window');
  else account.mustBeNamed(table, row, 'its assessment is not in the payload');
}

/** The placements of one id: in Eclipse, where an address is the id, each stay may have its first day behind it. */
function placementRows(account: Account, id: string): Row[] {
  return account.rows('ssd_cla_placement').filter((row) => {
    const own = textOf(cellOf(row, 'clap_cla_placement_id'));
    if (own === id) return true;
    const start = account.date('ssd_cla_placement', row, 'clap_cla_placement_start_date');
    return (
      account.cms === 'eclipse' &&
      start.is === 'date' &&
      own !== undefined &&
      id === `${own}-${start.date.replaceAll('-', '')}`
    );
  });
}

/** The care episodes of a placement: those that name it, else those of its period of care; and where it belongs. */
function careOf(account: Account, row: Row) {
  const table = 'ssd_cla_episodes';
  const id = account.key('ssd_cla_placement', row, 'clap_cla_placement_id')?.trim();
  const period = account.key('ssd_cla_placement', row, 'clap_cla_id');
  const start = account.date('ssd_cla_placement', row, 'clap_cla_placement_start_date');
  const all = account.rows(table);
  const naming = all.filter((care) => {
    if (id === undefined || account.key(table, care, 'clae_cla_placement_id')?.trim() !== id) return false;
    const inPeriod = account.key(table, care, 'clae_cla_id');
    return period === undefined || inPeriod === undefined || inPeriod === period;
  });
  const siblings = account
    .rows('ssd_cla_placement')
    .filter((other) => account.key('ssd_cla_placement', other, 'clap_cla_placement_id')?.trim() === id)
    .flatMap((other) => {
      const said = account.date('ssd_cla_placement', other, 'clap_cla_placement_start_date');
      return said.is === 'date' ? [said.date] : [];
    });
  const own =
    account.cms === 'eclipse' && new Set(siblings).size > 1 && start.is === 'date'
      ? naming.filter((care) => {
          const from = account.date(table, care, 'clae_cla_episode_start_date');
          if (from.is !== 'date') return true;
          const begun = siblings.filter((day) => day <= from.date).sort();
          return begun.at(-1) === start.date;
        })
      : naming;
  const ofPeriod =
    period === undefined ? [] : all.filter((care) => account.key(table, care, 'clae_cla_id') === period);
  const episodes = new Set(
    [...naming, ...ofPeriod].flatMap((care) =>
      account.owners
        .referralsOfCareEpisode(care)
        .flatMap((episode) => account.key('ssd_cin_episodes', episode, 'cine_referral_id')?.trim() ?? []),
    ),
  );
  // Care episodes that name the placement, each of another stay, leave this one without a reason.
  return { care: naming.length > 0 ? own : ofPeriod, episodes };
}

function auditPlacements(account: Account, items: readonly Json[], episode: string, above: string): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item['purge'] === true) continue;
    const id = textIn(item['child_looked_after_placement_id']) ?? '';
    const at = `${above}.${placementList}[${id}]`;
    if (seen.has(id)) account.fault(at, 'listed twice', item);
    seen.add(id);
    const rows = placementRows(account, id);
    if (rows.length === 0) {
      fromNowhere(account, at, item, 'ssd_cla_placement', 'clap_cla_placement_id', id);
      continue;
    }
    const chosen = account.trace(item, at, 'ssd_cla_placement', rows, placementFields);
    const [first] = chosen;
    if (first === undefined) continue;
    const { care, episodes } = careOf(account, first);
    if (!episodes.has(episode)) {
      account.fault(
        at,
        `no care episode of the placement leads to this episode but to ${[...episodes].join(', ') || 'none'}`,
        item,
      );
    }
    if (
      chosen.every(
        (row) =>
          spell(
            'ssd_cla_placement',
            'clap_cla_placement_start_date',
            'clap_cla_placement_end_date',
          )(account, row) === 'no',
      )
    ) {
      account.fault(at, 'its dates are outside the window', item);
    }
    auditReason(account, item, at, care, 'start');
    auditReason(account, item, at, care, 'end');
    unknownKeys(account, item, at, [
      'child_looked_after_placement_id',
      'purge',
      'start_reason',
      'end_reason',
      ...placementFields.map(({ key }) => key),
    ]);
  }
}

/** The start reason of the first care episode, the ceased reason of the last one. */
function auditReason(
  account: Account,
  item: Json,
  at: string,
  care: readonly Row[],
  end: 'start' | 'end',
): void {
  const table = 'ssd_cla_episodes';
  const key = `${end}_reason`;
  const column = end === 'start' ? 'clae_cla_episode_start_reason' : 'clae_cla_episode_ceased_reason';
  const field: CodedField = end === 'start' ? 'placementStartReason' : 'placementEndReason';
  const dated = care.map((row) => ({ row, day: account.date(table, row, 'clae_cla_episode_start_date') }));
  const isOrdered = dated.every(({ day }) => day.is === 'date');
  const days = dated.flatMap(({ day }) => (day.is === 'date' ? [day.date] : [])).sort();
  const wanted = end === 'start' ? days.at(0) : days.at(-1);
  const speaking = isOrdered
    ? dated.filter(({ day }) => day.is === 'date' && day.date === wanted).map(({ row }) => row)
    : care;
  const value = item[key];
  if (value === undefined) {
    const [only] = speaking;
    if (speaking.length === 1 && only !== undefined && valueOf(cellOf(only, column)) !== undefined)
      account.silence(table, only, column, `${table}.${column} is ${JSON.stringify(cellOf(only, column))}`);
    return;
  }
  const answers = speaking.map((row) =>
    typeof value === 'string' ? saysCode(account.cms, field, cellOf(row, column), value) : 'no',
  );
  if (answers.includes('yes')) return;
  const said = speaking.map((row) => JSON.stringify(cellOf(row, column) ?? null)).join(', ');
  account.fault(
    `${at}.${key}`,
    `${JSON.stringify(value)} ${answers.includes('guessed') ? 'is guessed' : 'comes from nowhere'}: the care episode says ${said || 'nothing'}`,
    value,
  );
}

function scopeOfPlacement(account: Account, row: Row): void {
  const table = 'ssd_cla_placement';
  if (account.isSent(row)) return;
  const scope = spell(table, 'clap_cla_placement_start_date', 'clap_cla_placement_end_date')(account, row);
  if (scope === 'no') account.outOfScope(table, row, ['outsideWindow'], 'its dates are outside the window');
  else
    account.mustBeNamed(
      table,
      row,
      scope === 'unknown'
        ? 'its dates cannot be read, are missing or contradict each other'
        : careOf(account, row).episodes.size === 0
          ? 'in the window, and no care episode leads to an episode of the child'
          : 'in the window, and not in the payload',
    );
}

function scopeOfCareEpisode(account: Account, row: Row): void {
  const table = 'ssd_cla_episodes';
  const placement = account.key(table, row, 'clae_cla_placement_id')?.trim();
  const exists =
    placement === undefined ||
    !account.owners.hasColumn('ssd_cla_placement', 'clap_cla_placement_id') ||
    !placementsJoin(account) ||
    account
      .rows('ssd_cla_placement')
      .some(
        (other) => account.key('ssd_cla_placement', other, 'clap_cla_placement_id')?.trim() === placement,
      );
  const scope = spell(table, 'clae_cla_episode_start_date', 'clae_cla_episode_ceased_date')(account, row);
  if (exists) account.outOfScope(table, row, ['context'], 'gives reasons and links');
  else if (scope === 'no')
    account.outOfScope(
      table,
      row,
      ['context', 'outsideWindow'],
      'names a placement that is not there, outside the window',
    );
  else account.mustBeNamed(table, row, 'names a placement that the child does not have');
}

/** Whether any placement finds its child; where none does, each is named itself, and nothing is missing. */
function placementsJoin({ owners }: Account): boolean {
  const rows = owners.rows('ssd_cla_placement');
  return rows.length === 0 || rows.some((row) => owners.of('ssd_cla_placement', row).is === 'child');
}

/** The gates of a care worker that are on by default. */
function workerGates(account: Account, row: Row): { readonly own: Tri; readonly plan: Tri } {
  const table = 'ssd_involvements';
  const hasRole = account.owners.hasColumn(table, 'invo_professional_role_id');
  const role = valueOf(cellOf(row, 'invo_professional_role_id'));
  const isReported: Tri = !hasRole
    ? 'unknown'
    : role !== undefined && isWorkerRole(account.cms, role)
      ? 'yes'
      : 'no';
  const start = account.date(table, row, 'invo_involvement_start_date');
  const end = account.date(table, row, 'invo_involvement_end_date');
  const isReversed = start.is === 'date' && end.is === 'date' && end.date < start.date;
  const active = any(
    account.window.censusDays.map((day) => {
      if (start.is === 'date' && start.date > day) return 'no';
      if (end.is === 'date' && !isReversed && end.date < day) return 'no';
      return start.is === 'date' && (end.is === 'none' || (end.is === 'date' && !isReversed))
        ? 'yes'
        : 'unknown';
    }),
  );
  const episodes = involvementEpisodes(account, row);
  const plan = any(
    account
      .rows('ssd_cin_plans')
      .filter((other) => {
        const under = account.owners.episodesFor(
          'ssd_cin_plans',
          other,
          'cinp_referral_id',
          'cinp_cin_plan_start_date',
          account.child,
        );
        return [...under].some((id) => episodes.has(id.trim()));
      })
      .map((other) =>
        spell('ssd_cin_plans', 'cinp_cin_plan_start_date', 'cinp_cin_plan_end_date')(account, other),
      ),
  );
  return { own: all([isReported, active]), plan };
}

function involvementEpisodes(account: Account, row: Row): ReadonlySet<string> {
  const found = account.owners.episodesFor(
    'ssd_involvements',
    row,
    'invo_referral_id',
    'invo_involvement_start_date',
    account.child,
  );
  return new Set([...found].map((id) => id.trim()));
}

function auditWorkers(account: Account, items: readonly Json[], episode: string, above: string): void {
  const table = 'ssd_involvements';
  for (const item of items) {
    const id = textIn(item['worker_id']) ?? '';
    const at = `${above}.care_worker_details[${JSON.stringify(item)}]`;
    const rows = account
      .rows(table)
      .filter(
        (row) =>
          involvementEpisodes(account, row).has(episode) &&
          account.owners
            .professionalsOf(row)
            .some((worker) => textOf(cellOf(worker, 'prof_social_worker_registration_no')) === id),
      );
    if (rows.length === 0) {
      account.fault(at, 'no involvement of the child on this episode has a worker of this number', item);
      continue;
    }
    const chosen = account.trace(item, at, table, rows, workerFields);
    if (chosen.every((row) => passesGates(account, row) === 'no')) {
      account.fault(at, 'the involvement does not pass the gates', item);
    }
    unknownKeys(account, item, at, ['worker_id', 'start_date', 'end_date']);
  }
}

function passesGates(account: Account, row: Row): Tri {
  const { own, plan } = workerGates(account, row);
  return all([own, plan]);
}

function scopeOfInvolvement(account: Account, row: Row): void {
  const table = 'ssd_involvements';
  const { own, plan } = workerGates(account, row);
  // A plan that cannot be read is named itself.
  if (own === 'no' || plan !== 'yes')
    account.outOfScope(table, row, ['notReported'], 'its role, dates or plan do not pass the gates');
  else account.mustBeNamed(table, row, 'may pass the gates, and is not in the payload');
}

function episodeScope(account: Account, row: Row): Tri {
  const id = account.key('ssd_cin_episodes', row, 'cine_referral_id')?.trim();
  const under = lists.flatMap((kind) =>
    account
      .rows(kind.table)
      .filter((other) => id !== undefined && episodesOf(account, kind, other).has(id))
      .map((other) => kind.scope(account, other)),
  );
  const placements = account
    .rows('ssd_cla_placement')
    .filter((other) => id !== undefined && careOf(account, other).episodes.has(id))
    .map((other) =>
      spell(
        'ssd_cla_placement',
        'clap_cla_placement_start_date',
        'clap_cla_placement_end_date',
      )(account, other),
    );
  return any([
    spell('ssd_cin_episodes', 'cine_referral_date', 'cine_close_date')(account, row),
    ...under,
    ...placements,
  ]);
}

function scopeOfEpisode(account: Account, row: Row): void {
  const table = 'ssd_cin_episodes';
  if (account.isSent(row)) return;
  const scope = episodeScope(account, row);
  if (scope === 'no')
    account.outOfScope(table, row, ['outsideWindow'], 'outside the window, and so is all that is under it');
  else
    account.mustBeNamed(
      table,
      row,
      scope === 'unknown'
        ? 'its dates cannot be read, are missing or contradict each other'
        : 'in the window, and not in the payload',
    );
}

/** Unknown is not gone: no purge of an item whose row is there and cannot be judged, nor of one whose table is absent. */
function auditPurges(account: Account, episodes: readonly Json[]): void {
  for (const episode of episodes) {
    const id = textIn(episode['social_care_episode_id']) ?? '';
    const at = `social_care_episodes[${id}]`;
    if (episode['purge'] === true) {
      const rows = account
        .rows('ssd_cin_episodes')
        .filter((row) => textOf(cellOf(row, 'cine_referral_id')) === id);
      if (rows.some((row) => episodeScope(account, row) !== 'no')) {
        account.fault(at, 'purged, although its row is there and not known to be out of scope', episode);
      }
    }
    for (const kind of lists) {
      for (const item of recordsIn(episode[kind.list])) {
        if (item['purge'] !== true) continue;
        const itemId = textIn(item[kind.idKey]) ?? '';
        const rows = account.rows(kind.table).filter((row) => textOf(cellOf(row, kind.idColumn)) === itemId);
        if (
          !account.owners.hasColumn(kind.table, kind.idColumn) ||
          rows.some((row) => kind.scope(account, row) !== 'no')
        )
          account.fault(`${at}.${kind.list}[${itemId}]`, 'purged, although it is not known to be gone', item);
      }
    }
    for (const item of recordsIn(episode[placementList])) {
      if (item['purge'] !== true) continue;
      const itemId = textIn(item['child_looked_after_placement_id']) ?? '';
      const isThere = placementRows(account, itemId).some(
        (row) =>
          spell(
            'ssd_cla_placement',
            'clap_cla_placement_start_date',
            'clap_cla_placement_end_date',
          )(account, row) !== 'no',
      );
      if (isThere)
        account.fault(
          `${at}.${placementList}[${itemId}]`,
          'purged, although it is not known to be gone',
          item,
        );
    }
    for (const block of ['adoption', 'care_leavers']) {
      const held = recordOf(episode[block]);
      const table = block === 'adoption' ? 'ssd_permanence' : 'ssd_care_leavers';
      if (
        held?.['purge'] === true &&
        !account.owners.hasColumn(table, block === 'adoption' ? 'perm_cla_id' : 'clea_person_id')
      )
        account.fault(`${at}.${block}`, 'purged, although the SSD has no such table', held);
    }
  }
}

function unknownKeys(account: Account, item: Json, at: string, known: readonly string[]): void {
  for (const key of Object.keys(item)) {
    if (!known.includes(key))
      account.fault(`${at}.${key}`, 'a key that the auditor does not know', item[key]);
  }
}

/** Says whose the row of an item is that is not this child's. */
function fromNowhere(
  account: Account,
  at: string,
  item: Json,
  table: TableName,
  idColumn: string,
  id: string,
): void {
  const others = account.owners.rows(table).filter((row) => textOf(cellOf(row, idColumn)) === id);
  const whose = others.map((row) => {
    const owner = account.owners.of(table, row);
    const ways = account.owners.ways(table, row).map((way) => `{${[...way].slice(0, 4).join(' ')}}`);
    return owner.is === 'child' ? `child ${owner.child}` : `${owner.is} (ways ${ways.join(' ')})`;
  });
  account.fault(
    at,
    others.length === 0
      ? `no row of ${table} has the id ${id}`
      : `the row of ${table} belongs to ${[...new Set(whose)].join(', ')}`,
    item,
  );
}
