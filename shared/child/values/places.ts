import { isUnreadable, type TextCell } from '../cells.js';
import { byTexts } from '../ordering.js';
import { rowIdOf, type PersonRows, type SsdRow, type SsdTable } from '../sourceRows.js';

/** Where a source value is, for a person who looks for it in the case management system. */
export interface Source {
  readonly table: SsdTable;
  /** The row's own id in the SSD, null when it has none. */
  readonly rowId: string | null;
  /** The row itself, for the count of what became of every row; absent where several are meant. */
  readonly row?: AnyRow;
  /** The id of the record it belongs to: the referral, the period of care, the assessment, the enquiry. */
  readonly parentId?: string | null;
  readonly team?: string | null;
  readonly worker?: string | null;
}

/** The columns that say where a row is, in addition to its own id. */
interface Columns {
  readonly parent?: string;
  readonly team?: string;
  readonly worker?: string;
}

const columnsOf: Readonly<Partial<Record<SsdTable, Columns>>> = {
  ssd_cin_episodes: { team: 'cine_referral_team', worker: 'cine_referral_worker_id' },
  ssd_cin_assessments: {
    parent: 'cina_referral_id',
    team: 'cina_assessment_team',
    worker: 'cina_assessment_worker_id',
  },
  ssd_assessment_factors: { parent: 'cinf_assessment_id' },
  ssd_cin_plans: {
    parent: 'cinp_referral_id',
    team: 'cinp_cin_plan_team',
    worker: 'cinp_cin_plan_worker_id',
  },
  ssd_s47_enquiry: {
    parent: 's47e_referral_id',
    team: 's47e_s47_completed_by_team',
    worker: 's47e_s47_completed_by_worker_id',
  },
  ssd_initial_cp_conference: {
    parent: 'icpc_s47_enquiry_id',
    team: 'icpc_icpc_team',
    worker: 'icpc_icpc_worker_id',
  },
  ssd_cp_plans: { parent: 'cppl_referral_id' },
  ssd_cla_episodes: { parent: 'clae_cla_id' },
  ssd_cla_placement: { parent: 'clap_cla_id' },
  ssd_permanence: { parent: 'perm_cla_id' },
  ssd_care_leavers: { team: 'clea_care_leaver_allocated_team', worker: 'clea_care_leaver_worker_id' },
  ssd_involvements: {
    parent: 'invo_referral_id',
    team: 'invo_professional_team',
    worker: 'invo_professional_id',
  },
};

/** A row of any table. */
export type AnyRow = Readonly<Record<string, TextCell>>;

/** Where the rows of one child are: each with its own team and worker, or its referral's, or those of the newest involvement. */
export class Places {
  readonly #rows: PersonRows;
  #referrals: ReadonlyMap<string, SsdRow<'ssd_cin_episodes'>> | undefined;
  #newestInvolvement: SsdRow<'ssd_involvements'> | null | undefined;

  constructor(rows: PersonRows) {
    this.#rows = rows;
  }

  of(table: SsdTable, row: AnyRow): Source {
    const columns = columnsOf[table] ?? {};
    const text = (column: string | undefined) => (column === undefined ? null : textOf(row[column]));
    return {
      table,
      row,
      rowId: idOf(row[rowIdOf(table)]),
      parentId: text(columns.parent),
      team: text(columns.team),
      worker: text(columns.worker),
    };
  }

  /** The same with a team and a worker where the row has none: made for a finding only, as it looks around. */
  withTeam(source: Source, referralId: string | null = source.parentId ?? null): Source {
    const referral = this.#referral(referralId);
    const involvement = this.#newest();
    const first = (...cells: readonly (TextCell | undefined)[]) =>
      cells.map(textOf).find((text) => text !== null) ?? null;
    return {
      ...source,
      team: first(source.team, referral?.cine_referral_team, involvement?.invo_professional_team),
      worker: first(source.worker, referral?.cine_referral_worker_id, involvement?.invo_professional_id),
    };
  }

  #referral(id: string | null): SsdRow<'ssd_cin_episodes'> | undefined {
    this.#referrals ??= new Map(
      this.#rows.ssd_cin_episodes.flatMap((row) =>
        row.cine_referral_id === null ? [] : [[row.cine_referral_id, row]],
      ),
    );
    return id === null ? undefined : this.#referrals.get(id);
  }

  #newest(): SsdRow<'ssd_involvements'> | null {
    this.#newestInvolvement ??=
      [...this.#rows.ssd_involvements]
        .sort(
          byTexts(
            (row) => textOf(row.invo_involvement_start_date),
            (row) => row.invo_involvements_id,
          ),
        )
        .at(-1) ?? null;
    return this.#newestInvolvement;
  }
}

/** Unchanged, so that the row can be found by it. */
function idOf(cell: TextCell | undefined): string | null {
  return cell === undefined || isUnreadable(cell) ? null : cell;
}

function textOf(cell: TextCell | undefined): string | null {
  if (cell === undefined || cell === null || isUnreadable(cell)) return null;
  const text = cell.trim();
  return text === '' ? null : text;
}
