import fc from 'fast-check';
import { addToDate, type PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { anAddress, anAdoption, aCareLeaverContact } from '../aPerson.js';
import { lookedAfter, workers, withCareEpisode } from './aLookedAfterPerson.js';

/** One placement of a life in care, `L1` and so on, as it is drawn. */
export interface DrawnStay {
  readonly number: number;
  readonly from: PlainDate;
  readonly to: PlainDate | null;
  readonly type: string;
  readonly kind: 'usual' | 'away' | 'back';
  /** It begins, or ends, a period of care. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** There is another care episode in the placement. */
  readonly isSplit: boolean;
}

/** A looked-after person about whom no rule asks, born on 15 June 2012, and how it was drawn. */
export interface LifeInCare {
  readonly stays: readonly DrawnStay[];
  readonly rows: PersonRows;
  /** The last period of care ended with adoption. */
  readonly isAdopted: boolean;
  readonly isOpen: boolean;
}

const usualTypes = ['U4', 'U1', 'K1', 'K2', 'P1', 'R1'] as const;
const daysAway = { T0: 40, T1: 30, T2: 22, T3: 21, T4: 7 } as const;

const usual = fc.record({ type: fc.constantFrom(...usualTypes), days: fc.integer({ min: 5, max: 40 }) });
const move = fc.record({ kind: fc.constant('move' as const), to: usual });
const away = fc.record({
  kind: fc.constant('away' as const),
  type: fc.constantFrom('T0' as const, 'T1' as const, 'T2' as const, 'T3' as const, 'T4' as const),
  daysBack: fc.integer({ min: 5, max: 40 }),
});
const period = fc.record({
  first: usual,
  then: fc.array(fc.oneof(move, away), { maxLength: 3 }),
  daysUntilNext: fc.integer({ min: 2, max: 40 }),
});

interface Length {
  readonly type: string;
  readonly days: number;
  readonly kind: DrawnStay['kind'];
}

/** One to three periods of care, with moves, temporary placements and social workers, an adoption or a contact. */
export const aLifeInCare: fc.Arbitrary<LifeInCare> = fc
  .record({
    periods: fc.array(period, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('open' as const, 'ended' as const, 'adopted' as const),
    isSplit: fc.boolean(),
    hasContact: fc.boolean(),
  })
  .map(({ periods, end, isSplit, hasContact }) => {
    const stays = staysOf(periods, end, isSplit);
    const last = stays.at(-1);
    const first = stays[0];
    if (last === undefined || first === undefined) throw new Error('a life in care has a stay');
    const changed = addToDate(first.from, { days: 30 });
    const rows = lookedAfter(
      stays.map(({ from, to, type, isFirst }) => ({
        from,
        to,
        type,
        ...(isFirst ? { start: 'S' } : {}),
        ...(to !== null && end === 'adopted' && from === last.from ? { end: 'E11' } : {}),
      })),
      {
        ssd_address: [anAddress()],
        ssd_involvements: workers(
          { invo_involvement_start_date: first.from, invo_involvement_end_date: changed },
          { invo_involvement_start_date: changed },
        ),
        ssd_care_leavers: hasContact ? [aCareLeaverContact()] : [],
        ssd_permanence:
          end === 'adopted'
            ? [
                anAdoption({
                  perm_cla_id: `K${String(periods.length)}`,
                  perm_adm_decision_date: addToDate(last.from, { days: -20 }),
                  perm_matched_date: addToDate(last.from, { days: -10 }),
                  perm_placed_for_adoption_date: last.from,
                }),
              ]
            : [],
      },
    );
    return {
      stays,
      rows: isSplit ? withStatusChanged(rows, first) : rows,
      isAdopted: end === 'adopted',
      isOpen: end === 'open',
    };
  });

type DrawnPeriod = typeof period extends fc.Arbitrary<infer Value> ? Value : never;

function staysOf(periods: readonly DrawnPeriod[], end: string, isSplit: boolean): readonly DrawnStay[] {
  const stays: DrawnStay[] = [];
  let day: PlainDate = '2024-09-01';
  for (const [index, drawn] of periods.entries()) {
    const isLastPeriod = index === periods.length - 1;
    const lengths = lengthsOf(drawn);
    if (isLastPeriod && end === 'adopted') lengths.push({ type: 'A4', days: 30, kind: 'usual' });
    for (const [at, { type, days, kind }] of lengths.entries()) {
      const to = addToDate(day, { days });
      const isLast = at === lengths.length - 1;
      stays.push({
        number: stays.length + 1,
        from: day,
        to: isLastPeriod && isLast && end === 'open' ? null : to,
        type,
        kind,
        isFirst: at === 0,
        isLast,
        isSplit: isSplit && stays.length === 0,
      });
      day = to;
    }
    day = addToDate(day, { days: drawn.daysUntilNext });
  }
  return stays;
}

function lengthsOf({ first, then }: DrawnPeriod): Length[] {
  const lengths: Length[] = [{ ...first, kind: 'usual' }];
  let { type } = first;
  for (const step of then) {
    if (step.kind === 'move') {
      type = step.to.type;
      lengths.push({ ...step.to, kind: 'usual' });
    } else {
      lengths.push({ type: step.type, days: daysAway[step.type], kind: 'away' });
      lengths.push({ type, days: step.daysBack, kind: 'back' });
    }
  }
  return lengths;
}

/** The legal status changes two days after the start of the first placement: a care episode `E1b` goes on in it. */
function withStatusChanged(rows: PersonRows, { from }: DrawnStay): PersonRows {
  const first = rows.ssd_cla_episodes.find(({ clae_cla_episode_id: id }) => id === 'E1');
  if (first === undefined) return rows;
  const day = addToDate(from, { days: 2 });
  const goesOn = {
    ...first,
    clae_cla_episode_id: 'E1b',
    clae_cla_episode_start_date: day,
    clae_cla_episode_start_reason: 'L',
  };
  const ended = withCareEpisode(rows, 'E1', {
    clae_cla_episode_ceased_date: day,
    clae_cla_episode_ceased_reason: 'X1',
  });
  return { ...ended, ssd_cla_episodes: [...ended.ssd_cla_episodes, goesOn] };
}
