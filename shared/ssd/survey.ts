import type { SsdDetailTable, SsdTable } from '../child/sourceRows.js';
import type { KnownTable } from './tables.js';

/** What a run finds out about the SSD as a whole before it reads the first range. */
export interface Survey {
  /** For each way to a person and each key to a parent that the SSD has the columns for. */
  readonly relations: readonly RelationHealth[];
  /** The tables that the SSD does not have. */
  readonly absentTables: ReadonlySet<SsdTable>;
  /** The columns that it does not have, of the tables that it has. */
  readonly absentColumns: readonly AbsentColumn[];
  /** How many rows of ssd_assessment_factors match no assessment. */
  readonly factorsWithoutAssessment: number;
  /** The UPNs that several persons have, in capitals: for comparing, never shown. */
  readonly sharedUpns: ReadonlySet<string>;
  /** How many rows of ssd_person have no id: they are in no range. */
  readonly personsWithoutId: number;
  /** Whose the rows of each table are, the tables that are absent left out. */
  readonly belonging: ReadonlyMap<SsdDetailTable, Belonging>;
}

/** How the rows of a table match those of another. */
export interface RelationHealth {
  /** `ssd_cin_assessments.cina_referral_id -> ssd_cin_episodes`: stable, for comparing runs. */
  readonly relation: string;
  readonly table: SsdDetailTable;
  /** The columns of the table by which they match, the key first. */
  readonly columns: readonly string[];
  readonly parent: KnownTable;
  /** All rows of the table. */
  readonly rows: number;
  /** Those that have a key. */
  readonly withKey: number;
  /** Those that match their parent. */
  readonly found: number;
}

export interface AbsentColumn {
  readonly table: KnownTable;
  readonly column: string;
}

/** Whose the rows of one table are. */
export interface Belonging {
  readonly rows: number;
  /** Rows that name a person themselves. */
  readonly withPerson: number;
  /** Rows without a key that leads to a person in ssd_person. */
  readonly noPerson: number;
  /** Rows whose keys lead to different persons, or to several. */
  readonly twoPersons: number;
  readonly ways: readonly WayFacts[];
}

/** What one way to a person does for the rows of a table; decides what the SELECTs of a range must join. */
export interface WayFacts {
  /** Rows that it leads to a person. */
  readonly found: number;
  /** Rows whose person it decides: no way before it leads to a person, and no other contradicts. */
  readonly owns: number;
  /** Rows that it leads to several persons, and no way before it leads to a person. */
  readonly several: number;
  /** Rows that an earlier way gives to one person, and that this way leads only to others. */
  readonly contradicts: number;
}
