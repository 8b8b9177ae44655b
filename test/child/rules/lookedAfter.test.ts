import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Unreadable } from '../../../shared/child/cells.js';
import type { PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { rulesOn, today } from '../aPayload.js';
import { aCareEpisode, anAddress } from '../aPerson.js';
import { lookedAfter, withCareEpisode, withPlacement } from './aLookedAfterPerson.js';
import { told } from './remarksOf.js';

const notRead: Unreadable = { unreadable: 'form', found: 'text' };
const absent: Unreadable = { unreadable: 'absent', found: 'a column that is not there' };

/** A child of two placements, who lives in the second one. */
const moved = () => lookedAfter([{ from: '2025-07-01' }, { from: '2025-10-01' }]);
/** A child who was away for a time. */
const wasAway = (type: string, to: PlainDate = '2025-08-22') =>
  lookedAfter([{ from: '2025-07-01' }, { from: '2025-08-01', type }, { from: to }]);
/** A child with two periods of care. */
const twice = (again: PlainDate = '2025-12-01') =>
  lookedAfter([
    { from: '2025-07-01', to: '2025-10-01' },
    { from: again, start: 'S' },
  ]);
/** A period of care that ended on a day with a reason, in a placement of a type. */
const ended = (end: string, to: PlainDate = '2026-06-15', type = 'U4', born: PlainDate = '2012-06-15') =>
  lookedAfter([{ from: '2025-07-01', to, end, type }], { person: { pers_dob: born } });

function onlyTold(rows: PersonRows, ...expected: readonly string[]): void {
  assert.deepEqual(told(rows), expected);
}

describe('a looked-after child', () => {
  it('whose care is in order is not asked about', () => {
    onlyTold(moved());
    onlyTold(wasAway('T1'));
    onlyTold(twice());
    onlyTold(ended('E4A'));
  });

  it('is not asked about where placements are not shared, or the table is not there', () => {
    const rows = withCareEpisode(moved(), 'E1', { clae_cla_episode_ceased_reason: null });
    const withoutRows = { ...rows, ssd_cla_placement: [] };
    assert.deepEqual(told(withoutRows, { ...rulesOn(today), leftOut: ['placements'] }), []);
    const absentTables = new Set(['ssd_cla_placement'] as const);
    assert.deepEqual(told(withoutRows, { ...rulesOn(today), absentTables }), []);
  });
});

describe('the type of a placement', () => {
  const ages = [
    ['ssda903-371', 'K3', '2009-07-01', '2009-07-02'],
    ['ssda903-372', 'R5', '2015-07-01', '2015-07-02'],
    ['ssda903-373', 'S1', '2021-07-01', '2021-07-02'],
    ['ssda903-374', 'P3', '2011-07-01', '2011-07-02'],
  ] as const;
  for (const [rule, type, onBirthday, dayBefore] of ages) {
    it(`${type} asks for an age that the child has at the start`, () => {
      const born = (pers_dob: PlainDate) =>
        lookedAfter([{ from: '2025-07-01', type }], { person: { pers_dob } });
      onlyTold(born(onBirthday));
      onlyTold(born(dayBefore), `${rule}: ssd_cla_placement L1 clap_cla_placement_type`);
    });
  }

  it('is not asked about where the date of birth cannot be read', () => {
    const rows = lookedAfter([{ from: '2025-07-01', type: 'K3' }], { person: { pers_dob: absent } });
    onlyTold(rows);
  });

  it('T3 is for 21 days at most, and T4 for 7', () => {
    onlyTold(wasAway('T3', '2025-08-22'));
    onlyTold(wasAway('T3', '2025-08-23'), 'ssda903-376: ssd_cla_placement L2 clap_cla_placement_end_date');
    onlyTold(wasAway('T4', '2025-08-08'));
    onlyTold(wasAway('T4', '2025-08-09'), 'ssda903-379: ssd_cla_placement L2 clap_cla_placement_end_date');
    onlyTold(lookedAfter([{ from: '2025-07-01' }, { from: '2025-08-01', type: 'T4' }]));
  });
});

describe('placements at the same time', () => {
  it('are asked about, except on the day of a move', () => {
    const end = (clap_cla_placement_end_date: PlainDate | null) =>
      withPlacement(moved(), 'L1', { clap_cla_placement_end_date, clap_cla_placement_change_reason: null });
    const asked = 'placements-overlap: ssd_cla_placement L1 clap_cla_placement_end_date';
    const noReason = 'ssda903-225: ssd_cla_placement L1 clap_cla_placement_change_reason';
    onlyTold(end('2025-10-01'), noReason);
    assert.deepEqual(told(end('2025-10-02')).sort(), [asked, noReason].sort());
    assert.deepEqual(told(end(null)).sort(), [asked, noReason].sort());
  });
});

describe('the end of a care episode', () => {
  it('has a date and a reason, or neither', () => {
    const last = (values: Parameters<typeof withCareEpisode>[2]) => withCareEpisode(moved(), 'E2', values);
    onlyTold(
      last({ clae_cla_episode_ceased_reason: 'E4A' }),
      'ssda903-148: ssd_cla_episodes E2 clae_cla_episode_ceased_date',
    );
    onlyTold(
      last({ clae_cla_episode_ceased_date: '2026-01-01' }),
      'ssda903-148: ssd_cla_episodes E2 clae_cla_episode_ceased_reason',
    );
    onlyTold(last({ clae_cla_episode_ceased_date: '2026-01-01', clae_cla_episode_ceased_reason: 'E4A' }));
  });

  it('is asked about where one is missing, and not where it cannot be read', () => {
    const last = (values: Parameters<typeof withCareEpisode>[2]) =>
      told(withCareEpisode(moved(), 'E2', values)).filter((text) => text.startsWith('ssda903'));
    assert.deepEqual(
      last({ clae_cla_episode_ceased_date: notRead, clae_cla_episode_ceased_reason: 'E4A' }),
      [],
    );
    assert.deepEqual(
      last({ clae_cla_episode_ceased_date: absent, clae_cla_episode_ceased_reason: 'E4A' }),
      [],
    );
    assert.deepEqual(last({ clae_cla_episode_ceased_reason: 'N/A' }), []);
    assert.deepEqual(
      last({ clae_cla_episode_ceased_date: '2026-01-01', clae_cla_episode_ceased_reason: absent }),
      [],
    );
  });

  const byAge = [
    ['ssda903-386', 'E11', 'A4', '2007-06-15', '2007-06-16'],
    ['ssda903-407', 'E45', 'U4', '2007-06-15', '2007-06-16'],
    ['ssda903-407', 'E48', 'K2', '2007-06-15', '2007-06-16'],
    ['ssda903-389', 'E7', 'U4', '2009-06-16', '2009-06-15'],
    ['ssda903-460', 'E17', 'U4', '2007-06-16', '2007-06-15'],
  ] as const;
  for (const [rule, reason, type, asked, inOrder] of byAge) {
    it(`${reason} is asked about by the age on that day (${rule})`, () => {
      const on = (born: PlainDate) =>
        lookedAfter([{ from: '2025-06-10', to: '2025-06-15', end: reason, type }], {
          person: { pers_dob: born },
        });
      onlyTold(on(asked), `${rule}: ssd_cla_episodes E1 clae_cla_episode_ceased_reason`);
      onlyTold(on(inOrder));
    });
  }

  it('on 28 February is on the birthday of a child born on 29 February, where the year has none', () => {
    const on = (to: PlainDate) =>
      lookedAfter([{ from: '2026-02-01', to, end: 'E17' }], { person: { pers_dob: '2008-02-29' } });
    onlyTold(on('2026-02-28'));
    onlyTold(on('2026-02-27'), 'ssda903-460: ssd_cla_episodes E1 clae_cla_episode_ceased_reason');
  });

  it('with adoption is after a placement for adoption, and that with E45 after one with foster carers', () => {
    const column = 'ssd_cla_episodes E1 clae_cla_episode_ceased_reason';
    onlyTold(ended('E11', '2026-06-15', 'A3'));
    onlyTold(ended('E11', '2026-06-15', 'U4'), `ssda903-390: ${column}`);
    onlyTold(ended('E12', '2026-06-15', 'K2'), `ssda903-390: ${column}`);
    onlyTold(ended('E45', '2026-06-15', 'U6'));
    onlyTold(ended('E46', '2026-06-15', 'K2'), `ssda903-516: ${column}`);
    onlyTold(ended('E47', '2026-06-15', 'K2'));
  });

  it('is not asked about where the type of placement cannot be read', () => {
    const rows = withPlacement(ended('E11', '2026-06-15', 'U4'), 'L1', { clap_cla_placement_type: absent });
    onlyTold(rows);
  });

  it('by death or the 18th birthday is the last', () => {
    const rows = (clae_cla_episode_ceased_reason: string) =>
      withCareEpisode(twice(), 'E1', { clae_cla_episode_ceased_reason });
    onlyTold(rows('E2'), 'ssda903-437: ssd_cla_episodes E1 clae_cla_episode_ceased_reason');
    onlyTold(rows('E15'), 'ssda903-437: ssd_cla_episodes E1 clae_cla_episode_ceased_reason');
    onlyTold(ended('E15'));
    const laterUnread = withCareEpisode(rows('E15'), 'E2', { clae_cla_episode_start_date: notRead });
    assert.deepEqual(
      told(laterUnread).filter((text) => text.startsWith('ssda903')),
      [],
    );
  });
});

describe('the start of a care episode', () => {
  it('S is before the 18th birthday', () => {
    const born = (pers_dob: PlainDate) => lookedAfter([{ from: '2025-07-01' }], { person: { pers_dob } });
    onlyTold(born('2007-07-02'));
    onlyTold(born('2007-07-01'), 'ssda903-352: ssd_cla_episodes E1 clae_cla_episode_start_date');
    const unread = withCareEpisode(born('2007-07-01'), 'E1', { clae_cla_episode_start_reason: absent });
    onlyTold(unread);
  });

  it('S is after the end of the one before', () => {
    onlyTold(twice('2025-10-02'));
    onlyTold(twice('2025-10-01'), 'ssda903-431: ssd_cla_episodes E2 clae_cla_episode_start_reason');
  });

  it('is S after the end of a period of care', () => {
    const rows = lookedAfter([
      { from: '2025-07-01', to: '2025-10-01', end: 'E4A', change: null },
      { from: '2025-10-01', start: 'P' },
    ]);
    onlyTold(rows, 'ssda903-432: ssd_cla_episodes E2 clae_cla_episode_start_reason');
    onlyTold(withCareEpisode(rows, 'E1', { clae_cla_episode_ceased_reason: absent }));
    onlyTold(withCareEpisode(rows, 'E2', { clae_cla_episode_start_reason: absent }));
  });

  for (const start of ['P', 'L', 'T', 'U', 'B']) {
    it(`${start} is on the day that the one before ended`, () => {
      const from = (day: PlainDate) =>
        lookedAfter([
          { from: '2025-07-01', to: '2025-10-01' },
          { from: day, start },
        ]);
      onlyTold(from('2025-10-01'));
      onlyTold(from('2025-10-02'), 'ssda903-433: ssd_cla_episodes E2 clae_cla_episode_start_date');
    });
  }

  it('after one without an end is asked about, and after one whose end cannot be read is not', () => {
    const before = (clae_cla_episode_ceased_date: Unreadable | null) =>
      withCareEpisode(moved(), 'E1', { clae_cla_episode_ceased_date, clae_cla_episode_ceased_reason: null });
    assert.deepEqual(told(before(null)), ['ssda903-433: ssd_cla_episodes E2 clae_cla_episode_start_date']);
    onlyTold(before(absent));
  });

  it('in a temporary placement is P or B, and its end X1', () => {
    const away = (values: Parameters<typeof withCareEpisode>[2]) =>
      withCareEpisode(wasAway('T1'), 'E2', values);
    onlyTold(away({ clae_cla_episode_start_reason: 'B' }));
    onlyTold(
      away({ clae_cla_episode_start_reason: 'L' }),
      'ssda903-380: ssd_cla_episodes E2 clae_cla_episode_start_reason',
    );
    onlyTold(
      lookedAfter([{ from: '2025-07-01', to: '2025-07-05', type: 'T1', end: 'E4A', start: 'P' }]),
      'ssda903-381: ssd_cla_episodes E1 clae_cla_episode_ceased_reason',
    );
  });

  it('is not compared with another one where the order is not known', () => {
    const rows = lookedAfter([
      { from: '2025-07-01', to: '2025-10-01', end: 'E4A' },
      { from: '2025-10-01', start: 'S' },
    ]);
    for (const unread of [notRead, absent, null]) {
      const asked = told(withCareEpisode(rows, 'E1', { clae_cla_episode_start_date: unread }));
      assert.deepEqual(
        asked.filter((text) => text.startsWith('ssda903')),
        [],
      );
    }
  });

  it('that is there twice is compared with the one before it, not with itself', () => {
    const rows = moved();
    onlyTold({ ...rows, ssd_cla_episodes: [...rows.ssd_cla_episodes, ...rows.ssd_cla_episodes] });
  });
});

describe('the reason for a placement change', () => {
  const column = 'clap_cla_placement_change_reason';

  it('is there after a move to another placement', () => {
    const without = (rows: PersonRows) =>
      withPlacement(rows, 'L1', { clap_cla_placement_change_reason: null });
    onlyTold(without(moved()), `ssda903-225: ssd_cla_placement L1 ${column}`);
    onlyTold(without(wasAway('T0')));
    onlyTold(withPlacement(moved(), 'L1', { clap_cla_placement_change_reason: absent }));
    onlyTold(without(withPlacement(moved(), 'L2', { clap_cla_placement_type: absent })));
    onlyTold(without(withCareEpisode(moved(), 'E2', { clae_cla_episode_start_reason: 'L' })));
  });

  it('is not there beside a temporary placement, whichever of the two has it', () => {
    const reason = { clap_cla_placement_change_reason: 'OTHER' };
    onlyTold(withPlacement(wasAway('T1'), 'L1', reason), `ssda903-226: ssd_cla_placement L1 ${column}`);
    onlyTold(
      withPlacement(wasAway('T4', '2025-08-05'), 'L2', reason),
      `ssda903-226: ssd_cla_placement L2 ${column}`,
    );
  });

  it('is not there while the placement has not ended', () => {
    const reason = { clap_cla_placement_change_reason: 'OTHER' };
    onlyTold(withPlacement(moved(), 'L2', reason), `ssda903-233: ssd_cla_placement L2 ${column}`);
    const unread = withPlacement(moved(), 'L2', { ...reason, clap_cla_placement_end_date: absent });
    assert.deepEqual(
      told(unread).filter((text) => text.startsWith('ssda903-233')),
      [],
    );
  });

  it('is not custody before the 10th birthday: the day of the move counts', () => {
    const born = (pers_dob: PlainDate) =>
      lookedAfter(
        [
          { from: '2025-07-01', change: 'CUSTOD' },
          { from: '2025-10-01', type: 'K1' },
        ],
        {
          person: { pers_dob },
        },
      );
    onlyTold(born('2015-10-01'));
    onlyTold(born('2015-10-02'), `ssda903-234: ssd_cla_placement L1 ${column}`);
  });
});

describe('the way back from a temporary placement', () => {
  const away = { from: '2025-08-01', type: 'T1' } as const;

  it('leads to the placement before, with the reason P', () => {
    const back = (values: Parameters<typeof lookedAfter>[0][number]) =>
      lookedAfter([{ from: '2025-07-01' }, away, values]);
    onlyTold(
      back({ from: '2025-08-10', start: 'B' }),
      'ssda903-383: ssd_cla_episodes E3 clae_cla_episode_start_reason',
    );
    onlyTold(
      back({ from: '2025-08-10', type: 'U1' }),
      'ssda903-383: ssd_cla_placement L3 clap_cla_placement_type',
    );
    onlyTold(
      back({ from: '2025-08-10', postcode: 'LS2 7EW' }),
      'ssda903-383: ssd_cla_placement L3 clap_cla_placement_postcode',
    );
    onlyTold(back({ from: '2025-08-10', postcode: 'bd11hx' }));
    onlyTold(back({ from: '2025-08-10', postcode: null }));
  });

  it('is not asked about where the legal status changes in the temporary placement', () => {
    const rows = withCareEpisode(
      lookedAfter([{ from: '2025-07-01' }, away, { from: '2025-08-10' }]),
      'E2',
      { clae_cla_episode_ceased_date: '2025-08-05', clae_cla_episode_ceased_reason: 'X1' },
    );
    const legal = aCareEpisode({
      clae_cla_episode_id: 'E9',
      clae_cla_placement_id: 'L2',
      clae_cla_episode_start_date: '2025-08-05',
      clae_cla_episode_start_reason: 'L',
      clae_cla_episode_ceased_date: '2025-08-10',
      clae_cla_episode_ceased_reason: 'X1',
    });
    // 380 takes P and B alone, as it is published.
    onlyTold(
      { ...rows, ssd_cla_episodes: [...rows.ssd_cla_episodes, legal] },
      'ssda903-380: ssd_cla_episodes E9 clae_cla_episode_start_reason',
    );
  });

  it('is asked about once where it leads through another temporary placement', () => {
    onlyTold(
      lookedAfter([{ from: '2025-07-01' }, away, { from: '2025-08-05', type: 'T0' }, { from: '2025-08-10' }]),
      'ssda903-383: ssd_cla_placement L3 clap_cla_placement_type',
    );
  });

  it('is not asked about where the child came straight into the temporary placement', () => {
    onlyTold(
      lookedAfter([
        { ...away, start: 'B' },
        { from: '2025-08-10', type: 'U1', start: 'B' },
      ]),
    );
  });
});

describe('the postcode of a placement', () => {
  const asked = 'ssda903-392d: ssd_cla_placement L1 clap_cla_placement_postcode';
  const at = (postcode: string, type = 'U4', home: Parameters<typeof anAddress>[0] = {}) =>
    lookedAfter([{ from: '2025-07-01', postcode, type }], { ssd_address: [anAddress(home)] });

  it('is not that of the home before, unless the child is placed with its parents', () => {
    onlyTold(at('LS1 1UR'), asked);
    onlyTold(at('ls11ur'), asked);
    onlyTold(at('LS1 1UR', 'P1'));
    onlyTold(at('BD1 1HX'));
  });

  it('is compared with the address of the day before', () => {
    onlyTold(at('LS1 1UR', 'U4', { addr_address_end_date: '2025-06-30' }), asked);
    onlyTold(at('LS1 1UR', 'U4', { addr_address_end_date: '2025-06-29' }));
    onlyTold(at('LS1 1UR', 'U4', { addr_address_start_date: '2025-07-01' }));
    onlyTold(at('LS1 1UR', 'U4', { addr_address_end_date: absent }));
  });

  it('is not compared where the SSD does not have the beginning of the period of care', () => {
    onlyTold(withCareEpisode(at('LS1 1UR'), 'E1', { clae_cla_episode_start_reason: 'P' }));
  });

  it('is not compared where postcodes are not shared', () => {
    const rows = {
      ...withPlacement(at('LS1 1UR'), 'L1', { clap_cla_placement_postcode: absent }),
      ssd_address: [],
    };
    assert.deepEqual(told(rows, { ...rulesOn(today), leftOut: ['postcodes'] }), []);
  });
});
