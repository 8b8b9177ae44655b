import { describe, test } from 'node:test';
import {
  type Rows,
  type Payload,
  rowsOfA,
  assessment,
  enquiry,
  episode,
  details,
  payloadOf,
  without,
  withCell,
  isClean,
  findsFalsity,
} from './auditedCase.js';

describe('The auditor finds a row’s child', () => {
  test('by the period of care where the person id is missing', () => {
    isClean({ rows: withCell('ssd_cla_placement', 'clap_person_id', null) });
  });

  test('by the person id where ids are numbered per child', () => {
    const rows: Rows = {
      ...rowsOfA,
      ssd_person: [...rowsOfA.ssd_person, { pers_person_id: 'B', pers_dob: '1990-01-01' }],
      ssd_cla_episodes: [
        ...rowsOfA.ssd_cla_episodes,
        { clae_cla_episode_id: 'E9', clae_person_id: 'B', clae_cla_id: 'C1' },
      ],
      // SystemC has no other way to the child of an adoption, and this one leads to two.
      ssd_permanence: [],
    };
    isClean({ rows, payloads: [payloadOf({ social_care_episodes: [without(episode, 'adoption')] })] });
  });

  test('without the blanks behind an id', () => {
    isClean({ rows: withCell('ssd_assessment_factors', 'cinf_assessment_id', 'AS1  ') });
  });

  test('of Mosaic’s factors with the person id in front', () => {
    const rows: Rows = {
      ssd_person: [{ ...rowsOfA.ssd_person[0], pers_sex: 'Female' }],
      ssd_cin_episodes: [{ ...rowsOfA.ssd_cin_episodes[0], cine_referral_source_code: '1A' }],
      ssd_cin_assessments: [{ ...rowsOfA.ssd_cin_assessments[0], cina_assessment_id: 'A77' }],
      ssd_assessment_factors: [{ ...rowsOfA.ssd_assessment_factors[0], cinf_assessment_id: '77' }],
    };
    const sent = {
      ...without(
        episode,
        'care_worker_details',
        'child_in_need_plans',
        'section_47_assessments',
        'child_protection_plans',
        'child_looked_after_placements',
        'adoption',
        'care_leavers',
      ),
      child_and_family_assessments: [{ ...assessment, child_and_family_assessment_id: 'A77' }],
    };
    const child = {
      ...without(payloadOf(), 'health_and_wellbeing'),
      child_details: {
        ...without(details, 'former_unique_pupil_number', 'postcode', 'uasc_end_date'),
        disabilities: ['NONE'],
        uasc_flag: false,
      },
      social_care_episodes: [sent],
    };
    isClean({ rows, cms: 'mosaic', payloads: [child] });
  });

  test('of Eclipse’s enquiries by person and day', () => {
    const rows: Rows = {
      ssd_person: rowsOfA.ssd_person,
      ssd_cin_episodes: [
        { ...rowsOfA.ssd_cin_episodes[0], cine_referral_source_code: '1A' },
        {
          cine_referral_id: 'R2',
          cine_person_id: 'A',
          cine_referral_date: '2025-05-01',
          cine_referral_source_code: '1A',
        },
      ],
      ssd_s47_enquiry: [
        {
          ...rowsOfA.ssd_s47_enquiry[0],
          s47e_referral_id: '44001',
          s47e_s47_outcome_json: '{"OUTCOME_CP_CONFERENCE_FLAG":"Y"}',
        },
      ],
    };
    const bare = {
      social_care_episode_id: 'R1',
      referral_date: '2024-05-01',
      referral_source: '1A',
      referral_no_further_action_flag: false,
      purge: false,
    };
    const later = {
      social_care_episode_id: 'R2',
      referral_date: '2025-05-01',
      referral_source: '1A',
      purge: false,
    };
    const enquired = [without(enquiry, 'icpc_date')];
    const child = (episodes: readonly Payload[]) => ({
      ...without(payloadOf(), 'health_and_wellbeing'),
      child_details: {
        ...without(details, 'former_unique_pupil_number', 'postcode', 'uasc_end_date'),
        disabilities: ['NONE'],
        uasc_flag: false,
      },
      social_care_episodes: episodes,
    });
    isClean({
      rows,
      cms: 'eclipse',
      payloads: [child([{ ...bare, section_47_assessments: enquired }, later])],
    });
    findsFalsity(
      { rows, cms: 'eclipse', payloads: [child([bare, { ...later, section_47_assessments: enquired }])] },
      /S1\].*belongs under the episode R1/,
    );
    const [first] = rows.ssd_cin_episodes ?? [];
    const undated: Rows = {
      ...rows,
      ssd_cin_episodes: [
        { ...first },
        { cine_referral_id: 'R2', cine_person_id: 'A', cine_referral_date: '1900-01-01' },
      ],
    };
    findsFalsity(
      {
        rows: undated,
        cms: 'eclipse',
        payloads: [child([{ ...bare, section_47_assessments: enquired }])],
      },
      /S1\].*belongs under the episode of no key/,
    );
  });
});
