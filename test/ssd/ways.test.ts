import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { detailTables, type SsdDetailTable } from '../../shared/child/sourceRows.js';
import { testEngines } from '../database/engines.js';
import type { SsdRow } from '../../infra/syntheticSsd/columns.js';
import { anSsd, everyone, ofNobody, type Rows } from './anSsd.js';

/** All ways of the specification, in SystemC's columns. */
const allWays = profileFrom({}, 'ours');

const persons: Rows = { ssd_person: ['A', 'B'].map((id) => ({ pers_person_id: id })) };

/** One row of each table whose ways lead through parents, with nothing but its ids; and parents of A and of B. */
const parents: Rows = {
  ...persons,
  ssd_cin_episodes: [
    { cine_referral_id: 'RA', cine_person_id: 'A' },
    { cine_referral_id: 'RB', cine_person_id: 'B' },
    { cine_referral_id: 'R of nobody', cine_person_id: 'nobody' },
    ...['A', 'B'].map((id) => ({ cine_referral_id: 'R of both', cine_person_id: id })),
  ],
};

interface Case {
  readonly table: SsdDetailTable & keyof Rows;
  readonly id: string;
  readonly person: string;
  readonly parent: string;
}

const byReferral: readonly Case[] = [
  {
    table: 'ssd_cin_assessments',
    id: 'cina_assessment_id',
    person: 'cina_person_id',
    parent: 'cina_referral_id',
  },
  { table: 'ssd_cin_plans', id: 'cinp_cin_plan_id', person: 'cinp_person_id', parent: 'cinp_referral_id' },
  {
    table: 'ssd_s47_enquiry',
    id: 's47e_s47_enquiry_id',
    person: 's47e_person_id',
    parent: 's47e_referral_id',
  },
  { table: 'ssd_cp_plans', id: 'cppl_cp_plan_id', person: 'cppl_person_id', parent: 'cppl_referral_id' },
  {
    table: 'ssd_cla_episodes',
    id: 'clae_cla_episode_id',
    person: 'clae_person_id',
    parent: 'clae_referral_id',
  },
  {
    table: 'ssd_involvements',
    id: 'invo_involvements_id',
    person: 'invo_person_id',
    parent: 'invo_referral_id',
  },
];

for (const engine of testEngines) {
  describe(`the ways from a row to its person (${engine.name})`, () => {
    for (const { table, id, person, parent } of byReferral) {
      it(`of ${table}: its person, else its referral’s, and no person where they contradict`, async () => {
        const row = (name: string, own: string | null, referral: string | null): SsdRow => ({
          [id]: name,
          [person]: own,
          [parent]: referral,
        });
        const ssd = await anSsd(engine, {
          ...parents,
          [table]: [
            row('both say A', 'A', 'RA'),
            row('the person says A', 'A', null),
            row('the person says A, the referral is unknown', 'A', 'no such'),
            row('the person says A, the referral is nobody’s', 'A', 'R of nobody'),
            row('the person says A, several have the referral', 'A', 'R of both'),
            row('the referral says B', null, 'RB'),
            row('the referral says B, the person is unknown', 'no such', 'RB'),
            row('the referral says B, the person is blank', ' ', 'RB'),
            row('they contradict', 'A', 'RB'),
            row('several have the referral', null, 'R of both'),
            row('nobody', 'no such', 'R of nobody'),
            row('nothing', null, null),
          ],
        });
        const reader = ssd.reader(allWays);
        const names = (of: string, rows: Awaited<ReturnType<typeof everyone>>) =>
          [...(rows.get(of)?.[table] ?? [])].map((its) => idIn(its, id)).sort();
        const read = await everyone(reader);
        assert.deepEqual(names('A', read), [
          'both say A',
          'the person says A',
          'the person says A, several have the referral',
          'the person says A, the referral is nobody’s',
          'the person says A, the referral is unknown',
        ]);
        assert.deepEqual(names('B', read), [
          'the referral says B',
          'the referral says B, the person is blank',
          'the referral says B, the person is unknown',
        ]);
        const found = (await ofNobody(reader)).filter((line) => !line.includes('ssd_cin_episodes'));
        assert.deepEqual(found, [
          `belongs-to-two ${table} several have the referral`,
          `belongs-to-two ${table} they contradict`,
          `no-person ${table} nobody`,
          `no-person ${table} nothing`,
        ]);
      });
    }

    it('go through a parent’s own: a conference by an enquiry by a referral, factors by an assessment by a referral', async () => {
      const ssd = await anSsd(engine, {
        ...parents,
        ssd_s47_enquiry: [
          { s47e_s47_enquiry_id: 'S1', s47e_referral_id: 'RA' },
          { s47e_s47_enquiry_id: 'S2', s47e_person_id: 'A', s47e_referral_id: 'RB' },
        ],
        ssd_initial_cp_conference: [
          { icpc_icpc_id: 'C1', icpc_s47_enquiry_id: 'S1' },
          { icpc_icpc_id: 'C2', icpc_s47_enquiry_id: 'S2' },
          { icpc_icpc_id: 'C3', icpc_person_id: 'B', icpc_s47_enquiry_id: 'S1' },
          { icpc_icpc_id: 'C4', icpc_person_id: 'B', icpc_s47_enquiry_id: 'S2' },
        ],
        ssd_cin_assessments: [
          { cina_assessment_id: 'A1', cina_referral_id: 'RA' },
          { cina_assessment_id: 'A2', cina_person_id: 'A', cina_referral_id: 'RB' },
        ],
        ssd_assessment_factors: [
          { cinf_table_id: 'F1', cinf_assessment_id: 'A1' },
          { cinf_table_id: 'F2', cinf_assessment_id: 'A2' },
        ],
      });
      const reader = ssd.reader(allWays);
      const read = await everyone(reader);
      const of = (person: string) => [
        ...(read.get(person)?.ssd_initial_cp_conference.map((row) => row.icpc_icpc_id) ?? []),
        ...(read.get(person)?.ssd_assessment_factors.map((row) => row.cinf_table_id) ?? []),
      ];
      assert.deepEqual([of('A'), of('B')], [['C1', 'F1'], ['C4']]);
      assert.deepEqual(
        (await ofNobody(reader)).filter((line) => !line.includes('ssd_cin_episodes')),
        [
          'belongs-to-two ssd_cin_assessments A2',
          'belongs-to-two ssd_initial_cp_conference C3',
          'belongs-to-two ssd_s47_enquiry S2',
          'no-person ssd_assessment_factors F2',
          'no-person ssd_initial_cp_conference C2',
        ],
      );
    });

    it('lead from a placement to the child whose care episodes name it, else to that of its period of care', async () => {
      const care = (id: string, person: string, period: string | null, placement: string | null) => ({
        clae_cla_episode_id: id,
        clae_person_id: person,
        clae_cla_id: period,
        clae_cla_placement_id: placement,
      });
      const ssd = await anSsd(engine, {
        ...persons,
        ssd_cla_episodes: [
          care('E1', 'A', 'KA', 'named by A'),
          care('E2', 'A', 'KA', 'moved twice'),
          care('E3', 'A', 'KA', 'moved twice'),
          care('E4', 'B', 'KB', 'named by B'),
          care('E5', 'B', 'KB', 'of one address'),
          care('E6', 'A', 'KA', 'of one address'),
          care('E7', 'B', null, 'without a period'),
          care('E8', 'A', 'K of both', null),
          care('E9', 'B', 'K of both', null),
        ],
        ssd_cla_placement: [
          { clap_cla_placement_id: 'named by A', clap_cla_id: 'KA' },
          { clap_cla_placement_id: 'named by A', clap_cla_id: null },
          { clap_cla_placement_id: 'named by A', clap_cla_id: 'KB' },
          { clap_cla_placement_id: 'moved twice', clap_cla_id: 'no such' },
          { clap_cla_placement_id: 'named by B', clap_person_id: 'A' },
          { clap_cla_placement_id: 'of one address', clap_cla_id: 'KA' },
          { clap_cla_placement_id: 'of one address', clap_cla_id: 'KB' },
          { clap_cla_placement_id: 'of one address', clap_cla_id: null },
          { clap_cla_placement_id: 'of one address', clap_person_id: 'B' },
          { clap_cla_placement_id: 'without a period', clap_cla_id: 'K9' },
          { clap_cla_placement_id: 'named by none', clap_cla_id: 'KB' },
          { clap_cla_placement_id: 'of both', clap_cla_id: 'K of both' },
        ],
      });
      const reader = ssd.reader(allWays);
      const read = await everyone(reader);
      const of = (person: string) =>
        read
          .get(person)
          ?.ssd_cla_placement.map((row) => `${String(row.clap_cla_placement_id)}, ${String(row.clap_cla_id)}`)
          .sort();
      // The second one has its period from the care episodes.
      assert.deepEqual(of('A'), ['named by A, KA', 'named by A, KA', 'of one address, KA']);
      assert.deepEqual(of('B'), [
        'named by A, KB',
        'named by none, KB',
        'of one address, KB',
        'of one address, KB',
        'without a period, K9',
      ]);
      assert.deepEqual(await ofNobody(reader), [
        'belongs-to-two ssd_cla_placement named by B',
        'belongs-to-two ssd_cla_placement of both',
        'belongs-to-two ssd_cla_placement of one address',
        'no-person ssd_cla_placement moved twice',
      ]);
    });

    it('are not confused by ids that begin anew for each child', async () => {
      const children = Array.from({ length: 40 }, (_, at) => `C${String(at)}`);
      const ssd = await anSsd(engine, {
        ssd_person: children.map((id) => ({ pers_person_id: id })),
        ssd_cla_episodes: children.flatMap((id) =>
          ['1', '2'].map((number) => ({
            clae_cla_episode_id: `${id} ${number}`,
            clae_person_id: id,
            clae_cla_id: number,
            clae_cla_placement_id: number,
          })),
        ),
        ssd_cla_placement: children.flatMap((id) =>
          ['1', '2'].map((number) => ({
            clap_cla_placement_id: number,
            clap_person_id: id,
            clap_cla_id: number,
            clap_cla_placement_postcode: id,
          })),
        ),
        ssd_permanence: [
          { perm_table_id: 'P1', perm_person_id: 'C3', perm_cla_id: '2' },
          { perm_table_id: 'P2', perm_person_id: null, perm_cla_id: '2' },
          { perm_table_id: 'P3', perm_person_id: 'C4', perm_cla_id: '3' },
        ],
      });
      const reader = ssd.reader(allWays);
      const read = await everyone(reader);
      for (const [id, { ssd_cla_placement: placements }] of read) {
        assert.deepEqual(
          placements.map((row) => row.clap_cla_placement_postcode),
          [id, id],
        );
      }
      assert.deepEqual(
        ['C3', 'C4'].map((id) => read.get(id)?.ssd_permanence.map((row) => row.perm_table_id)),
        [['P1'], ['P3']],
      );
      assert.deepEqual(await ofNobody(reader), ['belongs-to-two ssd_permanence P2']);
    });

    it('lead from an adoption of SystemC to the child of its period of care, never to the child that happens to have the legacy id', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [
          { pers_person_id: '1001', pers_legacy_id: '2002' },
          { pers_person_id: '2002', pers_legacy_id: '9009' },
        ],
        ssd_cla_episodes: [{ clae_cla_episode_id: 'E1', clae_person_id: '1001', clae_cla_id: 'CLA1' }],
        ssd_permanence: [
          { perm_table_id: 'AD1', perm_person_id: '2002', perm_cla_id: 'CLA1' },
          { perm_table_id: 'AD2', perm_person_id: '2002', perm_cla_id: null },
        ],
      });
      const reader = ssd.reader(builtInProfile('systemc'));
      const read = await everyone(reader);
      assert.deepEqual(
        ['1001', '2002'].map((id) => read.get(id)?.ssd_permanence.map((row) => row.perm_table_id)),
        [['AD1'], []],
      );
      assert.deepEqual(await ofNobody(reader), ['no-person ssd_permanence AD2']);
    });

    it('name no child by the legacy id of an adoption that belongs to no person', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: '1001' }, { pers_person_id: '2002' }],
        ssd_permanence: [{ perm_table_id: 'AD', perm_person_id: '2002', perm_cla_id: 'CLA9' }],
      });
      const reader = ssd.reader(builtInProfile('systemc'));
      const [finding, ...others] = await reader.findingsOfUnassignedRows(await reader.survey());
      assert.deepEqual(others, []);
      assert.equal(finding?.rowId, 'AD');
      assert.equal(finding.childId, null);
      assert.equal(finding.column, 'perm_cla_id');
    });

    it('are others where a profile says so', async () => {
      const ssd = await anSsd(engine, {
        ...parents,
        ssd_initial_cp_conference: [
          { icpc_icpc_id: 'C1', icpc_referral_id: 'RB' },
          { icpc_icpc_id: 'C2', icpc_person_id: 'A', icpc_referral_id: 'RB' },
        ],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P1', cinp_person_id: 'A', cinp_referral_id: 'RB' }],
      });
      const ours = profileFrom(
        {
          relations: {
            ssd_initial_cp_conference: { ssd_cin_episodes: ['icpc_referral_id = cine_referral_id'] },
          },
          ways: {
            ssd_initial_cp_conference: ['ssd_cin_episodes', 'person'],
            ssd_cin_plans: ['ssd_cin_episodes'],
          },
        },
        'ours',
      );
      const reader = ssd.reader(ours);
      const read = await everyone(reader);
      assert.deepEqual(
        read.get('B')?.ssd_initial_cp_conference.map((row) => row.icpc_icpc_id),
        ['C1'],
      );
      assert.deepEqual(
        read.get('B')?.ssd_cin_plans.map((row) => row.cinp_cin_plan_id),
        ['P1'],
      );
      assert.ok((await ofNobody(reader)).includes('belongs-to-two ssd_initial_cp_conference C2'));
    });

    it('leave no row of an empty SSD', async () => {
      const ssd = await anSsd(engine);
      const reader = ssd.reader(allWays);
      assert.equal((await everyone(reader)).size, 0);
      assert.deepEqual(await ofNobody(reader), []);
      const { belonging } = await reader.survey();
      assert.deepEqual([...belonging.keys()].sort(), [...detailTables].sort());
    });
  });
}

function idIn(row: Readonly<Record<string, unknown>>, column: string): string {
  return String(row[column]);
}
