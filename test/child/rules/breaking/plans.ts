import type { PlainDate } from '../../../../shared/child/dates.js';
import type { PersonRows } from '../../../../shared/child/sourceRows.js';
import { aCinPlan, aConference, aCpPlan } from '../../aPerson.js';
import { inNeed, protectedChild, soundPerson, withFirst, withRow } from '../aSoundPerson.js';
import type { Breaking } from '../breaking.js';

/** Of 5 May 2025: the child in need plan `N1` from 5 June. */
const open = soundPerson([inNeed]);
/** The child protection plan `P1` from 26 May. */
const isProtected = soundPerson([protectedChild]);
/** Until 1 November. */
const wasProtected = withFirst(soundPerson([{ ...protectedChild, isClosed: true }]), 'ssd_cp_plans', {
  cppl_cp_plan_end_date: '2025-11-01',
});
/** A conference and a plan on 22 April 2026, and on 31 March. */
const inApril = soundPerson([{ ...protectedChild, referred: '2026-04-01' }]);
const inMarch = soundPerson([{ ...protectedChild, referred: '2026-03-10' }]);

type End = PlainDate | null;

const cin = (rows: PersonRows, start: PlainDate, end: End) =>
  withFirst(rows, 'ssd_cin_plans', { cinp_cin_plan_start_date: start, cinp_cin_plan_end_date: end });
const cp = (rows: PersonRows, start: PlainDate, end: End) =>
  withFirst(rows, 'ssd_cp_plans', { cppl_cp_plan_start_date: start, cppl_cp_plan_end_date: end });
const moreCin = (rows: PersonRows, id: string, start: PlainDate, end: End) =>
  withRow(
    rows,
    'ssd_cin_plans',
    aCinPlan({ cinp_cin_plan_id: id, cinp_cin_plan_start_date: start, cinp_cin_plan_end_date: end }),
  );
const moreCp = (rows: PersonRows, id: string, start: PlainDate, end: End) =>
  withRow(
    rows,
    'ssd_cp_plans',
    aCpPlan({ cppl_cp_plan_id: id, cppl_cp_plan_start_date: start, cppl_cp_plan_end_date: end }),
  );

export const breakingPlans: readonly Breaking[] = [
  {
    rule: 'cin-4015',
    when: 'a child in need plan from the day before the referral',
    sound: open,
    broken: (rows) => cin(rows, '2025-05-04', null),
    told: ['cin-4015: ssd_cin_plans N1 cinp_cin_plan_start_date'],
    butNot: 'one from that day',
    kept: (rows) => cin(rows, '2025-05-05', null),
  },
  {
    rule: 'cin-1105',
    when: 'a child protection plan from the day before the referral',
    sound: isProtected,
    broken: (rows) => cp(rows, '2025-05-04', null),
    told: ['cin-1105: ssd_cp_plans P1 cppl_cp_plan_start_date'],
    butNot: 'one from that day',
    kept: (rows) => cp(rows, '2025-05-05', null),
  },
  {
    // Two open plans overlap.
    rule: 'cin-4004',
    when: 'two open child in need plans, except the latest',
    sound: open,
    broken: (rows) => moreCin(rows, 'N2', '2025-09-01', null),
    told: [
      'cin-4004: ssd_cin_plans N1 cinp_cin_plan_end_date',
      'cin-4014: ssd_cin_plans N2 cinp_cin_plan_start_date',
    ],
    butNot: 'one after a plan that ended',
    kept: (rows) => moreCin(cin(rows, '2025-06-05', '2025-08-31'), 'N2', '2025-09-01', null),
  },
  {
    rule: 'cin-4014',
    when: 'a child in need plan from the day on which another one ended',
    sound: open,
    broken: (rows) => moreCin(cin(rows, '2025-06-05', '2025-09-01'), 'N2', '2025-09-01', '2025-10-01'),
    told: ['cin-4014: ssd_cin_plans N2 cinp_cin_plan_start_date'],
    butNot: 'one from the day after',
    kept: (rows) => moreCin(cin(rows, '2025-06-05', '2025-09-01'), 'N2', '2025-09-02', '2025-10-01'),
  },
  {
    rule: 'cin-4012Q',
    when: 'a child in need plan of one day',
    sound: open,
    broken: (rows) => cin(rows, '2025-06-05', '2025-06-05'),
    told: ['cin-4012Q: ssd_cin_plans N1 cinp_cin_plan_end_date'],
    butNot: 'one that ends the day after its start',
    kept: (rows) => cin(rows, '2025-06-05', '2025-06-06'),
  },
  {
    // One of two open plans starts during the other: 4016, or 4017.
    rule: 'cin-4001',
    when: 'an open child in need plan together with an open child protection plan',
    sound: isProtected,
    broken: (rows) => moreCin(rows, 'N1', '2025-06-05', null),
    told: [
      'cin-4001: ssd_cin_plans N1 cinp_cin_plan_end_date',
      'cin-4016: ssd_cin_plans N1 cinp_cin_plan_start_date',
    ],
    butNot: 'one that ended when the protection began',
    kept: (rows) => moreCin(rows, 'N1', '2025-05-06', '2025-05-26'),
  },
  {
    rule: 'cin-4016',
    when: 'a child in need plan from the day before a child protection plan ended',
    sound: wasProtected,
    broken: (rows) => moreCin(rows, 'N1', '2025-10-31', '2025-11-21'),
    told: ['cin-4016: ssd_cin_plans N1 cinp_cin_plan_start_date'],
    butNot: 'one from that day',
    kept: (rows) => moreCin(rows, 'N1', '2025-11-01', '2025-11-21'),
  },
  {
    rule: 'cin-4017',
    when: 'a child protection plan from the day before a child in need plan ended',
    sound: isProtected,
    broken: (rows) => moreCin(rows, 'N1', '2025-05-06', '2025-05-27'),
    told: ['cin-4017: ssd_cp_plans P1 cppl_cp_plan_start_date'],
    butNot: 'one from that day',
    kept: (rows) => moreCin(rows, 'N1', '2025-05-06', '2025-05-26'),
  },
  {
    // Two open plans overlap.
    rule: 'cin-8935',
    when: 'two open child protection plans, except the latest',
    sound: isProtected,
    broken: (rows) => moreCp(rows, 'P2', '2025-09-01', null),
    told: [
      'cin-8935: ssd_cp_plans P1 cppl_cp_plan_end_date',
      'cin-8940: ssd_cp_plans P2 cppl_cp_plan_start_date',
    ],
    butNot: 'one after a plan that ended',
    kept: (rows) => moreCp(cp(rows, '2025-05-26', '2025-08-31'), 'P2', '2025-09-01', null),
  },
  {
    rule: 'cin-8940',
    when: 'a child protection plan from the day on which another one ended',
    sound: isProtected,
    broken: (rows) => moreCp(cp(rows, '2025-05-26', '2025-09-01'), 'P2', '2025-09-01', '2025-10-01'),
    told: ['cin-8940: ssd_cp_plans P2 cppl_cp_plan_start_date'],
    butNot: 'one from the day after',
    kept: (rows) => moreCp(cp(rows, '2025-05-26', '2025-09-01'), 'P2', '2025-09-02', '2025-10-01'),
  },
  {
    rule: 'cin-8840',
    when: 'a child protection plan of one day',
    sound: isProtected,
    broken: (rows) => cp(rows, '2025-05-26', '2025-05-26'),
    told: ['cin-8840: ssd_cp_plans P1 cppl_cp_plan_end_date'],
    butNot: 'one that ends the day after its start',
    kept: (rows) => cp(rows, '2025-05-26', '2025-05-27'),
  },
  {
    rule: 'cin-2885',
    when: 'a child protection plan from the day after its conference',
    sound: inApril,
    broken: (rows) => cp(rows, '2026-04-23', null),
    told: ['cin-2885: ssd_cp_plans P1 cppl_cp_plan_start_date'],
    butNot: 'one from the day of another conference of the referral',
    kept: (rows) =>
      withRow(
        cp(rows, '2026-04-23', null),
        'ssd_initial_cp_conference',
        aConference({ icpc_icpc_id: 'C2', icpc_icpc_date: '2026-04-23' }),
      ),
  },
  {
    rule: 'cin-2885',
    when: 'a child protection plan from the first day of the collection year',
    sound: inMarch,
    broken: (rows) => cp(rows, '2026-04-01', null),
    told: ['cin-2885: ssd_cp_plans P1 cppl_cp_plan_start_date'],
    butNot: 'one of the year before',
    kept: (rows) => cp(rows, '2026-03-30', null),
  },
];
