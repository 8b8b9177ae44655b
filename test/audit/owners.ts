import type { TableName } from '../../infra/syntheticSsd/columns.js';
import type { Row, Ssd } from './input.js';
import { policy } from './policy.js';
import { cellOf, dateOf, keyOf } from './values.js';

/** The owner of a row. `nobody`: no way leads to a person; `two`: the ways contradict, or lead to several. */
type Owner =
  { readonly is: 'child'; readonly child: string } | { readonly is: 'nobody' } | { readonly is: 'two' };

const referralColumns: Readonly<Partial<Record<TableName, string>>> = {
  ssd_cin_assessments: 'cina_referral_id',
  ssd_cin_plans: 'cinp_referral_id',
  ssd_s47_enquiry: 's47e_referral_id',
  ssd_cp_plans: 'cppl_referral_id',
  ssd_involvements: 'invo_referral_id',
};

/** The tables whose key in Eclipse is the id of another kind of episode. */
const tablesByDay: readonly TableName[] = ['ssd_s47_enquiry', 'ssd_involvements'];

/**
 * The ways from a row to a child, by the specification ("Whose row it is") and what the published extracts write in the
 * keys. Slow on purpose: each way is followed as it is written.
 */
export class Owners {
  readonly #ssd: Ssd;
  readonly #persons: ReadonlySet<string>;
  readonly #owners = new Map<Row, Owner>();
  readonly #byChild = new Map<TableName, ReadonlyMap<string, readonly Row[]>>();
  readonly #indexes = new Map<string, ReadonlyMap<string, readonly Row[]>>();

  constructor(ssd: Ssd) {
    this.#ssd = ssd;
    this.#persons = new Set(
      this.rows('ssd_person')
        .map((row) => this.key('ssd_person', row, 'pers_person_id'))
        .filter((id) => id !== undefined),
    );
  }

  rows(table: TableName): readonly Row[] {
    return this.#ssd.tables.get(table)?.rows ?? [];
  }

  hasColumn(table: TableName, column: string): boolean {
    return this.#ssd.tables.get(table)?.columns.has(column) ?? false;
  }

  /** The id in a column as it is compared; `undefined` when there is none, or no such column. */
  key(table: TableName, row: Row, column: string): string | undefined {
    return this.hasColumn(table, column) ? keyOf(cellOf(row, column)) : undefined;
  }

  isPerson(id: string): boolean {
    return this.#persons.has(id);
  }

  of(table: TableName, row: Row): Owner {
    const known = this.#owners.get(row);
    if (known !== undefined) return known;
    const owner = this.#find(table, row);
    this.#owners.set(row, owner);
    return owner;
  }

  /** The rows of a table that belong to a child. */
  rowsOf(table: TableName, child: string): readonly Row[] {
    const byChild = this.#byChild.get(table) ?? this.#groupByChild(table);
    this.#byChild.set(table, byChild);
    return byChild.get(child) ?? [];
  }

  /** The children that each way leads to, without the ways that lead to nobody. */
  ways(table: TableName, row: Row): ReadonlySet<string>[] {
    return this.#ways(table, row).filter((way) => way.size > 0);
  }

  #find(table: TableName, row: Row): Owner {
    const ways = this.ways(table, row);
    const [first, ...others] = ways;
    if (first === undefined) return { is: 'nobody' };
    const agreed = [...first].filter((child) => others.every((way) => way.has(child)));
    const [child] = agreed;
    return child !== undefined && agreed.length === 1 ? { is: 'child', child } : { is: 'two' };
  }

  #ways(table: TableName, row: Row): ReadonlySet<string>[] {
    const own = (column: string) => this.#person(this.key(table, row, column));
    const referral = (column: string) =>
      this.#ownersOf('ssd_cin_episodes', this.referrals(this.key(table, row, column)));
    const period = (column: string) =>
      this.#ownersOf(
        'ssd_cla_episodes',
        this.#by('ssd_cla_episodes', 'clae_cla_id', this.key(table, row, column)),
      );
    switch (table) {
      case 'ssd_person':
        return [own('pers_person_id')];
      case 'ssd_address':
        return [own('addr_person_id')];
      case 'ssd_disability':
        return [own('disa_person_id')];
      case 'ssd_immigration_status':
        return [own('immi_person_id')];
      case 'ssd_linked_identifiers':
        return [own('link_person_id')];
      case 'ssd_sdq_scores':
        return [own('csdq_person_id')];
      case 'ssd_cin_episodes':
        return [own('cine_person_id')];
      case 'ssd_cin_assessments':
        return [own('cina_person_id'), referral('cina_referral_id')];
      case 'ssd_assessment_factors':
        return [this.#ownersOf('ssd_cin_assessments', this.assessmentsOf(row))];
      case 'ssd_cin_plans':
        return [own('cinp_person_id'), referral('cinp_referral_id')];
      case 'ssd_s47_enquiry':
        return [own('s47e_person_id'), referral('s47e_referral_id')];
      case 'ssd_initial_cp_conference':
        return [
          own('icpc_person_id'),
          this.#ownersOf('ssd_s47_enquiry', this.enquiriesOf(row)),
          referral('icpc_referral_id'),
        ];
      case 'ssd_cp_plans':
        return [own('cppl_person_id'), referral('cppl_referral_id')];
      case 'ssd_cla_episodes':
        return [own('clae_person_id'), this.#ownersOf('ssd_cin_episodes', this.referralsOfCareEpisode(row))];
      case 'ssd_cla_placement':
        return [
          own('clap_person_id'),
          this.#ownersOf('ssd_cla_episodes', this.staysOf(row)),
          period('clap_cla_id'),
        ];
      case 'ssd_permanence':
        // SystemC writes the legacy id there, which is often another child's person id.
        return this.#ssd.cms === 'systemc'
          ? [period('perm_cla_id')]
          : [own('perm_person_id'), period('perm_cla_id')];
      case 'ssd_care_leavers':
        return [own('clea_person_id')];
      case 'ssd_involvements':
        return [own('invo_person_id'), referral('invo_referral_id')];
      case 'ssd_professionals':
        return [];
    }
  }

  /** The care episodes that name a placement, of its period of care where both have one. */
  staysOf(placement: Row): readonly Row[] {
    const id = this.key('ssd_cla_placement', placement, 'clap_cla_placement_id');
    const period = this.key('ssd_cla_placement', placement, 'clap_cla_id');
    return this.#by('ssd_cla_episodes', 'clae_cla_placement_id', id).filter((care) => {
      const its = this.key('ssd_cla_episodes', care, 'clae_cla_id');
      return period === undefined || its === undefined || its === period;
    });
  }

  referrals(key: string | undefined): readonly Row[] {
    return this.#by('ssd_cin_episodes', 'cine_referral_id', key);
  }

  /** The episodes that a care episode names: in Eclipse with the person's id in front of the one it holds. */
  referralsOfCareEpisode(row: Row): readonly Row[] {
    const key = this.key('ssd_cla_episodes', row, 'clae_referral_id');
    const direct = this.referrals(key);
    if (this.#ssd.cms !== 'eclipse' || direct.length > 0 || key === undefined) return direct;
    const person = this.key('ssd_cla_episodes', row, 'clae_person_id');
    return person === undefined ? [] : this.referrals(`${person}${key}`);
  }

  /** The assessments that a factor row belongs to, each with the way its system writes the key. */
  assessmentsOf(factor: Row): readonly Row[] {
    const key = this.key('ssd_assessment_factors', factor, 'cinf_assessment_id');
    const direct = this.#by('ssd_cin_assessments', 'cina_assessment_id', key);
    if (this.#ssd.cms === 'mosaic') return direct.length > 0 ? direct : this.#withPersonInFront(key);
    if (this.#ssd.cms === 'eclipse') {
      const table = this.key('ssd_assessment_factors', factor, 'cinf_table_id');
      const byTable = this.#by('ssd_cin_assessments', 'cina_assessment_id', table);
      if (byTable.length > 0) return byTable;
      return direct.length > 0 ? direct : this.#withPersonInFront(key);
    }
    return direct;
  }

  /** The assessments whose id is their person's id and then this one. */
  #withPersonInFront(key: string | undefined): readonly Row[] {
    if (key === undefined) return [];
    return this.rows('ssd_cin_assessments').filter((row) => {
      const id = this.key('ssd_cin_assessments', row, 'cina_assessment_id');
      if (id?.endsWith(key) !== true) return false;
      const owner = this.of('ssd_cin_assessments', row);
      const person =
        this.key('ssd_cin_assessments', row, 'cina_person_id') ??
        (owner.is === 'child' ? owner.child : undefined);
      return person !== undefined && id === `${person}${key}`;
    });
  }

  /** The rows above a row, whose items hold its own. */
  parentsOf(table: TableName, row: Row): readonly (readonly [TableName, Row])[] {
    const under = (parent: TableName, rows: readonly Row[]) => rows.map((found) => [parent, found] as const);
    const referral = referralColumns[table];
    if (table === 'ssd_assessment_factors') return under('ssd_cin_assessments', this.assessmentsOf(row));
    if (table === 'ssd_initial_cp_conference') return under('ssd_s47_enquiry', this.enquiriesOf(row));
    if (table === 'ssd_cla_placement') {
      const period = this.key(table, row, 'clap_cla_id');
      return this.#by('ssd_cla_episodes', 'clae_cla_id', period).flatMap((care) =>
        under('ssd_cin_episodes', this.referralsOfCareEpisode(care)),
      );
    }
    return referral === undefined
      ? []
      : under('ssd_cin_episodes', this.referrals(this.key(table, row, referral)));
  }

  enquiriesOf(conference: Row): readonly Row[] {
    const key = this.key('ssd_initial_cp_conference', conference, 'icpc_s47_enquiry_id');
    return this.#by('ssd_s47_enquiry', 's47e_s47_enquiry_id', key);
  }

  professionalsOf(involvement: Row): readonly Row[] {
    const key = this.key('ssd_involvements', involvement, 'invo_professional_id');
    const direct = this.#by('ssd_professionals', 'prof_professional_id', key);
    if (this.#ssd.cms !== 'mosaic') return direct;
    const byStaff = this.#by('ssd_professionals', 'prof_staff_id', key);
    return byStaff.length > 0 ? byStaff : direct;
  }

  /**
   * The episodes of a child that a row hangs under: by its key; where that is another table's, as in Eclipse's enquiries and
   * involvements (extracts.md), the referral that was open on the day.
   */
  episodesFor(
    table: TableName,
    row: Row,
    referralColumn: string,
    dayColumn: string,
    child: string,
  ): ReadonlySet<string> {
    const byKey = this.referrals(this.key(table, row, referralColumn)).filter((found) =>
      this.#belongs(found, child),
    );
    const isByDay = this.#ssd.cms === 'eclipse' && tablesByDay.includes(table) && byKey.length === 0;
    const found = isByDay ? this.#openOn(child, row, dayColumn) : byKey;
    return new Set(
      found.flatMap((episode) => this.key('ssd_cin_episodes', episode, 'cine_referral_id') ?? []),
    );
  }

  /**
   * The latest of those that had begun and were not over, else the latest of those that had begun. Which it is cannot be
   * told while another, whose start cannot be read, may have been open on the day.
   */
  #openOn(child: string, row: Row, dayColumn: string): Row[] {
    const day = dateOf(cellOf(row, dayColumn), true);
    if (day.is !== 'date') return [];
    const referrals = this.rowsOf('ssd_cin_episodes', child).map((episode) => {
      const referred = dateOf(cellOf(episode, 'cine_referral_date'), true);
      const closed = dateOf(cellOf(episode, 'cine_close_date'), true);
      const from = referred.is === 'date' ? referred.date : undefined;
      const isOver =
        closed.is === 'date' && closed.date < day.date && !(from !== undefined && closed.date < from);
      return { episode, id: this.key('ssd_cin_episodes', episode, 'cine_referral_id'), from, isOver };
    });
    const begun = referrals.filter(({ from }) => from !== undefined && from <= day.date);
    const open = begun.filter(({ isOver }) => !isOver);
    const candidates = open.length > 0 ? open : begun;
    const latest = candidates
      .map(({ from }) => from ?? '')
      .sort()
      .at(-1);
    const found = candidates.filter(({ from }) => from === latest);
    const isDoubtful = referrals.some(
      ({ id, from, isOver }) =>
        from === undefined &&
        (open.length === 0 || !isOver) &&
        !found.some((one) => one.id !== undefined && one.id === id),
    );
    return isDoubtful ? [] : found.map(({ episode }) => episode);
  }

  #belongs(episode: Row, child: string): boolean {
    const owner = this.of('ssd_cin_episodes', episode);
    return owner.is === 'child' && owner.child === child;
  }

  #person(id: string | undefined): ReadonlySet<string> {
    return new Set(id !== undefined && this.#persons.has(id) ? [id] : []);
  }

  #ownersOf(table: TableName, rows: readonly Row[]): ReadonlySet<string> {
    return new Set(
      rows.flatMap((row) => {
        const owner = this.of(table, row);
        if (owner.is === 'child') return [owner.child];
        if (owner.is === 'nobody' || policy.contradictoryRowsLeadNowhere) return [];
        return this.ways(table, row).flatMap((way) => [...way]);
      }),
    );
  }

  #by(table: TableName, column: string, key: string | undefined): readonly Row[] {
    if (key === undefined || !this.hasColumn(table, column)) return [];
    const name = `${table}.${column}`;
    const index = this.#indexes.get(name) ?? this.#index(table, column);
    this.#indexes.set(name, index);
    return index.get(key) ?? [];
  }

  #groupByChild(table: TableName): ReadonlyMap<string, readonly Row[]> {
    const byChild = new Map<string, Row[]>();
    for (const row of this.rows(table)) {
      const owner = this.of(table, row);
      if (owner.is !== 'child') continue;
      const rows = byChild.get(owner.child);
      if (rows === undefined) byChild.set(owner.child, [row]);
      else rows.push(row);
    }
    return byChild;
  }

  #index(table: TableName, column: string): ReadonlyMap<string, readonly Row[]> {
    const index = new Map<string, Row[]>();
    for (const row of this.rows(table)) {
      const key = keyOf(cellOf(row, column));
      if (key === undefined) continue;
      const rows = index.get(key);
      if (rows === undefined) index.set(key, [row]);
      else rows.push(row);
    }
    return index;
  }
}
