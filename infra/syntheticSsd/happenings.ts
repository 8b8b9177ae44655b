/**
 * What a night can do to one child's file. Each function changes the file and returns true, or finds that it cannot
 * happen to this child, changes nothing and returns false. Everything is dated on the file's `today`.
 */
import type { CaseFile } from './caseFile.js';
import { closureReasons, lastingPlacements } from './codes.js';
import type { RowOf } from './columns.js';
import { birthday, dateOf, dayOf } from './day.js';
import type { Random } from './random.js';

type Referral = RowOf<'ssd_cin_episodes'>;

/** The open episode with the latest referral date, if any. */
function openReferral(file: CaseFile): Referral | undefined {
  return latest(file.rows.ssd_cin_episodes.filter((each) => each.cine_close_date === null));
}

function latest(referrals: readonly Referral[]): Referral | undefined {
  return referrals
    .toSorted((one, other) => dateOrder(one.cine_referral_date, other.cine_referral_date))
    .at(-1);
}

function dateOrder(one: string | null, other: string | null): number {
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

/** Nobody refers the dead, or adults. */
function canBeReferred(file: CaseFile): boolean {
  const person = file.rows.ssd_person[0];
  if (person?.pers_death_date !== null) return false;
  return person.pers_dob === null || birthday(dayOf(person.pers_dob), 18) > file.today;
}

/** A new referral, for a child without an open episode. */
export function openEpisode(file: CaseFile): boolean {
  if (openReferral(file) !== undefined || !canBeReferred(file)) return false;
  file.refer({ on: file.today });
  return true;
}

/** The closure of the latest episode is taken back: its date and reason are empty again. */
export function reopenEpisode(file: CaseFile): boolean {
  const referral = latest(file.rows.ssd_cin_episodes);
  if (referral === undefined || openReferral(file) !== undefined || !canBeReferred(file)) return false;
  referral.cine_close_date = null;
  referral.cine_close_reason = null;
  return true;
}

/** The open episode ends, and with it everything under it that was still running. */
export function closeEpisode(file: CaseFile, random: Random): boolean {
  const referral = openReferral(file);
  if (referral === undefined) return false;
  const { rows } = file;
  const today = dateOf(file.today);
  const id = referral.cine_referral_id;
  referral.cine_close_date = today;
  referral.cine_close_reason = random.pick(
    closureReasons.filter((reason) => !['RC1', 'RC2', 'RC8', 'RC9'].includes(reason)),
  );
  for (const worker of rows.ssd_involvements) {
    if (worker.invo_referral_id === id) worker.invo_involvement_end_date ??= today;
  }
  for (const assessment of rows.ssd_cin_assessments) {
    if (assessment.cina_referral_id !== id || assessment.cina_assessment_auth_date !== null) continue;
    assessment.cina_assessment_auth_date = today;
    file.find(assessment.cina_assessment_id, id);
  }
  for (const enquiry of rows.ssd_s47_enquiry) {
    if (enquiry.s47e_referral_id !== id || enquiry.s47e_s47_end_date !== null) continue;
    enquiry.s47e_s47_end_date = today;
    enquiry.s47e_s47_outcome_json = JSON.stringify({ NFA_FLAG: 'Y', CP_CONFERENCE_FLAG: 'N' });
  }
  for (const plan of rows.ssd_cin_plans) {
    if (plan.cinp_referral_id === id) plan.cinp_cin_plan_end_date ??= today;
  }
  for (const plan of rows.ssd_cp_plans) {
    if (plan.cppl_referral_id === id) plan.cppl_cp_plan_end_date ??= today;
  }
  for (const episode of rows.ssd_cla_episodes) {
    if (episode.clae_referral_id !== id || episode.clae_cla_episode_ceased_date !== null) continue;
    episode.clae_cla_episode_ceased_date = today;
    episode.clae_cla_episode_ceased_reason = 'E4A';
    const placement = placementOf(file, episode);
    if (placement !== undefined) placement.clap_cla_placement_end_date = today;
  }
  return true;
}

function placementOf(
  file: CaseFile,
  episode: RowOf<'ssd_cla_episodes'>,
): RowOf<'ssd_cla_placement'> | undefined {
  return file.rows.ssd_cla_placement.find(
    (each) => each.clap_cla_placement_id === episode.clae_cla_placement_id,
  );
}

/** A looked after child moves: the placement and its episode end, a new one of each begins the same day. */
export function movePlacement(file: CaseFile, random: Random): boolean {
  const episode = file.rows.ssd_cla_episodes.find((each) => each.clae_cla_episode_ceased_date === null);
  if (episode === undefined) return false;
  const placement = placementOf(file, episode);
  const { clae_cla_id: careId, clae_referral_id: referral, clae_entered_care_date: entered } = episode;
  if (placement === undefined || careId === null || referral === null || entered === null) return false;
  const today = dateOf(file.today);
  episode.clae_cla_episode_ceased_date = today;
  episode.clae_cla_episode_ceased_reason = 'X1';
  placement.clap_cla_placement_end_date = today;
  placement.clap_cla_placement_change_reason = 'PLACE';
  const placementId = file.place(
    careId,
    { from: file.today, type: random.pick(lastingPlacements) },
    null,
    false,
  );
  file.careEpisode({
    careId,
    placementId,
    referral,
    entered: dayOf(entered),
    from: file.today,
    startReason: 'P',
    to: null,
    endReason: '',
  });
  return true;
}

/** An open CIN or child protection plan ends. */
export function endPlan(file: CaseFile): boolean {
  const today = dateOf(file.today);
  const protection = file.rows.ssd_cp_plans.find((plan) => plan.cppl_cp_plan_end_date === null);
  if (protection !== undefined) {
    protection.cppl_cp_plan_end_date = today;
    return true;
  }
  const inNeed = file.rows.ssd_cin_plans.find((plan) => plan.cinp_cin_plan_end_date === null);
  if (inNeed === undefined) return false;
  inNeed.cinp_cin_plan_end_date = today;
  return true;
}

/** An assessment (with its factors), a CIN plan or an SDQ turns out to be a mistake and is deleted. */
export function deleteItem(file: CaseFile, random: Random): boolean {
  const { rows } = file;
  const deletions: (() => void)[] = [];
  if (rows.ssd_cin_assessments.length > 0) {
    deletions.push(() => {
      const id = random.pick(rows.ssd_cin_assessments).cina_assessment_id;
      rows.ssd_cin_assessments = rows.ssd_cin_assessments.filter((each) => each.cina_assessment_id !== id);
      rows.ssd_assessment_factors = rows.ssd_assessment_factors.filter(
        (each) => each.cinf_assessment_id !== id,
      );
    });
  }
  if (rows.ssd_cin_plans.length > 0) {
    deletions.push(() => {
      const plan = random.pick(rows.ssd_cin_plans);
      rows.ssd_cin_plans = rows.ssd_cin_plans.filter((each) => each !== plan);
    });
  }
  if (rows.ssd_sdq_scores.length > 0) {
    deletions.push(() => {
      const score = random.pick(rows.ssd_sdq_scores);
      rows.ssd_sdq_scores = rows.ssd_sdq_scores.filter((each) => each !== score);
    });
  }
  if (deletions.length === 0) return false;
  random.pick(deletions)();
  return true;
}
