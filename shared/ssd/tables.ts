import {
  isSsdTable,
  professionalColumns,
  ssdTables,
  type SsdDetailTable,
  type SsdTable,
} from '../child/sourceRows.js';

/** The tables that are read: those with rows of their own in `child/sourceRows.ts`, and the professionals joined to them. */
export type KnownTable = SsdTable | 'ssd_professionals';

/** `person`, or a parent to whose person a row belongs. */
export type WayName = 'person' | SsdDetailTable;

/** How a table is read; its columns are in `child/sourceRows.ts`. */
interface TableFacts {
  /** What a row of it is called in SQL. */
  readonly alias: string;
  /**
   * The ways from a row to its person, in their order: the table's own person column; or a parent, by each equation in
   * turn. All that lead to a person in ssd_person must lead to the same one, or the row belongs to no person.
   */
  readonly ways?: readonly WayName[];
  /** The main column: without it the table says nothing about a child. */
  readonly essential?: string;
  /**
   * What is lost where the table is absent; DfE keeps what it holds of it. Where this is not set, nothing can be sent
   * without the table.
   */
  readonly loss?: string;
}

/** Every table that is read. */
export const tables = {
  ssd_person: {
    alias: 'person',
  },
  ssd_address: {
    alias: 'address',
    ways: ['person'],
    essential: 'addr_address_postcode',
    loss: 'no postcode of a child is sent',
  },
  ssd_disability: {
    alias: 'disability',
    ways: ['person'],
    essential: 'disa_disability_code',
    loss: 'no disabilities are sent',
  },
  ssd_immigration_status: {
    alias: 'immigration',
    ways: ['person'],
    essential: 'immi_immigration_status',
    loss: 'nothing is sent about unaccompanied asylum-seeking children',
  },
  ssd_linked_identifiers: {
    alias: 'identifier',
    ways: ['person'],
    loss: 'no former UPN is sent',
  },
  ssd_sdq_scores: {
    alias: 'sdq',
    ways: ['person'],
    essential: 'csdq_sdq_score',
    loss: 'no scores of the strengths and difficulties questionnaire are sent',
  },
  ssd_cin_episodes: {
    alias: 'referral',
    ways: ['person'],
  },
  ssd_cin_assessments: {
    alias: 'assessment',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no assessments are sent',
  },
  ssd_assessment_factors: {
    alias: 'factors',
    ways: ['ssd_cin_assessments'],
    essential: 'cinf_assessment_factors_json',
    loss: 'no factors of assessments are sent',
  },
  ssd_cin_plans: {
    alias: 'cin_plan',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no child in need plans are sent, and no care workers where the gate `childInNeedPlan` is on',
  },
  ssd_s47_enquiry: {
    alias: 'enquiry',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no section 47 enquiries are sent',
  },
  ssd_initial_cp_conference: {
    alias: 'conference',
    ways: ['person', 'ssd_s47_enquiry', 'ssd_cin_episodes'],
    loss: 'no dates of initial child protection conferences are sent',
  },
  ssd_cp_plans: {
    alias: 'cp_plan',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no child protection plans are sent',
  },
  ssd_cla_episodes: {
    alias: 'care_episode',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no placements are sent, and adoptions are sent under the newest episode',
  },
  ssd_cla_placement: {
    alias: 'placement',
    ways: ['person', 'ssd_cla_episodes'],
    loss: 'no placements are sent',
  },
  ssd_permanence: {
    alias: 'permanence',
    ways: ['person', 'ssd_cla_episodes'],
    loss: 'no adoptions are sent',
  },
  ssd_care_leavers: {
    alias: 'care_leaver',
    ways: ['person'],
    loss: 'nothing is sent about care leavers, and none of them is in the cohort for that reason',
  },
  ssd_involvements: {
    alias: 'involvement',
    ways: ['person', 'ssd_cin_episodes'],
    loss: 'no care workers are sent',
  },
  ssd_professionals: {
    alias: 'professional',
    loss: 'no care workers are sent',
  },
} as const satisfies Readonly<Record<KnownTable, TableFacts>>;

export const knownTables: readonly KnownTable[] = Object.keys(tables).filter(isKnownTable);

export function isKnownTable(name: string): name is KnownTable {
  return Object.hasOwn(tables, name);
}

export function isDetailTable(name: string): name is SsdDetailTable {
  return isSsdTable(name) && name !== 'ssd_person';
}

export function isWayName(name: string): name is WayName {
  return name === 'person' || isDetailTable(name);
}

export function factsOf(table: KnownTable): TableFacts {
  return tables[table];
}

export function aliasOf(table: KnownTable): string {
  return tables[table].alias;
}

/** Something for each table that hangs on a person. */
export type TableRecord<Value> = Readonly<Record<SsdDetailTable, Value>>;

/** Every column that is read of a table, or joined by, under its name in the SSD specification. */
export function columnsOf(table: KnownTable): readonly string[] {
  return table === 'ssd_professionals'
    ? professionalColumns
    : Object.keys(ssdTables[table]).filter((column) => !column.startsWith('prof_'));
}

/** What a column of a table is for; `undefined` for one that only a relation names. */
export function kindOf(table: KnownTable, column: string): 'id' | 'text' | 'date' | undefined {
  if (table === 'ssd_professionals') return 'id';
  return Object.entries(ssdTables[table]).find(([name]) => name === column)?.[1];
}

/** The column in which a table names the person its rows belong to; `undefined` for one that names none. */
export function personColumnOf(table: SsdTable): string | undefined {
  return Object.keys(ssdTables[table]).find((column) => column.endsWith('_person_id'));
}
