import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonical } from '../../shared/child/canonical.js';
import { newestCodeLists } from '../../shared/child/codes/codeLists.js';
import { childSchemaOf, type Child } from '../../shared/child/payload.js';
import { isJsonArray, isJsonObject, type Json } from '../local/dfe/json.js';
import { tripsFirewall } from '../local/dfe/firewall.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { aCareEpisode, anEpisode, aPerson, aPlacement } from './aPerson.js';
import { asSent, judged, payloadOf, rulesOn, today } from './aPayload.js';
import { anyPerson, inAnotherOrder } from './anyPerson.js';
import { personsIn } from './syntheticPersons.js';

const schema = childSchemaOf(newestCodeLists);

/** The keys of each thing in the order of the published payload, by the name of the list or block it stands in. */
const publishedOrder: Readonly<Record<string, readonly string[]>> = {
  child: [
    'la_child_id',
    'mis_child_id',
    'purge',
    'child_details',
    'health_and_wellbeing',
    'social_care_episodes',
  ],
  child_details: [
    'unique_pupil_number',
    'former_unique_pupil_number',
    'unique_pupil_number_unknown_reason',
    'first_name',
    'surname',
    'date_of_birth',
    'expected_date_of_birth',
    'sex',
    'ethnicity',
    'disabilities',
    'postcode',
    'uasc_flag',
    'uasc_end_date',
    'purge',
  ],
  health_and_wellbeing: ['sdq_assessments', 'purge'],
  sdq_assessments: ['date', 'score'],
  social_care_episodes: [
    'social_care_episode_id',
    'referral_date',
    'referral_source',
    'closure_date',
    'closure_reason',
    'referral_no_further_action_flag',
    'purge',
    'care_worker_details',
    'child_and_family_assessments',
    'child_in_need_plans',
    'section_47_assessments',
    'child_protection_plans',
    'child_looked_after_placements',
    'adoption',
    'care_leavers',
  ],
  care_worker_details: ['worker_id', 'start_date', 'end_date'],
  child_and_family_assessments: [
    'child_and_family_assessment_id',
    'start_date',
    'authorisation_date',
    'factors',
    'purge',
  ],
  child_in_need_plans: ['child_in_need_plan_id', 'start_date', 'end_date', 'purge'],
  section_47_assessments: [
    'section_47_assessment_id',
    'start_date',
    'icpc_required_flag',
    'icpc_date',
    'end_date',
    'purge',
  ],
  child_protection_plans: ['child_protection_plan_id', 'start_date', 'end_date', 'purge'],
  child_looked_after_placements: [
    'child_looked_after_placement_id',
    'start_date',
    'start_reason',
    'postcode',
    'placement_type',
    'end_date',
    'end_reason',
    'change_reason',
    'purge',
  ],
  adoption: ['initial_decision_date', 'matched_date', 'placed_date', 'purge'],
  care_leavers: ['contact_date', 'activity', 'accommodation', 'purge'],
};

/** Places whose keys stand in another order than published. */
function misplaced(value: Json, name = 'child'): string[] {
  if (isJsonArray(value)) return value.flatMap((item) => misplaced(item, name));
  if (!isJsonObject(value)) return [];
  const keys = Object.keys(value);
  const expected = publishedOrder[name]?.filter((key) => keys.includes(key)) ?? [];
  return [
    ...(keys.join() === expected.join() ? [] : [`${name}: ${keys.join()}`]),
    ...Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' && inner !== null ? misplaced(inner, key) : [],
    ),
  ];
}

/** The paths of nulls and of empty arrays. */
function voids(value: Json, path = ''): string[] {
  if (value === null || (isJsonArray(value) && value.length === 0)) return [path];
  if (isJsonArray(value)) return value.flatMap((item) => voids(item, path));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => voids(inner, `${path}.${key}`));
}

function assertSendable(child: Child): void {
  const sent = asSent(child);
  const parsed = schema.safeParse(sent);
  assert.ok(parsed.success, parsed.error?.message);
  judged(child);
  assert.deepEqual(misplaced(sent), []);
  const empty = voids(sent).filter((path) => !path.endsWith('.child_and_family_assessments.factors'));
  assert.deepEqual(empty, []);
  assert.equal(tripsFirewall(sent), false);
}

describe('every payload passes the published rules and the simulated DfE, without nulls, in published order', () => {
  for (const seed of ['spring', 'summer', 'autumn']) {
    it(`for 250 synthetic children of the seed "${seed}"`, () => {
      const persons = personsIn(generateSsd({ children: 250, seed, today, night: 5 }).entries());
      assert.ok(persons.length >= 250);
      for (const person of persons) assertSendable(payloadOf(person));
    });
  }

  it('for synthetic children on the last days of a financial year', () => {
    const day = '2026-03-30';
    const persons = personsIn(generateSsd({ children: 150, seed: 'march', today: day }).entries());
    for (const person of persons) assertSendable(payloadOf(person, rulesOn(day)));
  });

  it('for children whose rows contradict each other', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => assertSendable(payloadOf(rows))),
      { numRuns: 300 },
    );
  });
});

describe('the schema of a child', () => {
  const child = asSent(payloadOf(aPerson({ ssd_cin_episodes: [anEpisode()] })));
  assert.ok(isJsonObject(child));
  const withDetails = (details: Record<string, Json>) => {
    const known = child['child_details'];
    assert.ok(isJsonObject(known));
    return { ...child, child_details: { ...known, ...details } };
  };

  it('takes a code that has ended, which is right for an earlier row', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement({ clap_cla_placement_type: 'U1' })],
    });
    const withType = (type: string) =>
      schema.safeParse(JSON.parse(JSON.stringify(payloadOf(rows)).replace('"U1"', `"${type}"`))).success;
    assert.ok(withType('Z1'));
    assert.ok(!withType('Z9'));
  });

  it('takes a sound child', () => assert.ok(schema.safeParse(child).success));

  const refused: readonly (readonly [string, Json])[] = [
    ['an attribute that is not published', { ...child, Children: [] }],
    ['a null', { ...child, mis_child_id: null }],
    ['an empty list of episodes', { ...child, social_care_episodes: [] }],
    ['a child id of 21 characters', { ...child, la_child_id: 'a'.repeat(21) }],
    ['a child id that the firewall refuses', { ...child, la_child_id: '0x12ab' }],
    ['an episode without an id', { ...child, social_care_episodes: [{ purge: false }] }],
    ['a day that does not exist', withDetails({ date_of_birth: '2023-02-29' })],
    ['a date with a time', withDetails({ date_of_birth: '2023-02-28T00:00:00' })],
    ['a sex outside its list', withDetails({ sex: 'X' })],
    ['a name of 129 characters', withDetails({ surname: 'x'.repeat(129) })],
    ['an empty name', withDetails({ surname: '' })],
    ['a postcode without its space', withDetails({ postcode: 'LS11UR' })],
    ['an empty list of disabilities', withDetails({ disabilities: [] })],
    ['a disability outside its list', withDetails({ disabilities: ['XXX'] })],
    ['a UPN of 12 characters', withDetails({ unique_pupil_number: 'A12345678901' })],
  ];
  for (const [what, body] of refused) {
    it(`refuses ${what}`, () => assert.equal(schema.safeParse(body).success, false));
  }
});

describe('the canonical payload', () => {
  it('is the same to the byte in any order of the rows', () => {
    fc.assert(
      fc.property(anyPerson, fc.integer({ min: 2, max: 1008 }), (rows, salt) => {
        const again = payloadOf(inAnotherOrder(rows, salt));
        assert.equal(canonical(again).json, canonical(payloadOf(rows)).json);
      }),
      { numRuns: 250 },
    );
  });

  it('is the same even when two care episodes share id and dates', () => {
    const episodes = [aCareEpisode(), aCareEpisode({ clae_cla_episode_start_reason: 'L' })];
    const rows = aPerson({ ssd_cin_episodes: [anEpisode()], ssd_cla_placement: [aPlacement()] });
    const [one, other] = [episodes, episodes.toReversed()].map(
      (ssd_cla_episodes) => canonical(payloadOf({ ...rows, ssd_cla_episodes })).json,
    );
    assert.equal(one, other);
  });

  it('has the same hash exactly when the text is the same', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const [a, b] = [canonical(payloadOf(one)), canonical(payloadOf(other))];
        assert.equal(a.hash === b.hash, a.json === b.json);
      }),
      { numRuns: 100 },
    );
  });

  it('changes its hash with any change of what is sent, ids included', () => {
    const hashes = [
      aPerson(),
      aPerson({ person: { pers_legacy_id: 'M1' } }),
      aPerson({ person: { pers_upn: 'A820200001001' } }),
      aPerson({ person: { pers_forename: 'Ida' } }),
      aPerson({ ssd_cin_episodes: [anEpisode()] }),
      aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_id: 'R2' })] }),
      aPerson({ ssd_cin_episodes: [anEpisode({ cine_close_date: '2026-01-01' })] }),
    ].map((rows) => canonical(payloadOf(rows)).hash);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('keeps its hash when only rows outside the window change', () => {
    const old = anEpisode({
      cine_referral_id: 'R9',
      cine_referral_date: '2015-01-01',
      cine_close_date: '2016-01-01',
    });
    const hash = (rows: Parameters<typeof aPerson>[0]) => canonical(payloadOf(aPerson(rows))).hash;
    assert.equal(hash({ ssd_cin_episodes: [anEpisode()] }), hash({ ssd_cin_episodes: [anEpisode(), old] }));
  });

  it('is hashed by SHA-256 over its UTF-8 bytes', () => {
    const { json, hash } = canonical(
      payloadOf(aPerson({ person: { pers_forename: 'Zoë', pers_surname: '李' } })),
    );
    const bytes = new TextEncoder().encode(json);
    assert.ok(bytes.length > json.length);
    assert.equal(hash, createHash('sha256').update(bytes).digest('hex'));
  });

  it('of a purge has the hash that sha256sum gives', () => {
    const { json, hash } = canonical({ la_child_id: '1', purge: true });
    assert.equal(json, '{"la_child_id":"1","purge":true}');
    assert.equal(hash, 'a677fbac8753a3bc5478f68e40fd23674b5e30a5ed14c0f86191485a32481ac3');
  });
});
