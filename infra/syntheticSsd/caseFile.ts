/*
 * Longer than other files: everything that may be recorded about one invented child, which belongs together by its dates.
 */

import * as codes from './codes.js';
import { tableNames, type RowOf, type SsdEntry, type TableName } from './columns.js';
import { dateOf, onWeekday, type Day } from './day.js';
import { postcode } from './identifiers.js';
import type { Random } from './random.js';
import { socialWorker, supportWorker, teamName } from './workforce.js';

/** The rows of one child in every table. */
export type ChildRows = { [Table in TableName]: RowOf<Table>[] };

export function noRows(): ChildRows {
  return {
    ssd_person: [],
    ssd_address: [],
    ssd_disability: [],
    ssd_immigration_status: [],
    ssd_linked_identifiers: [],
    ssd_assessment_factors: [],
    ssd_care_leavers: [],
    ssd_cin_assessments: [],
    ssd_cin_episodes: [],
    ssd_cin_plans: [],
    ssd_cla_episodes: [],
    ssd_cla_placement: [],
    ssd_cp_plans: [],
    ssd_initial_cp_conference: [],
    ssd_involvements: [],
    ssd_permanence: [],
    ssd_professionals: [],
    ssd_s47_enquiry: [],
    ssd_sdq_scores: [],
  };
}

/** All rows with their tables, in the tables' order. */
export function* entriesOf(rows: ChildRows): Generator<SsdEntry> {
  for (const table of tableNames) for (const row of rows[table]) yield { table, row };
}

/** A placement in a period of care: it lasts until the next one begins, or the period ends. */
export interface PlacementPlan {
  readonly from: Day;
  readonly type: string;
  /** The legal status changes on this day, in the middle of the placement (care episode with start reason L). */
  readonly legalChange?: Day;
}

/** Where a child's rows start numbering; a later night numbers from elsewhere, so that no id is ever used twice. */
interface Numbering {
  readonly personId: string;
  readonly index: number;
  readonly firstSerial: number;
}

/**
 * One child's record while it is being written. Each method records one thing that happened, with every row the SSD
 * keeps of it. Days after `today` have not happened: an end that lies in the future is left open.
 */
export class CaseFile {
  readonly personId: string;
  readonly rows: ChildRows;
  readonly today: Day;
  readonly #random: Random;
  readonly #index: number;
  #serial: number;

  constructor(numbering: Numbering, rows: ChildRows, random: Random, today: Day) {
    this.personId = numbering.personId;
    this.rows = rows;
    this.today = today;
    this.#random = random;
    this.#index = numbering.index;
    this.#serial = numbering.firstSerial;
  }

  /** A row id as the extracts have them: a prefix for the table, the child, a serial number; digits only. */
  id(prefix: number): string {
    const serial = String(this.#serial).padStart(3, '0');
    this.#serial += 1;
    return `${prefix}${String(this.#index + 1).padStart(7, '0')}${serial}`;
  }

  worker(): string {
    return socialWorker(this.#random, this.#index);
  }

  /** The day as text, or null when it lies in the future or there is none. */
  happened(day: Day | null): string | null {
    return day === null || day > this.today ? null : dateOf(day);
  }

  /** Opens an episode; with `closed` in the past it is closed again. Returns the referral's id. */
  refer(referral: {
    readonly on: Day;
    readonly noFurtherAction?: boolean;
    readonly closed?: { readonly on: Day | null; readonly reason: string };
  }): string {
    const random = this.#random;
    const { on, noFurtherAction = false } = referral;
    const closedOn = this.happened(referral.closed?.on ?? null);
    const id = this.id(400);
    const needs = random.pick(codes.primaryNeeds);
    const source = random.pick(codes.referralSources);
    this.rows.ssd_cin_episodes.push({
      cine_referral_id: id,
      cine_person_id: this.personId,
      cine_referral_date: dateOf(on),
      cine_cin_primary_need_code: needs,
      cine_referral_source_code: source,
      // In the code column SystemC has numbers of its own: the description speaks.
      cine_referral_source_desc: source,
      cine_referral_outcome_json: JSON.stringify({
        SINGLE_ASSESSMENT_FLAG: noFurtherAction ? 'N' : 'Y',
        CP_CONFERENCE_FLAG: 'N',
        NUMBER_OF_OUTCOMES: 1,
        COMMENTS: '',
      }),
      cine_referral_nfa: noFurtherAction ? 'Y' : 'N',
      cine_close_reason: closedOn === null ? null : (referral.closed?.reason ?? null),
      cine_close_date: closedOn,
      cine_referral_team: teamName(random),
      cine_referral_worker_id: this.worker(),
    });
    if (!noFurtherAction) this.#involve(id, on, closedOn === null ? null : (referral.closed?.on ?? null));
    return id;
  }

  /** Social workers one after the other until the case closes, and now and then a support worker with them. */
  #involve(referral: string, from: Day, to: Day | null): void {
    const random = this.#random;
    const last = to ?? this.today;
    for (let start = from; ;) {
      const handover = start + random.int(150, 700);
      const isLast = handover >= last;
      this.#involvement(referral, 'CW', this.worker(), start, isLast ? to : handover);
      if (isLast) break;
      start = handover;
    }
    if (!random.chance(0.25)) return;
    const start = Math.min(from + random.int(5, 60), last);
    const end = start + random.int(20, 200);
    const helper = supportWorker(random, this.#index);
    this.#involvement(referral, 'FSW', helper, start, to === null ? end : Math.min(end, to));
  }

  #involvement(referral: string, role: string, professional: string, from: Day, to: Day | null): void {
    const end = this.happened(to);
    this.rows.ssd_involvements.push({
      invo_involvements_id: this.id(851),
      invo_professional_id: professional,
      invo_professional_role_id: role,
      invo_professional_team: teamName(this.#random),
      invo_person_id: this.personId,
      invo_involvement_start_date: dateOf(from),
      invo_involvement_end_date: end,
      invo_worker_change_reason:
        end === null ? null : this.#random.pick(['Transfer', 'Worker left', 'Case closed']),
      invo_referral_id: referral,
    });
  }

  /** An assessment, with its factors once it is authorised. */
  assess(referral: string, on: Day, authorised: Day): void {
    const random = this.#random;
    if (on > this.today) return;
    const id = this.id(311);
    const authorisedOn = this.happened(authorised);
    const noAction = random.chance(0.3) ? 'Y' : 'N';
    this.rows.ssd_cin_assessments.push({
      cina_assessment_id: id,
      cina_person_id: this.personId,
      cina_referral_id: referral,
      cina_assessment_start_date: dateOf(on),
      cina_assessment_child_seen: random.chance(0.9) ? 'Y' : 'N',
      cina_assessment_auth_date: authorisedOn,
      cina_assessment_outcome_json: authorisedOn === null ? null : JSON.stringify({ NFA_FLAG: noAction }),
      cina_assessment_outcome_nfa: authorisedOn === null ? null : noAction,
      cina_assessment_team: teamName(random),
      cina_assessment_worker_id: this.worker(),
    });
    if (authorisedOn !== null) this.find(id, referral);
  }

  /** What an assessment found. */
  find(assessment: string, referral: string): void {
    const closure = this.rows.ssd_cin_episodes.find((row) => row.cine_referral_id === referral);
    const isClosedAfter = closure?.cine_close_reason === 'RC8' || closure?.cine_close_reason === 'RC9';
    this.rows.ssd_assessment_factors.push({
      cinf_table_id: this.id(321),
      cinf_assessment_id: assessment,
      cinf_assessment_factors_json: JSON.stringify(this.#factors(isClosedAfter)),
    });
  }

  /** Distinct codes; 21 ("none") only alone, and where the case was closed after the assessment. One assessment in 200 has very many: 41, the most that DfE takes. */
  #factors(mayBeNone: boolean): string[] {
    const random = this.#random;
    if (random.chance(0.08) && mayBeNone) return ['21'];
    if (random.chance(0.005)) return codes.assessmentFactors.slice(0, 41);
    const chosen = new Set<string>();
    for (let left = random.int(1, 6); left > 0; left -= 1) chosen.add(random.pick(codes.assessmentFactors));
    return [...chosen];
  }

  /** CIN plans that follow each other, each from the day after the one before, from `from` until `to` (null: still running). */
  planCare(referral: string, from: Day, to: Day | null): void {
    const random = this.#random;
    const last = to ?? Infinity;
    for (let start = from; start <= this.today && start < last;) {
      const end = Math.min(start + random.int(150, 450), last);
      this.rows.ssd_cin_plans.push({
        cinp_cin_plan_id: this.id(331),
        cinp_referral_id: referral,
        cinp_person_id: this.personId,
        cinp_cin_plan_start_date: dateOf(start),
        cinp_cin_plan_end_date: this.happened(end),
        cinp_cin_plan_team: teamName(random),
        cinp_cin_plan_worker_id: this.worker(),
      });
      start = end + 1;
    }
  }

  /** A section 47 enquiry; with a conference day, the initial child protection conference that it led to. */
  enquire(enquiry: {
    readonly referral: string;
    readonly on: Day;
    readonly ended: Day;
    readonly conference?: { readonly on: Day; readonly planId: string | null };
  }): { readonly conferenceId: string | null } {
    const random = this.#random;
    const { referral, on, ended, conference } = enquiry;
    if (on > this.today) return { conferenceId: null };
    const id = this.id(600);
    const endedOn = this.happened(ended);
    this.rows.ssd_s47_enquiry.push({
      s47e_s47_enquiry_id: id,
      s47e_referral_id: referral,
      s47e_person_id: this.personId,
      s47e_s47_start_date: dateOf(on),
      s47e_s47_end_date: endedOn,
      s47e_s47_nfa: conference === undefined ? 'Y' : 'N',
      s47e_s47_outcome_json:
        endedOn === null
          ? null
          : JSON.stringify({
              NFA_FLAG: conference === undefined ? 'Y' : 'N',
              LEGAL_ACTION_FLAG: 'N',
              CP_CONFERENCE_FLAG: conference === undefined ? 'N' : 'Y',
              TOTAL_NO_OF_OUTCOMES: 1,
              OUTCOME_COMMENTS: random.pick(outcomeComments),
            }),
      s47e_s47_completed_by_team: teamName(random),
      s47e_s47_completed_by_worker_id: this.worker(),
    });
    if (conference === undefined || conference.on > this.today) return { conferenceId: null };
    const conferenceId = this.id(351);
    this.rows.ssd_initial_cp_conference.push({
      icpc_icpc_id: conferenceId,
      icpc_icpc_meeting_id: this.id(361),
      icpc_s47_enquiry_id: id,
      icpc_person_id: this.personId,
      icpc_cp_plan_id: conference.planId,
      icpc_referral_id: referral,
      icpc_icpc_transfer_in: 'N',
      icpc_icpc_target_date: dateOf(on + 21),
      icpc_icpc_date: dateOf(conference.on),
      icpc_icpc_outcome_cp_flag: conference.planId === null ? 'N' : 'Y',
      icpc_icpc_outcome_json: '{}',
      icpc_icpc_team: teamName(random),
      icpc_icpc_worker_id: this.worker(),
    });
    return { conferenceId };
  }

  /** Section 47 enquiry, conference and child protection plan, one from the other. Returns the plan's first day. */
  protect(referral: string, on: Day, planEnds: Day | null): Day {
    const random = this.#random;
    const conferenceOn = onWeekday(on + random.int(10, 21));
    const planId = this.id(341);
    const { conferenceId } = this.enquire({
      referral,
      on,
      ended: on + random.int(5, 10),
      conference: { on: conferenceOn, planId },
    });
    if (conferenceId === null) return conferenceOn;
    const category = random.pick(codes.protectionCategories);
    this.rows.ssd_cp_plans.push({
      cppl_cp_plan_id: planId,
      cppl_referral_id: referral,
      cppl_icpc_id: conferenceId,
      cppl_person_id: this.personId,
      cppl_cp_plan_start_date: dateOf(conferenceOn),
      cppl_cp_plan_end_date: this.happened(planEnds),
      cppl_cp_plan_ola: 'N',
      cppl_cp_plan_initial_category: category,
      cppl_cp_plan_latest_category: random.chance(0.2) ? random.pick(codes.protectionCategories) : category,
    });
    return conferenceOn;
  }

  /**
   * A period of care after the rules of the SSDA903: the first episode starts with S; a new placement starts with P
   * (other carer), T (same carer) or B (and a new legal status), a new legal status alone with L; each episode but the
   * last ends with X1 on the day the next begins; the last one ends with the reason for leaving care.
   * Returns the id of the period.
   */
  lookAfter(care: {
    readonly referral: string;
    readonly placements: readonly PlacementPlan[];
    readonly ended: Day | null;
    readonly endReason: string;
  }): string {
    const careId = this.id(411);
    const placements = care.placements.filter(({ from }) => from <= this.today);
    const entered = placements[0]?.from;
    if (entered === undefined) throw new RangeError('a period of care needs a placement that has begun');
    const ended = care.ended !== null && care.ended <= this.today ? care.ended : null;
    for (const [at, placement] of placements.entries()) {
      const next = placements[at + 1]?.from ?? null;
      const placementId = this.place(careId, placement, next ?? ended, next !== null);
      const startReason = at === 0 ? 'S' : this.#random.pick(['P', 'P', 'P', 'T', 'B']);
      const change = placement.legalChange;
      const splits = change !== undefined && change < (next ?? ended ?? this.today);
      const spell = { careId, placementId, referral: care.referral, entered };
      if (splits) {
        this.careEpisode({ ...spell, from: placement.from, startReason, to: change, endReason: 'X1' });
      }
      this.careEpisode({
        ...spell,
        from: splits ? change : placement.from,
        startReason: splits ? 'L' : startReason,
        to: next ?? ended,
        endReason: next === null ? care.endReason : 'X1',
      });
    }
    return careId;
  }

  place(careId: string, placement: PlacementPlan, to: Day | null, moved: boolean): string {
    const random = this.#random;
    const id = this.id(421);
    this.rows.ssd_cla_placement.push({
      clap_cla_placement_id: id,
      clap_cla_id: careId,
      clap_person_id: this.personId,
      clap_cla_placement_start_date: dateOf(placement.from),
      clap_cla_placement_type: placement.type,
      clap_cla_placement_urn: `SC${random.int(100_000, 999_999)}`,
      clap_cla_placement_distance: random.int(0, 900) / 10,
      clap_cla_placement_provider: `PR${random.int(0, 5)}`,
      clap_cla_placement_postcode: postcode(random),
      clap_cla_placement_end_date: this.happened(to),
      clap_cla_placement_change_reason: moved ? random.pick(codes.moveReasons) : null,
    });
    return id;
  }

  careEpisode(episode: {
    readonly careId: string;
    readonly placementId: string;
    readonly referral: string;
    readonly entered: Day;
    readonly from: Day;
    readonly startReason: string;
    readonly to: Day | null;
    readonly endReason: string;
  }): void {
    const endedOn = this.happened(episode.to);
    const lastSeen = Math.max(episode.from, (episode.to ?? this.today) - this.#random.int(1, 40));
    this.rows.ssd_cla_episodes.push({
      clae_cla_episode_id: this.id(431),
      clae_person_id: this.personId,
      clae_cla_placement_id: episode.placementId,
      clae_cla_episode_start_date: dateOf(episode.from),
      clae_cla_episode_start_reason: episode.startReason,
      clae_cla_primary_need_code: this.#random.pick(codes.primaryNeeds),
      clae_cla_episode_ceased_date: endedOn,
      clae_cla_episode_ceased_reason: endedOn === null ? null : episode.endReason,
      clae_cla_id: episode.careId,
      clae_referral_id: episode.referral,
      clae_cla_last_iro_contact_date: dateOf(lastSeen),
      clae_entered_care_date: dateOf(episode.entered),
    });
  }

  /** A Strengths and Difficulties Questionnaire a year, between the two days. */
  screenYearly(from: Day, to: Day): void {
    for (let on = from + this.#random.int(30, 200); on <= Math.min(to, this.today);) {
      this.rows.ssd_sdq_scores.push({
        csdq_table_id: this.id(441),
        csdq_person_id: this.personId,
        csdq_sdq_completed_date: dateOf(on),
        csdq_sdq_score: Math.max(0, this.#random.int(0, 24) + this.#random.int(-4, 16)),
        csdq_sdq_reason: null,
      });
      on += this.#random.int(330, 400);
    }
  }

  /** The steps towards adoption; those in the future have no date yet. */
  adopt(careId: string, days: { readonly decided: Day; readonly matched: Day; readonly placed: Day }): void {
    const random = this.#random;
    const placed = this.happened(days.placed);
    this.rows.ssd_permanence.push({
      perm_table_id: this.id(461),
      perm_person_id: this.personId,
      perm_cla_id: careId,
      perm_adm_decision_date: this.happened(days.decided),
      perm_part_of_sibling_group: 'N',
      perm_siblings_placed_together: 0,
      perm_siblings_placed_apart: 0,
      perm_ffa_cp_decision_date: null,
      perm_placement_order_date: this.happened(days.decided + 30),
      perm_matched_date: this.happened(days.matched),
      perm_adopter_sex: placed === null ? null : random.pick(['MF', 'FF', 'MM']),
      perm_adopter_legal_status: placed === null ? null : 'L1',
      perm_number_of_adopters: placed === null ? null : 2,
      perm_placed_for_adoption_date: placed,
      perm_adopted_by_carer_flag: 'N',
      perm_placed_foster_carer_date: null,
      perm_placed_ffa_cp_date: null,
      perm_placement_provider_urn: null,
      perm_decision_reversed_date: null,
      perm_decision_reversed_reason: null,
      perm_permanence_order_date: null,
      perm_permanence_order_type: null,
      perm_adoption_worker_id: this.worker(),
    });
  }

  /** One record of keeping in touch with a care leaver. */
  keepInTouch(on: Day): void {
    const random = this.#random;
    this.rows.ssd_care_leavers.push({
      clea_table_id: this.id(451),
      clea_person_id: this.personId,
      clea_care_leaver_eligibility: random.pick(['Relevant child', 'Former Relevant child', 'Qualifying']),
      clea_care_leaver_in_touch: 'YES',
      clea_care_leaver_latest_contact: dateOf(on),
      clea_care_leaver_accommodation: random.pick(codes.careLeaverAccommodations),
      clea_care_leaver_accom_suitable: random.pick(['1', '2']),
      clea_care_leaver_activity: random.pick(codes.careLeaverActivities),
      clea_pathway_plan_review_date: dateOf(on + random.int(-60, 120)),
      clea_care_leaver_personal_advisor: supportWorker(random, this.#index),
      clea_care_leaver_allocated_team: 'LC1',
      clea_care_leaver_worker_id: this.worker(),
    });
  }

  /** An immigration status from `from` until `to` (null: still held). */
  immigrate(status: string, from: Day, to: Day | null): void {
    this.rows.ssd_immigration_status.push({
      immi_immigration_status_id: this.id(841),
      immi_person_id: this.personId,
      immi_immigration_status_start_date: dateOf(from),
      immi_immigration_status_end_date: this.happened(to),
      immi_immigration_status: status,
    });
  }
}

/** Free text of the kind that breaks naive pipelines: quotes, a backslash, an apostrophe, Arabic, emoji. */
const outcomeComments = [
  '',
  '',
  'Strategy discussion held.',
  'a "quoted" note; C:\\shared',
  "Nan's account agrees with the school's",
  'spoke with mum 👩‍👧 – calmer now 🙂',
  'حضرت الأم مع مترجم',
];
