import type { BuildRules } from '../../../shared/child/buildRules.js';
import { addToDate, type PlainDate } from '../../../shared/child/dates.js';
import type { RuleCode } from '../../../shared/child/rules/catalogue.js';
import type { PersonRows, SsdRow } from '../../../shared/child/sourceRows.js';
import { today } from '../aPayload.js';
import { anImmigrationStatus } from '../aPerson.js';
import type { DrawnStay, LifeInCare } from './aLifeInCare.js';
import { soundUpn, withCareEpisode, withPlacement } from './aLookedAfterPerson.js';

/** What makes one rule ask about a life in care that was in order. */
export interface BreakingCare {
  readonly rule: RuleCode;
  /** @returns the rows with one thing wrong; `undefined` where the life has no place for it */
  readonly breaks: (life: LifeInCare) => PersonRows | undefined;
  /** What may be sent in another way. */
  readonly changes: readonly string[];
  /** What is asked as well, by logic. */
  readonly follows?: readonly RuleCode[];
  readonly by?: Partial<BuildRules>;
}

/** Breaks a stay that has what it takes. */
function stay(
  fits: (stay: DrawnStay, life: LifeInCare, next: DrawnStay | undefined) => boolean,
  breaks: (rows: PersonRows, stay: DrawnStay) => PersonRows,
): BreakingCare['breaks'] {
  return (life) => {
    const found = life.stays.find((one, index) => fits(one, life, life.stays[index + 1]));
    return found === undefined ? undefined : breaks(life.rows, found);
  };
}

const inPlacement =
  (values: Partial<SsdRow<'ssd_cla_placement'>>) =>
  (rows: PersonRows, { number }: DrawnStay) =>
    withPlacement(rows, `L${String(number)}`, values);
const inCare =
  (values: Partial<SsdRow<'ssd_cla_episodes'>>) =>
  (rows: PersonRows, { number }: DrawnStay) =>
    withCareEpisode(rows, `E${String(number)}`, values);

function born(rows: PersonRows, pers_dob: PlainDate): PersonRows {
  return { ...rows, person: { ...rows.person, pers_dob } };
}
const yearsBefore = (day: PlainDate | null, years: number) => addToDate(day ?? today, { years: -years });

function inAdoption(values: (stay: DrawnStay) => Partial<SsdRow<'ssd_permanence'>>): BreakingCare['breaks'] {
  return ({ rows, stays, isAdopted }) => {
    const last = stays.at(-1);
    if (!isAdopted || last === undefined) return undefined;
    return { ...rows, ssd_permanence: rows.ssd_permanence.map((row) => ({ ...row, ...values(last) })) };
  };
}

function inContact(values: Partial<SsdRow<'ssd_care_leavers'>>): BreakingCare['breaks'] {
  return ({ rows }) =>
    rows.ssd_care_leavers.length === 0
      ? undefined
      : { ...rows, ssd_care_leavers: rows.ssd_care_leavers.map((row) => ({ ...row, ...values })) };
}

function inWorker(
  at: 0 | 1,
  values: (workers: readonly SsdRow<'ssd_involvements'>[]) => Partial<SsdRow<'ssd_involvements'>>,
): BreakingCare['breaks'] {
  return ({ rows }) => ({
    ...rows,
    ssd_involvements: rows.ssd_involvements.map((row, index, all) =>
      index === at ? { ...row, ...values(all) } : row,
    ),
  });
}

/** A stay before another usual one of the same period. */
const moves = ({ kind, isLast, isSplit }: DrawnStay, _: LifeInCare, next?: DrawnStay) =>
  !isLast && !isSplit && kind !== 'away' && next?.kind === 'usual';
const endsPeriod = ({ isLast, to, type, isSplit }: DrawnStay) =>
  isLast && to !== null && type !== 'A4' && !isSplit;
/** A stay that no temporary one is compared with, and that does not end with adoption. */
const standsAlone = ({ kind, type }: DrawnStay, _: LifeInCare, next?: DrawnStay) =>
  kind === 'usual' && type !== 'A4' && next?.kind !== 'away';
const day = (cell: SsdRow<'ssd_involvements'>['invo_involvement_start_date'] | undefined) =>
  typeof cell === 'string' ? cell : today;
const upn = (reason: string) => (rows: PersonRows) => ({
  ...rows,
  person: { ...rows.person, pers_upn: null, pers_upn_unknown: reason },
});

const byCare: readonly BreakingCare[] = [
  {
    rule: 'placements-overlap',
    breaks: stay(moves, (rows, one) =>
      inPlacement({ clap_cla_placement_end_date: addToDate(one.to ?? today, { days: 1 }) })(rows, one),
    ),
    changes: ['end_date'],
  },
  {
    rule: 'ssda903-148',
    breaks: stay(
      ({ to, isSplit }) => to !== null && !isSplit,
      inCare({ clae_cla_episode_ceased_reason: null }),
    ),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-352',
    breaks: stay(
      ({ isFirst }) => isFirst,
      (rows, { from }) => born(rows, yearsBefore(from, 18)),
    ),
    changes: ['date_of_birth'],
    follows: ['ssda903-386'],
  },
  {
    rule: 'ssda903-431',
    breaks: ({ rows, stays }) => {
      const again = stays.find(({ isFirst, number }) => isFirst && number > 1);
      const before = stays[(again?.number ?? 0) - 2];
      if (again === undefined || before === undefined) return undefined;
      return inCare({ clae_cla_episode_start_date: before.to })(rows, again);
    },
    changes: [],
  },
  {
    rule: 'ssda903-432',
    breaks: stay(
      ({ isFirst, number }) => isFirst && number > 1,
      inCare({ clae_cla_episode_start_reason: 'P' }),
    ),
    changes: ['start_reason'],
    follows: ['ssda903-433'],
  },
  {
    rule: 'ssda903-433',
    breaks: stay(
      ({ isFirst }) => !isFirst,
      (rows, one) => inCare({ clae_cla_episode_start_date: addToDate(one.from, { days: 1 }) })(rows, one),
    ),
    changes: [],
  },
  {
    rule: 'ssda903-437',
    breaks: stay(
      (one, _, next) => endsPeriod(one) && next !== undefined,
      inCare({ clae_cla_episode_ceased_reason: 'E15' }),
    ),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-386',
    breaks: ({ rows, stays, isAdopted }) =>
      isAdopted ? born(rows, yearsBefore(stays.at(-1)?.to ?? null, 18)) : undefined,
    changes: ['date_of_birth'],
  },
  {
    rule: 'ssda903-389',
    breaks: stay(endsPeriod, inCare({ clae_cla_episode_ceased_reason: 'E7' })),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-407',
    breaks: stay(endsPeriod, (rows, one) =>
      born(inCare({ clae_cla_episode_ceased_reason: 'E47' })(rows, one), yearsBefore(one.to, 18)),
    ),
    changes: ['end_reason', 'date_of_birth'],
    follows: ['ssda903-352', 'ssda903-386'],
  },
  {
    rule: 'ssda903-460',
    breaks: stay(endsPeriod, inCare({ clae_cla_episode_ceased_reason: 'E17' })),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-390',
    breaks: stay(endsPeriod, inCare({ clae_cla_episode_ceased_reason: 'E12' })),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-516',
    breaks: stay(
      (one) => endsPeriod(one) && !one.type.startsWith('U'),
      inCare({ clae_cla_episode_ceased_reason: 'E46' }),
    ),
    changes: ['end_reason'],
  },
  {
    rule: 'ssda903-225',
    breaks: stay(moves, inPlacement({ clap_cla_placement_change_reason: null })),
    changes: ['change_reason'],
  },
  {
    rule: 'ssda903-226',
    breaks: stay(({ kind }) => kind === 'away', inPlacement({ clap_cla_placement_change_reason: 'OTHER' })),
    changes: ['change_reason'],
  },
  {
    rule: 'ssda903-233',
    breaks: stay(({ to }) => to === null, inPlacement({ clap_cla_placement_change_reason: 'CHILD' })),
    changes: ['change_reason'],
  },
  {
    rule: 'ssda903-234',
    breaks: stay(moves, (rows, one) =>
      born(
        inPlacement({ clap_cla_placement_change_reason: 'CUSTOD' })(rows, one),
        addToDate(yearsBefore(one.to, 10), { days: 1 }),
      ),
    ),
    changes: ['change_reason', 'date_of_birth'],
  },
  {
    rule: 'ssda903-371',
    breaks: stay(standsAlone, inPlacement({ clap_cla_placement_type: 'K3' })),
    changes: ['placement_type'],
  },
  {
    rule: 'ssda903-372',
    breaks: stay(standsAlone, (rows, one) =>
      born(inPlacement({ clap_cla_placement_type: 'R5' })(rows, one), yearsBefore(one.from, 9)),
    ),
    changes: ['placement_type', 'date_of_birth'],
  },
  {
    rule: 'ssda903-373',
    breaks: stay(standsAlone, (rows, one) =>
      born(inPlacement({ clap_cla_placement_type: 'S1' })(rows, one), yearsBefore(one.from, 3)),
    ),
    changes: ['placement_type', 'date_of_birth'],
  },
  {
    rule: 'ssda903-374',
    breaks: stay(standsAlone, inPlacement({ clap_cla_placement_type: 'P3' })),
    changes: ['placement_type'],
  },
  {
    rule: 'ssda903-380',
    breaks: stay(({ kind }) => kind === 'away', inCare({ clae_cla_episode_start_reason: 'L' })),
    changes: ['start_reason'],
  },
  {
    rule: 'ssda903-381',
    breaks: stay(({ kind }) => kind === 'away', inCare({ clae_cla_episode_ceased_reason: 'E4A' })),
    changes: ['end_reason'],
    follows: ['ssda903-432'],
  },
  {
    rule: 'ssda903-383',
    breaks: stay(({ kind }) => kind === 'back', inPlacement({ clap_cla_placement_postcode: 'LS2 7EW' })),
    changes: ['postcode'],
  },
  {
    rule: 'ssda903-376',
    breaks: stay(({ type }) => type === 'T2', inPlacement({ clap_cla_placement_type: 'T3' })),
    changes: ['placement_type'],
  },
  {
    rule: 'ssda903-379',
    breaks: stay(({ type }) => type === 'T3', inPlacement({ clap_cla_placement_type: 'T4' })),
    changes: ['placement_type'],
  },
  {
    rule: 'ssda903-392d',
    breaks: stay(
      (one, life, next) => standsAlone(one, life, next) && one.type !== 'P1',
      inPlacement({ clap_cla_placement_postcode: 'LS1 1UR' }),
    ),
    changes: ['postcode'],
  },
];

const byOthers: readonly BreakingCare[] = [
  {
    rule: 'ssda903-331',
    breaks: inAdoption(({ from }) => ({ perm_matched_date: addToDate(from, { days: 1 }) })),
    changes: ['matched_date'],
  },
  {
    rule: 'ssda903-333',
    breaks: inAdoption(() => ({ perm_adm_decision_date: null })),
    changes: ['initial_decision_date'],
  },
  {
    rule: 'ssda903-521',
    breaks: inAdoption(({ from }) => ({ perm_adm_decision_date: addToDate(from, { days: 1 }) })),
    changes: ['initial_decision_date'],
    follows: ['ssda903-333'],
  },
  {
    rule: 'ssda903-153',
    breaks: inContact({ clea_care_leaver_activity: null }),
    changes: ['activity'],
  },
  {
    rule: 'ssda903-347',
    breaks: inContact({ clea_care_leaver_accommodation: 'T' }),
    changes: ['accommodation'],
  },
  {
    rule: 'ssda903-3001',
    breaks: (life) => {
      const rows = inContact({ clea_care_leaver_accommodation: 'Z' })(life);
      return rows && born(rows, '2009-08-01');
    },
    changes: ['accommodation', 'date_of_birth'],
  },
  {
    rule: 'ssda903-sw02stg1',
    breaks: inWorker(1, () => ({ prof_social_worker_registration_no: '100002' })),
    changes: ['worker_id'],
  },
  {
    rule: 'ssda903-sw08stg2',
    breaks: inWorker(0, () => ({ invo_involvement_end_date: null })),
    changes: ['end_date'],
  },
  {
    rule: 'ssda903-sw09stg2',
    breaks: inWorker(0, ([first]) => ({
      invo_involvement_end_date: day(first?.invo_involvement_start_date),
    })),
    changes: ['end_date'],
  },
  {
    rule: 'ssda903-sw10stg2',
    breaks: inWorker(1, ([, second]) => ({
      invo_involvement_start_date: addToDate(day(second?.invo_involvement_start_date), { days: -8 }),
    })),
    changes: ['start_date'],
  },
  {
    rule: 'ssda903-sw17stg2',
    breaks: (life) =>
      life.isOpen
        ? inWorker(1, () => ({ invo_involvement_end_date: addToDate(today, { days: -1 }) }))(life)
        : undefined,
    changes: ['end_date'],
  },
  {
    rule: 'ssda903-209',
    breaks: ({ rows }) => upn('UN1')(rows),
    changes: ['unique_pupil_number', 'unique_pupil_number_unknown_reason'],
    follows: ['cin-8770Q'],
  },
  {
    rule: 'ssda903-210',
    breaks: ({ rows, isOpen }) => (isOpen ? upn('UN4')(rows) : undefined),
    changes: ['unique_pupil_number', 'unique_pupil_number_unknown_reason'],
  },
  {
    rule: 'ssda903-304',
    breaks: ({ rows }) => ({
      ...born(rows, '2008-03-01'),
      ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status_end_date: '2026-03-02' })],
    }),
    changes: ['date_of_birth', 'uasc_flag', 'uasc_end_date'],
    follows: ['ssda903-352', 'ssda903-386'],
  },
  {
    rule: 'upn-shared',
    breaks: ({ rows }) => rows,
    by: { sharedUpns: new Set([soundUpn]) },
    changes: [],
  },
];

/** One for each rule about looked-after children, adoption, care leavers, social workers and UPNs of the SSDA903. */
export const breakingCare: readonly BreakingCare[] = [...byCare, ...byOthers];
