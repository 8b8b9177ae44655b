import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Child } from '../../../shared/child/payload.js';
import { ageBandOn, ageBands, sexes } from '../../../shared/child/rehearsal/bands.js';
import { aYearBefore, rehearsalDay, rehearsalDays } from '../../../shared/child/rehearsal/days.js';
import { figures, type Known } from '../../../shared/child/rehearsal/figures.js';
import { groups, numberIn } from '../../../shared/child/rehearsal/groups.js';
import { rehearsalSchema } from '../../../shared/child/rehearsal/rehearsal.js';
import { RehearsalTally, rehearsalTallySchema } from '../../../shared/child/rehearsal/tally.js';
import { windowOf } from '../../../shared/child/window.js';
import { builtOf, today } from '../aPayload.js';
import { anyPerson } from '../anyPerson.js';
import { aChild, aChildIn, anEpisode } from './aChild.js';

const known: Known = { window: windowOf(today), leftOut: [], absentTables: new Set() };

/** Children as they are built from rows of any kind. */
const anyChildren = fc
  .array(anyPerson, { maxLength: 5 })
  .map((persons) => persons.map((rows) => builtOf(rows).child).filter((child) => child !== undefined));

function tallyOf(children: readonly Child[], tally = new RehearsalTally(known)): RehearsalTally {
  for (const child of children) tally.add(child);
  return tally;
}

/** The figures of a day, 31 March 2026 unless said. */
function on(tally: RehearsalTally, day = '2026-03-31') {
  const found = tally.rehearsal().days.find((one) => one.day === day);
  assert.ok(found);
  return found.figures;
}

describe('the figures of a run', () => {
  test('are the same by age, by sex and in total', () => {
    fc.assert(
      fc.property(anyChildren, (children) => {
        for (const { figures: ofDay } of tallyOf(children).rehearsal().days) {
          for (const { code } of figures) {
            const total = numberIn(ofDay, code, { split: 'total', name: 'all' }) ?? 0;
            for (const split of ['age', 'sex']) {
              const numbers = groups
                .filter((group) => group.split === split)
                .map((group) => numberIn(ofDay, code, group) ?? 0);
              assert.equal(
                numbers.reduce((sum, number) => sum + number, 0),
                total,
                `${code} by ${split}`,
              );
            }
          }
        }
      }),
    );
  });

  test('do not depend on the order of the children', () => {
    fc.assert(
      fc.property(anyChildren, (children) => {
        assert.deepEqual(tallyOf([...children].reverse()).rehearsal(), tallyOf(children).rehearsal());
      }),
    );
  });

  test('are the same when another attempt goes on from what the first has stored', () => {
    fc.assert(
      fc.property(anyChildren, anyChildren, (first, second) => {
        const stored = JSON.stringify(tallyOf(first).counts());
        const next = new RehearsalTally(known, rehearsalTallySchema.parse(JSON.parse(stored)));
        assert.deepEqual(tallyOf(second, next).rehearsal(), tallyOf([...first, ...second]).rehearsal());
      }),
    );
  });

  test('are read back as they were written', () => {
    const rehearsal = tallyOf([aChild([anEpisode()])]).rehearsal();
    assert.deepEqual(rehearsalSchema.parse(JSON.parse(JSON.stringify(rehearsal))), rehearsal);
  });

  test('do not change when the tally that they were stored from counts on', () => {
    const tally = tallyOf([aChild([anEpisode()])]);
    const stored = tally.counts();
    tallyOf([aChild([anEpisode()])], tally);
    assert.equal(stored.children, 1);
    assert.equal(stored.days['2026-03-31']?.['in-need']?.total, 1);
  });

  test('have the age on the day, and for what happened the age at that time', () => {
    const child = aChildIn({ start_date: '2025-06-01', start_reason: 'S' });
    child.child_details.date_of_birth = '2009-06-15';
    const ofDay = on(tallyOf([child]));
    assert.deepEqual(ofDay['looked-after'], { total: 1, ages: { '16 to 17': 1 }, sexes: { F: 1 } });
    assert.deepEqual(ofDay['looked-after-started'], { total: 1, ages: { '10 to 15': 1 }, sexes: { F: 1 } });
  });

  test('count what is open on a day to come as open', () => {
    assert.deepEqual(on(tallyOf([aChild([anEpisode()])]), '2027-03-31')['in-need'], {
      total: 1,
      ages: { '10 to 15': 1 },
      sexes: { F: 1 },
    });
  });

  test('are not known, rather than 0, where the category is not shared', () => {
    const tally = new RehearsalTally({ ...known, leftOut: ['uasc', 'placements'] });
    assert.deepEqual(on(tally)['looked-after'], {
      notKnown: 'Not shared: placements of looked-after children.',
    });
    assert.deepEqual(on(tally)['unaccompanied'], {
      notKnown: 'Not shared: placements of looked-after children and unaccompanied asylum-seeking children.',
    });
    assert.deepEqual(on(tally)['in-need'], { total: 0, ages: {}, sexes: {} });
  });

  test('are not known where the SSD has nothing to read', () => {
    const tally = new RehearsalTally({ ...known, absentTables: new Set(['ssd_cp_plans']) });
    assert.deepEqual(on(tally)['cp-plans'], { notKnown: 'The SSD has nothing to read in ssd_cp_plans.' });
    assert.ok('total' in (on(tally)['cin-plans'] ?? {}));
  });

  test('are not known before the records that they count are sent', () => {
    const window = windowOf(today, { months: 24, plans: 12 });
    assert.equal(window.plansStart, '2025-04-01');
    const tally = new RehearsalTally({ ...known, window });
    const notKnown = { notKnown: 'Sent only from 2025-04-01 on.' };
    assert.deepEqual(on(tally, '2025-03-31')['cp-plans'], notKnown);
    assert.ok('total' in (on(tally, '2025-04-30')['cp-plans'] ?? {}));
    assert.deepEqual(on(tally, '2026-02-28')['cp-plans-started'], notKnown);
    assert.ok('total' in (on(tally, '2026-03-31')['cp-plans-started'] ?? {}));
    assert.ok('total' in (on(tally, '2025-03-31')['in-need'] ?? {}));
  });
});

describe('the days of the figures', () => {
  test('are the month ends from the first whole year of the window to the next 31 March', () => {
    const days = rehearsalDays(windowOf('2026-08-11')).map(({ day }) => day);
    assert.equal(days.length, 25);
    assert.deepEqual(days.slice(0, 2), ['2025-03-31', '2025-04-30']);
    assert.ok(days.includes('2026-02-28'));
    assert.equal(days.at(-1), '2027-03-31');
  });

  test('end on the date of the run when that is 31 March', () => {
    assert.equal(rehearsalDays(windowOf('2026-03-31')).at(-1)?.day, '2026-03-31');
    assert.equal(rehearsalDays(windowOf('2026-04-01')).at(-1)?.day, '2027-03-31');
  });

  test('are the latest three years of months in a long window, and at least one day in a short one', () => {
    const long = rehearsalDays(windowOf('2026-08-11', { months: 240 }));
    assert.equal(long.length, 37);
    assert.equal(long[0]?.day, '2024-03-31');
    assert.deepEqual(
      rehearsalDays(windowOf('2026-08-11', { months: 1 })).map(({ day }) => day),
      ['2027-03-31'],
    );
  });

  test('end a year each, also in a leap year', () => {
    assert.equal(rehearsalDay('2026-03-31').yearStart, '2025-04-01');
    assert.equal(rehearsalDay('2028-02-29').yearStart, '2027-03-01');
    assert.equal(aYearBefore('2029-02-28'), '2028-02-29');
    assert.equal(aYearBefore('2028-02-29'), '2027-02-28');
    assert.equal(aYearBefore('2027-03-31'), '2026-03-31');
  });
});

describe('the age groups', () => {
  const born = { date_of_birth: '2012-02-29' };
  for (const [details, date, band] of [
    [born, '2012-02-28', 'unborn'],
    [born, '2012-02-29', 'under 1'],
    [born, '2013-02-28', 'under 1'],
    [born, '2013-03-01', '1 to 4'],
    [born, '2017-03-01', '5 to 9'],
    [born, '2022-03-01', '10 to 15'],
    [born, '2028-02-28', '10 to 15'],
    [born, '2028-02-29', '16 to 17'],
    [born, '2030-03-01', '18 and over'],
    [{ expected_date_of_birth: '2026-09-01' }, '2026-03-31', 'unborn'],
    [{}, '2026-03-31', 'not known'],
  ] as const) {
    test(`put a child with ${JSON.stringify(details)} on ${date} into ${band}`, () => {
      assert.equal(ageBandOn(details, date), band);
    });
  }

  test('and the sexes have each a name of its own', () => {
    for (const names of [ageBands, sexes]) assert.equal(new Set<string>(names).size, names.length);
  });
});

test('every figure has a code of its own and says how it is counted and how it may differ', () => {
  assert.equal(new Set(figures.map(({ code }) => code)).size, figures.length);
  for (const { code, counted, differs } of figures) {
    assert.match(counted, /\.$/, code);
    assert.match(differs, /\.$/, code);
  }
});
