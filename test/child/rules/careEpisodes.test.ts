import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BuildRules } from '../../../shared/child/buildRules.js';
import { readable } from '../../../shared/child/cells.js';
import { IdsByList, UnknownItems } from '../../../shared/child/draft.js';
import { episodesOf } from '../../../shared/child/parts/episodes.js';
import { careEpisodesOf, type CareEpisode } from '../../../shared/child/rules/careEpisodes.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { ValueReader } from '../../../shared/child/values/valueReader.js';
import { builtInProfile } from '../../../shared/ssd/profile.js';
import { rulesOn, today } from '../aPayload.js';
import { aLifeInCare } from './aLifeInCare.js';
import { lookedAfter, withCareEpisode, withPlacement } from './aLookedAfterPerson.js';

type SystemName = Parameters<typeof builtInProfile>[0];

const of = (system: SystemName): BuildRules => ({ ...rulesOn(today), ...builtInProfile(system) });

function built(rows: PersonRows, rules: BuildRules) {
  const values = new ValueReader(rules, rows);
  const unknownItems = new UnknownItems(new IdsByList());
  const { placements } = episodesOf(rows, { rules, values, unknownItems }, () => false);
  return { placements, careEpisodes: careEpisodesOf(rows, placements, values) };
}

/** `E1 L1 2025-07-01`: the care episode, and the id and start of its placement. */
function shown(careEpisodes: readonly CareEpisode[]): string[] {
  return careEpisodes.map(({ row, placement }) => {
    const { clap_cla_placement_id: id, clap_cla_placement_start_date: start } = placement ?? {};
    const its = id && `${id} ${readable(start ?? null) ?? ''}`;
    return `${String(row.clae_cla_episode_id)} ${its ?? 'none'}`;
  });
}

const three = lookedAfter([
  { from: '2025-07-01' },
  { from: '2025-08-01', type: 'K2' },
  { from: '2025-09-01', type: 'U4' },
]);

/** As Eclipse has it: the child is at the address of the first placement again. */
const atOneAddress = withCareEpisode(withPlacement(three, 'L3', { clap_cla_placement_id: 'L1' }), 'E3', {
  clae_cla_placement_id: 'L1',
});

describe('the placement of a care episode', () => {
  it('is the one that it names', () => {
    const { careEpisodes } = built(three, of('systemc'));
    assert.deepEqual(shown(careEpisodes), ['E1 L1 2025-07-01', 'E2 L2 2025-08-01', 'E3 L3 2025-09-01']);
  });

  it('is of those at one address the one that had begun last', () => {
    const { careEpisodes } = built(atOneAddress, of('eclipse'));
    assert.deepEqual(shown(careEpisodes), ['E1 L1 2025-07-01', 'E2 L2 2025-08-01', 'E3 L1 2025-09-01']);
    assert.ok(careEpisodes.every(({ isSent }) => isSent));
    const unread = withPlacement(atOneAddress, 'L1', {
      clap_cla_placement_start_date: { unreadable: 'form', found: 'text' },
    });
    assert.deepEqual(shown(built(unread, of('eclipse')).careEpisodes), [
      'E1 none',
      'E2 L2 2025-08-01',
      'E3 none',
    ]);
  });

  it('is none where the placement that it names is not there, as in an extract of SystemC', () => {
    const rows = { ...three, ssd_cla_placement: three.ssd_cla_placement.filter((_, index) => index !== 1) };
    const { careEpisodes } = built(rows, of('systemc'));
    assert.deepEqual(shown(careEpisodes), ['E1 L1 2025-07-01', 'E2 none', 'E3 L3 2025-09-01']);
    assert.deepEqual(
      careEpisodes.map(({ type, isSent }) => [type, isSent]),
      [
        ['U4', true],
        [undefined, false],
        ['U4', true],
      ],
    );
  });

  it('is the one of that day in its period of care where it names none', () => {
    const rows = {
      ...three,
      ssd_cla_episodes: three.ssd_cla_episodes.map((row) => ({ ...row, clae_cla_placement_id: null })),
    };
    assert.deepEqual(shown(built(rows, of('mosaic')).careEpisodes), [
      'E1 L1 2025-07-01',
      'E2 L2 2025-08-01',
      'E3 L3 2025-09-01',
    ]);
    const atOnce = withPlacement(rows, 'L2', { clap_cla_placement_start_date: '2025-07-01' });
    assert.deepEqual(shown(built(atOnce, of('mosaic')).careEpisodes), [
      'E1 none',
      'E2 L2 2025-07-01',
      'E3 L3 2025-09-01',
    ]);
  });

  it('is none of another period of care', () => {
    const rows = withPlacement(three, 'L2', { clap_cla_id: 'K9' });
    assert.equal(shown(built(rows, of('systemc')).careEpisodes)[1], 'E2 none');
  });

  it('is the one whose reasons are those of the care episode, for each system', () => {
    const systems = fc.constantFrom<SystemName>('systemc', 'mosaic', 'eclipse');
    fc.assert(
      fc.property(aLifeInCare, systems, fc.boolean(), ({ rows: drawn, stays }, system, isAtOneAddress) => {
        const rows =
          isAtOneAddress && system === 'eclipse'
            ? atAddresses(
                drawn,
                stays.map(({ type }) => type),
              )
            : drawn;
        const { placements, careEpisodes } = built(rows, of(system));
        assert.equal(placements.length, rows.ssd_cla_placement.length);
        for (const { row, item } of placements) {
          const its = careEpisodes.filter(({ placement }) => placement === row);
          assert.equal(item.start_reason, its.at(0)?.startReason);
          assert.equal(item.end_reason, its.at(-1)?.endReason);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Placements of one type are at one address, and have its id. */
function atAddresses(rows: PersonRows, types: readonly string[]): PersonRows {
  const addressOf = (id: string | null) => types[Number(id?.slice(1)) - 1] ?? null;
  return {
    ...rows,
    ssd_cla_episodes: rows.ssd_cla_episodes.map((row) => ({
      ...row,
      clae_cla_placement_id: addressOf(row.clae_cla_placement_id),
    })),
    ssd_cla_placement: rows.ssd_cla_placement.map((row) => ({
      ...row,
      clap_cla_placement_id: addressOf(row.clap_cla_placement_id),
    })),
  };
}
