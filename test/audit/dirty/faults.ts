import type { TableName } from '../../../infra/syntheticSsd/columns.js';
import { minimalColumns } from '../../local/ssd/minimalColumns.js';
import type { Cell } from '../input.js';
import { oddFactors, oddOutcomes } from './oddCells.js';
import {
  codedColumns,
  dateColumns,
  personColumns,
  relations,
  rowsOf,
  someRows,
  spells,
  spoil,
  type Soil,
  type SoiledRow,
} from './soil.js';

/** A kind of fault: it changes an SSD in its own way, here and there. */
type Fault = (soil: Soil) => void;

const text = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell));

/** Numbers the ids of one kind per child, as some systems do: 1, 2, 3 for each. */
const idsNumberedPerChild: Fault = (soil) => {
  const { id, references } = soil.random.pick(relations.slice(0, 5));
  const [table, column] = id;
  const owner = personColumns.find(([named]) => named === table)?.[1];
  if (owner === undefined) return;
  const numbers = new Map<string, Map<string, string>>();
  for (const row of rowsOf(soil, table)) {
    const ofChild = numbers.get(text(row[owner])) ?? new Map<string, string>();
    numbers.set(text(row[owner]), ofChild);
    const old = text(row[column]);
    ofChild.set(old, ofChild.get(old) ?? String(ofChild.size + 1));
    row[column] = ofChild.get(old) ?? null;
  }
  const all = new Map([...numbers.values()].flatMap((ofChild) => [...ofChild]));
  for (const [referring, reference] of references) {
    for (const row of rowsOf(soil, referring)) {
      const number = all.get(text(row[reference]));
      if (number !== undefined) row[reference] = number;
    }
  }
};

const missingPersonIds: Fault = (soil) => {
  const [table, column] = soil.random.pick(personColumns);
  spoil(soil, table, column, () => soil.random.pick([null, '', ' ']), 0.5);
};

const contradictingPersonIds: Fault = (soil) => {
  const [table, column] = soil.random.pick(personColumns);
  const persons = rowsOf(soil, 'ssd_person').map((row) => row['pers_person_id'] ?? null);
  if (persons.length > 0) spoil(soil, table, column, () => soil.random.pick(persons), 0.4);
};

const legacyIdsInPermanence: Fault = (soil) => {
  const persons = rowsOf(soil, 'ssd_person');
  const legacy = new Map(persons.map((row) => [text(row['pers_person_id']), row['pers_legacy_id'] ?? null]));
  // Some legacy id is another child's person id.
  const [first, second] = persons;
  if (first !== undefined && second !== undefined && soil.random.chance(0.5)) {
    first['pers_legacy_id'] = second['pers_person_id'] ?? null;
    legacy.set(text(first['pers_person_id']), first['pers_legacy_id']);
  }
  spoil(soil, 'ssd_permanence', 'perm_person_id', (cell) => legacy.get(text(cell)) ?? cell, 1);
};

const strangers: Fault = (soil) => {
  const [table, column] = soil.random.pick(personColumns);
  spoil(soil, table, column, () => `NOBODY${String(soil.random.int(1, 9))}`);
};

const keysThatMatchNothing: Fault = (soil) => {
  const { references } = soil.random.pick(relations);
  const [table, column] = soil.random.pick(references);
  spoil(soil, table, column, () => `NONE${String(soil.random.int(1, 99))}`, soil.random.pick([0.2, 1]));
};

function anyKey(soil: Soil): readonly [TableName, string] {
  const { id, references } = soil.random.pick(relations);
  return soil.random.pick([id, ...references, ...personColumns, ['ssd_person', 'pers_person_id'] as const]);
}

const trailingBlanks: Fault = (soil) => {
  const [table, column] = anyKey(soil);
  spoil(
    soil,
    table,
    column,
    (cell) => (cell === null ? null : `${text(cell)}${soil.random.pick([' ', '   '])}`),
    0.4,
  );
};

const charPadding: Fault = (soil) => {
  const [table, column] = anyKey(soil);
  spoil(soil, table, column, (cell) => (cell === null ? null : text(cell).padEnd(20)), 1);
};

const otherCase: Fault = (soil) => {
  const { id, references } = soil.random.pick(relations.slice(0, 5));
  for (const [table, column] of [id, ...references]) {
    for (const row of rowsOf(soil, table)) {
      if (text(row[column]) !== '') row[column] = `R${text(row[column])}`;
    }
  }
  const [table, column] = soil.random.pick(references);
  spoil(soil, table, column, (cell) => text(cell).toLowerCase() || null, 0.3);
};

const datesAsText: Fault = (soil) => {
  const [table, column] = soil.random.pick(dateColumns);
  spoil(
    soil,
    table,
    column,
    (cell) => {
      const date = text(cell).slice(0, 10);
      const [year = '', month = '', day = ''] = date.split('-');
      const british = date === '' ? 'soon' : `${day}/${month}/${year}`;
      return soil.random.pick([
        british,
        date === '' ? null : `${date}T00:00:00`,
        'soon',
        'n/a',
        `${date} approx`,
      ]);
    },
    0.3,
  );
};

const sentinelDates: Fault = (soil) => {
  const [table, column] = soil.random.pick(dateColumns);
  spoil(
    soil,
    table,
    column,
    () => soil.random.pick(['1900-01-01', '1900-01-01T00:00:00', '2999-12-31']),
    0.3,
  );
};

const reversedEnds: Fault = (soil) => {
  const [table, start, end] = soil.random.pick(spells);
  spoil(
    soil,
    table,
    end,
    (_cell, row) => {
      const from = text(row[start]).slice(0, 10);
      return /^\d{4}-\d{2}-\d{2}$/.test(from)
        ? `${String(Number(from.slice(0, 4)) - soil.random.int(1, 4))}${from.slice(4, 8)}01`
        : null;
    },
    0.3,
  );
};

const missingDates: Fault = (soil) => {
  const [table, column] = soil.random.pick(dateColumns);
  spoil(soil, table, column, () => null, 0.4);
};

const duplicableTables: readonly TableName[] = [
  'ssd_cin_episodes',
  'ssd_cin_assessments',
  'ssd_assessment_factors',
  'ssd_cin_plans',
  'ssd_s47_enquiry',
  'ssd_initial_cp_conference',
  'ssd_cp_plans',
  'ssd_cla_episodes',
  'ssd_cla_placement',
  'ssd_permanence',
  'ssd_care_leavers',
  'ssd_involvements',
  'ssd_disability',
  'ssd_address',
  'ssd_immigration_status',
  'ssd_sdq_scores',
];

const rowsTwice: Fault = (soil) => {
  const table = soil.random.pick(duplicableTables);
  for (const row of someRows(soil, table, 0.15)) rowsOf(soil, table).push({ ...row });
};

const idsTwice: Fault = (soil) => {
  const table = soil.random.pick(duplicableTables);
  const dates = dateColumns.filter(([named]) => named === table);
  for (const row of someRows(soil, table, 0.15)) {
    const twin = { ...row };
    if (dates.length > 0)
      twin[soil.random.pick(dates)[1]] = soil.random.pick([null, soil.today, '2025-02-03']);
    rowsOf(soil, table).push(twin);
  }
};

const personsTwice: Fault = (soil) => {
  for (const row of someRows(soil, 'ssd_person', 0.1)) {
    const says = soil.random.pick<SoiledRow>([
      {},
      { pers_surname: 'Another' },
      { pers_dob: '2013-03-04' },
      { pers_dob: null },
    ]);
    rowsOf(soil, 'ssd_person').push({ ...row, ...says });
  }
};

const placeholders: Fault = (soil) => {
  const [table, column] = soil.random.pick<readonly [TableName, string]>([
    ...codedColumns.map(({ table: named, column: coded }) => [named, coded] as const),
    ['ssd_person', 'pers_upn'],
    ['ssd_person', 'pers_legacy_id'],
    ['ssd_person', 'pers_forename'],
    ['ssd_address', 'addr_address_postcode'],
    ['ssd_immigration_status', 'immi_immigration_status'],
    ['ssd_linked_identifiers', 'link_identifier_value'],
    ['ssd_assessment_factors', 'cinf_assessment_factors_json'],
    ['ssd_s47_enquiry', 's47e_s47_outcome_json'],
    ...relations.flatMap(({ references }) => references),
  ]);
  spoil(soil, table, column, () => soil.random.pick(['SSD_PH', '??', '-1', '   ', '']), 0.3);
};

const factorsOfEveryShape: Fault = (soil) => {
  spoil(
    soil,
    'ssd_assessment_factors',
    'cinf_assessment_factors_json',
    () => soil.random.pick(oddFactors)(),
    0.6,
  );
};

const outcomesOfEveryShape: Fault = (soil) => {
  spoil(soil, 'ssd_s47_enquiry', 's47e_s47_outcome_json', () => soil.random.pick(oddOutcomes), 0.7);
};

const codesWithTextAround: Fault = (soil) => {
  const { table, column, codes } = soil.random.pick(codedColumns);
  spoil(
    soil,
    table,
    column,
    () => {
      const code = soil.random.pick(codes);
      return soil.random.pick([
        `${code} - text`,
        `${code}: text`,
        `${code}) text`,
        ` ${code.toLowerCase()} `,
        `${code} text`,
        `text ${code}`,
      ]);
    },
    0.4,
  );
};

const codesThatNoListKnows: Fault = (soil) => {
  const { table, column, texts } = soil.random.pick(codedColumns);
  spoil(soil, table, column, () => soil.random.pick(texts), 0.4);
};

const retiredCodes: Fault = (soil) => {
  spoil(
    soil,
    'ssd_cla_placement',
    'clap_cla_placement_type',
    () => soil.random.pick(['Z1', 'P2', 'H5']),
    0.3,
  );
  spoil(soil, 'ssd_assessment_factors', 'cinf_assessment_factors_json', () => '["18A","1A"]', 0.2);
};

const unknownReasonsAsUpn: Fault = (soil) => {
  spoil(
    soil,
    'ssd_person',
    'pers_upn',
    () => soil.random.pick(['UN1', 'UN5', 'UN1, U', 'un2 ', 'A12345', 'none']),
    0.3,
  );
};

const oddAddresses: Fault = (soil) => {
  spoil(soil, 'ssd_address', 'addr_address_start_date', () => null, 0.3);
  spoil(soil, 'ssd_address', 'addr_address_end_date', () => null, 0.4);
  spoil(
    soil,
    'ssd_address',
    'addr_address_postcode',
    () => soil.random.pick(['ZZ99 3VZ', 'LE1', null, 'ab1 2cd', 'AB12CD']),
    0.2,
  );
};

const secondAdoptions: Fault = (soil) => {
  const care = rowsOf(soil, 'ssd_cla_episodes');
  if (care.length === 0) return;
  for (let number = 0; number < 3; number += 1) {
    const episode = soil.random.pick(care);
    const [first] = rowsOf(soil, 'ssd_permanence');
    rowsOf(soil, 'ssd_permanence').push({
      ...(first ?? {}),
      perm_table_id: `SECOND${String(number)}`,
      perm_person_id: episode['clae_person_id'] ?? null,
      perm_cla_id: episode['clae_cla_id'] ?? null,
      perm_adm_decision_date: soil.random.pick(['2025-06-01', '2019-01-01', null]),
      perm_matched_date: soil.random.pick(['2025-09-01', null]),
      perm_placed_for_adoption_date: null,
    });
  }
};

/** As where the extract filters placements by an old list of types. */
const placementsFilteredOut: Fault = (soil) => {
  const table = soil.tables.get('ssd_cla_placement');
  if (table !== undefined) table.rows = table.rows.filter(() => !soil.random.chance(0.3));
};

const oddRoles: Fault = (soil) => {
  spoil(
    soil,
    'ssd_involvements',
    'invo_professional_role_id',
    () => soil.random.pick(['cw ', 'Case Worker', 'ALLOCATEDWORKER', 'REL.ALLOC', null, 'CW - Case worker']),
    0.5,
  );
};

const unregisteredWorkers: Fault = (soil) => {
  spoil(
    soil,
    'ssd_professionals',
    'prof_social_worker_registration_no',
    () => soil.random.pick([null, '', 'SSD_PH', 'SW123456789012']),
    0.5,
  );
};

const missingWorkers: Fault = (soil) => {
  const table = soil.tables.get('ssd_professionals');
  if (table !== undefined) table.rows = table.rows.filter(() => !soil.random.chance(0.5));
};

const futureReferrals: Fault = (soil) => {
  spoil(
    soil,
    'ssd_cin_episodes',
    'cine_referral_date',
    () => soil.random.pick(['2030-01-01', '2027-05-05']),
    0.15,
  );
};

const otherTypes: Fault = (soil) => {
  const columns: readonly (readonly [TableName, string])[] = [
    ...codedColumns.map(({ table, column }) => [table, column] as const),
    ['ssd_person', 'pers_forename'],
    ['ssd_cin_episodes', 'cine_referral_nfa'],
    ['ssd_sdq_scores', 'csdq_sdq_score'],
    ['ssd_s47_enquiry', 's47e_s47_outcome_json'],
  ];
  const [table, column] = soil.random.pick(columns);
  spoil(soil, table, column, () => soil.random.pick<Cell>([1, 0, true, false, 4.5, -3]), 0.4);
};

const halfCharacters: Fault = (soil) => {
  spoil(
    soil,
    'ssd_person',
    soil.random.pick(['pers_forename', 'pers_surname']),
    () => soil.random.pick(['Zo\ud83d', '\udc00Ann', 'x'.repeat(200), 'Ünï🙂']),
    0.3,
  );
};

const oddFormerUpns: Fault = (soil) => {
  const types =
    soil.cms === 'mosaic'
      ? ['Former UPN', 'UPN (previous)', 'NHS']
      : ['Former Unique Pupil Number', 'NHS Number', null];
  const person = rowsOf(soil, 'ssd_person');
  for (let number = 0; number < 5 && person.length > 0; number += 1) {
    rowsOf(soil, 'ssd_linked_identifiers').push({
      link_table_id: soil.random.pick([`LINK${String(number)}`, null]),
      link_person_id: soil.random.pick(person)['pers_person_id'] ?? null,
      link_identifier_type: soil.random.pick(types),
      link_identifier_value: soil.random.pick(['A123456789012', 'SSD_PH', 'B123456789012', 'short', null]),
      link_valid_from_date: soil.random.pick(['2020-01-01', '2024-01-01', null]),
      link_valid_to_date: null,
    });
  }
};

const oddImmigration: Fault = (soil) => {
  const person = rowsOf(soil, 'ssd_person');
  for (let number = 0; number < 6 && person.length > 0; number += 1) {
    rowsOf(soil, 'ssd_immigration_status').push({
      immi_immigration_status_id: `IMMI${String(number)}`,
      immi_person_id: soil.random.pick(person)['pers_person_id'] ?? null,
      immi_immigration_status: soil.random.pick([
        'UASC',
        'Unaccompanied Asylum Seeking Child',
        'ILR',
        '',
        'SSD_PH',
        'Yes - UASC',
      ]),
      immi_immigration_status_start_date: soil.random.pick(['2024-05-05', null]),
      immi_immigration_status_end_date: soil.random.pick([
        '2025-05-05',
        '2020-01-01',
        null,
        '1900-01-01',
        '2024-01-01',
        'until 18',
      ]),
    });
  }
};

const oddScores: Fault = (soil) => {
  spoil(
    soil,
    'ssd_sdq_scores',
    'csdq_sdq_score',
    () => soil.random.pick<Cell>([null, 41, -1, '12.0', 'twelve', '', 0, 40]),
    0.5,
  );
};

const oddFlags: Fault = (soil) => {
  spoil(
    soil,
    'ssd_cin_episodes',
    'cine_referral_nfa',
    () => soil.random.pick<Cell>(['Y', 'n', 'true', '2', 'Maybe', null, true, 0]),
    0.6,
  );
};

const idsThatCannotBeSent: Fault = (soil) => {
  const { id } = soil.random.pick(relations.slice(0, 5));
  const [table, column] = soil.random.pick([
    id,
    ['ssd_cin_plans', 'cinp_cin_plan_id'] as const,
    ['ssd_person', 'pers_legacy_id'] as const,
    ['ssd_person', 'pers_person_id'] as const,
  ]);
  spoil(
    soil,
    table,
    column,
    () => soil.random.pick([null, '', 'a b', '0xABCDEF', 'x'.repeat(40), 'Ä1', '-1']),
    0.15,
  );
};

const rowsWithoutRowId: Fault = (soil) => {
  const [table, column] = soil.random.pick<readonly [TableName, string]>([
    ['ssd_address', 'addr_table_id'],
    ['ssd_disability', 'disa_table_id'],
    ['ssd_sdq_scores', 'csdq_table_id'],
    ['ssd_permanence', 'perm_table_id'],
    ['ssd_care_leavers', 'clea_table_id'],
    ['ssd_involvements', 'invo_involvements_id'],
    ['ssd_assessment_factors', 'cinf_table_id'],
  ]);
  spoil(soil, table, column, () => null, soil.random.pick([0.3, 1]));
};

/** Without one of these nothing is read at all (docs/profiles.md): there would be no run to audit. */
const neededColumns: readonly string[] = ['pers_person_id', 'cine_referral_id', 'cine_person_id'];

const missingColumns: Fault = (soil) => {
  const tables = [...soil.tables].filter(([, { columns }]) => columns.size > 2);
  for (let number = soil.random.int(1, 3); number > 0; number -= 1) {
    const [table, { columns, rows }] = soil.random.pick(tables);
    const droppable = [...columns].filter((column) => !neededColumns.includes(column));
    const column = soil.random.pick(droppable.length > 0 ? droppable : ['']);
    if (table === 'ssd_person' && column === 'pers_dob') continue;
    columns.delete(column);
    for (const row of rows) Reflect.deleteProperty(row, column);
  }
};

const missingTables: Fault = (soil) => {
  const tables = [...soil.tables.keys()].filter(
    (table) => !['ssd_person', 'ssd_cin_episodes'].includes(table),
  );
  soil.tables.delete(soil.random.pick(tables));
};

/** The tables and columns that Data to Insight's guide calls enough (minimal_ssd.csv). */
const minimalTables: Fault = (soil) => {
  for (const [table, { columns, rows }] of soil.tables) {
    const kept = new Set(minimalColumns[table] ?? []);
    if (kept.size === 0) soil.tables.delete(table);
    for (const column of [...columns]) {
      if (kept.has(column)) continue;
      columns.delete(column);
      for (const row of rows) Reflect.deleteProperty(row, column);
    }
  }
};

/** The kinds of fault by name, each with how often it is drawn. */
export const faults: Readonly<Record<string, readonly [fault: Fault, weight: number]>> = {
  'ids numbered per child': [idsNumberedPerChild, 3],
  'missing person ids': [missingPersonIds, 3],
  'contradicting person ids': [contradictingPersonIds, 3],
  'legacy ids in permanence': [legacyIdsInPermanence, 2],
  strangers: [strangers, 2],
  'keys that match nothing': [keysThatMatchNothing, 3],
  'trailing blanks': [trailingBlanks, 2],
  'char padding': [charPadding, 2],
  'other case': [otherCase, 2],
  'dates as text': [datesAsText, 4],
  'sentinel dates': [sentinelDates, 4],
  'reversed ends': [reversedEnds, 3],
  'missing dates': [missingDates, 3],
  'rows twice': [rowsTwice, 2],
  'ids twice': [idsTwice, 3],
  'persons twice': [personsTwice, 2],
  placeholders: [placeholders, 3],
  'factors of every shape': [factorsOfEveryShape, 3],
  'outcomes of every shape': [outcomesOfEveryShape, 2],
  'codes with text around': [codesWithTextAround, 3],
  'codes that no list knows': [codesThatNoListKnows, 3],
  'retired codes': [retiredCodes, 1],
  'unknown reasons as UPN': [unknownReasonsAsUpn, 1],
  'odd addresses': [oddAddresses, 2],
  'second adoptions': [secondAdoptions, 2],
  'placements filtered out': [placementsFilteredOut, 2],
  'odd roles': [oddRoles, 2],
  'unregistered workers': [unregisteredWorkers, 1],
  'missing workers': [missingWorkers, 1],
  'future referrals': [futureReferrals, 1],
  'other types': [otherTypes, 2],
  'half characters': [halfCharacters, 1],
  'odd former UPNs': [oddFormerUpns, 2],
  'odd immigration': [oddImmigration, 2],
  'odd scores': [oddScores, 1],
  'odd flags': [oddFlags, 1],
  'ids that cannot be sent': [idsThatCannotBeSent, 2],
  'rows without row id': [rowsWithoutRowId, 2],
  'missing columns': [missingColumns, 1],
  'missing tables': [missingTables, 1],
  'minimal tables': [minimalTables, 1],
};
