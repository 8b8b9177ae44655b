import type { RowOf } from './columns.js';
import { familyNames, forename } from './names.js';
import { randomFrom, type Random } from './random.js';

/** Every block of this many children brings one registered social worker and one support worker. */
const childrenPerTeam = 20;

const firstProfessional = 700_000;

function teamOf(index: number): number {
  return Math.floor(index / childrenPerTeam);
}

/** The workers who enter the SSD with a child: two with the first child of each block, else none. */
export function workersArrivingWith(seed: string, index: number): RowOf<'ssd_professionals'>[] {
  if (index % childrenPerTeam !== 0) return [];
  const team = teamOf(index);
  return [professional(seed, 2 * team, true), professional(seed, 2 * team + 1, false)];
}

/** A registered social worker of the child's own block or one of the nine before, which all exist by then. */
export function socialWorker(random: Random, index: number): string {
  return String(firstProfessional + 2 * nearbyTeam(random, index));
}

/** A family support worker or personal advisor, who has no registration number. */
export function supportWorker(random: Random, index: number): string {
  return String(firstProfessional + 2 * nearbyTeam(random, index) + 1);
}

/** The short name of a team, as it is written on referrals, plans and enquiries. */
export function teamName(random: Random): string {
  return `TM${random.int(1, 12)}`;
}

function nearbyTeam(random: Random, index: number): number {
  const own = teamOf(index);
  return random.int(Math.max(0, own - 9), own);
}

function professional(seed: string, number: number, registered: boolean): RowOf<'ssd_professionals'> {
  const random = randomFrom(seed, 'professional', number);
  const names = familyNames(random);
  return {
    prof_professional_id: String(firstProfessional + number),
    prof_staff_id: `ST${5000 + number}`,
    prof_professional_name: `${forename(random, names)} ${names.surname}`,
    prof_social_worker_registration_no: registered ? `SW${100_000 + 3 * number}` : null,
    prof_agency_worker_flag: random.chance(0.15) ? 'Y' : 'N',
    prof_professional_job_title: registered
      ? random.pick(['Social Worker', 'Senior Social Worker', 'Advanced Practitioner'])
      : random.pick(['Family Support Worker', 'Personal Advisor']),
    prof_professional_caseload: random.int(4, 28),
    prof_professional_department: random.pick([
      'Assessment',
      'Safeguarding',
      'Children in Care',
      'Leaving Care',
    ]),
    prof_full_time_equivalency: random.pick([1, 1, 1, 0.8, 0.6, 0.5]),
  };
}
