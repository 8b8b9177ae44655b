import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IdChange, IdChanges } from '../../shared/child/idChurn.js';
import {
  guardsAgainst,
  howToGoOn,
  type GuardFacts,
  type GuardLimits,
  type GuardName,
} from '../../shared/guards/guards.js';
import type { Receiver } from '../../shared/records/receiver.js';

const rows = { ssd_person: 1000, ssd_cin_episodes: 800, ssd_care_leavers: 5 };
const receiver: Receiver = { receiver: 'live', baseUrl: 'https://dfe.example/children/' };

/** The same for ids of every kind. */
function allIds(change: IdChange): IdChanges {
  return {
    episodes: change,
    assessments: change,
    childInNeedPlans: change,
    section47: change,
    childProtectionPlans: change,
    placements: change,
  };
}

/** A night on which next to nothing has changed. */
const aQuietNight: GuardFacts = {
  cohort: 1000,
  leavers: 2,
  acknowledged: 1000,
  rowsAtBegin: rows,
  rowsAtEnd: rows,
  idsAsAtBegin: true,
  rowsBefore: rows,
  idChurn: allIds({ held: 1000, gone: 2, new: 3 }),
  vanished: {},
  windowStart: '2024-04-01',
  windowStartBefore: '2024-04-01',
  receiver,
  receiverBefore: receiver,
  stagingTable: 'ssd_api_data_staging',
};
const limits: GuardLimits = { maxLeaversPercent: 5, maxTableFallPercent: 30, maxIdChurnPercent: 20 };
const off: GuardLimits = { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 100 };
const strict: GuardLimits = { maxLeaversPercent: 0, maxTableFallPercent: 0, maxIdChurnPercent: 0 };

function objections(facts: Partial<GuardFacts>, limitsOfNight = limits) {
  return guardsAgainst({ ...aQuietNight, ...facts }, limitsOfNight);
}

function guardsThatObject(facts: Partial<GuardFacts>, limitsOfNight = limits): GuardName[] {
  return objections(facts, limitsOfNight).map(({ guard }) => guard);
}

/** What the one guard says that objects. */
function explanation(guard: GuardName, facts: Partial<GuardFacts>, limitsOfNight = limits): string {
  const found = objections(facts, limitsOfNight);
  assert.deepEqual(
    found.map((objection) => objection.guard),
    [guard],
  );
  return found[0]?.explanation ?? '';
}

describe('the guards', () => {
  test('let a quiet night go', () => {
    assert.deepEqual(objections({}), []);
  });

  test('let the first run of all go, of which nothing is known', () => {
    const first = {
      leavers: 0,
      acknowledged: 0,
      rowsBefore: undefined,
      windowStartBefore: undefined,
      receiverBefore: undefined,
      idChurn: allIds({ held: 0, gone: 0, new: 0 }),
    };
    assert.deepEqual(objections(first, strict), []);
  });

  test('all have their say, not only the first', () => {
    const facts: Partial<GuardFacts> = {
      cohort: 0,
      leavers: 1000,
      rowsAtEnd: {},
      idChurn: allIds({ held: 1000, gone: 1000, new: 0 }),
      receiverBefore: { ...receiver, receiver: 'test' },
    };
    assert.deepEqual(guardsThatObject(facts), [
      'emptyCohort',
      'leavers',
      'ssdChanging',
      'ssdShrunk',
      'idChurn',
      'otherReceiver',
    ]);
  });

  test('leave it to one sentence for all of them what to do, with the address of the approval', () => {
    const advice = howToGoOn('20260811T020000000Z-abcdef');
    assert.match(advice, /nothing has left the authority/);
    assert.match(advice, /POST \/api\/runs\/20260811T020000000Z-abcdef\/approval/);
    for (const { explanation: text } of objections({ cohort: 0, leavers: 1000 })) {
      assert.doesNotMatch(text, /approval|left the authority/);
    }
  });
});

describe('the guard against an empty cohort', () => {
  test('objects while DfE holds children, whatever the limits', () => {
    const facts = { cohort: 0, leavers: 0 };
    assert.match(explanation('emptyCohort', facts, off), /no child of the cohort, while DfE holds 1000/);
  });

  test('lets a cohort of one child go', () => {
    assert.deepEqual(objections({ cohort: 1 }), []);
  });

  test('lets an authority begin that has none yet', () => {
    assert.deepEqual(objections({ cohort: 0, leavers: 0, acknowledged: 0 }), []);
  });
});

describe('the guard against leavers', () => {
  test('lets the asked-for share of children leave, and no more', () => {
    assert.deepEqual(objections({ leavers: 50 }), []);
    assert.match(
      explanation('leavers', { leavers: 51 }),
      /51 of 1000 children that DfE holds \(5\.1 %\) have left the cohort, more than the 5 % that the setting MAX_LEAVERS_PERCENT allows/,
    );
  });

  test('lets a handful leave a small authority, unless none may leave at all', () => {
    assert.deepEqual(objections({ leavers: 5, acknowledged: 10 }), []);
    assert.deepEqual(guardsThatObject({ leavers: 6, acknowledged: 10 }), ['leavers']);
    const none = { ...limits, maxLeaversPercent: 0 };
    assert.deepEqual(guardsThatObject({ leavers: 1 }, none), ['leavers']);
    assert.deepEqual(objections({ leavers: 0 }, none), []);
  });

  test('is switched off by 100', () => {
    assert.deepEqual(objections({ leavers: 1000 }, off), []);
  });
});

describe('the guard against an SSD that changes while it is read', () => {
  test('objects when any table has gained or lost a row, and names the tables that have', () => {
    const text = explanation('ssdChanging', {
      rowsAtEnd: { ...rows, ssd_person: 999, ssd_cin_episodes: 801 },
      rowsBefore: undefined,
    });
    assert.match(text, /ssd_person from 1000 to 999 rows \(-0\.1 %\)/);
    assert.match(text, /ssd_cin_episodes from 800 to 801 rows \(\+0\.1 %\)/);
    assert.doesNotMatch(text, /ssd_care_leavers/);
  });

  test('objects when the rows are as many, and the ids that were read are other ones', () => {
    assert.match(explanation('ssdChanging', { idsAsAtBegin: false }, off), /other ids are in ssd_person/);
  });

  test('objects when a table is filled that was empty, when one goes, and when one comes', () => {
    const filled = { rowsAtBegin: { ...rows, ssd_person: 0 } };
    assert.match(explanation('ssdChanging', filled, off), /ssd_person from 0 to 1000 rows\./);
    assert.match(
      explanation('ssdChanging', { rowsAtBegin: { ...rows, ssd_address: 3 } }),
      /ssd_address from 3 to 0 rows/,
    );
    assert.match(
      explanation('ssdChanging', { rowsAtEnd: { ...rows, ssd_address: 3 } }),
      /ssd_address from 0 to 3 rows/,
    );
  });
});

describe('the guard against an SSD that has shrunk', () => {
  const fallen = (before: number, after: number): Partial<GuardFacts> => ({
    rowsBefore: { ...rows, ssd_address: before },
    rowsAtBegin: { ...rows, ssd_address: after },
    rowsAtEnd: { ...rows, ssd_address: after },
  });

  test('lets a table lose the asked-for share of its rows, and no more', () => {
    assert.deepEqual(objections(fallen(1000, 700)), []);
    const text = explanation('ssdShrunk', fallen(1000, 699));
    assert.match(
      text,
      /the 30 % that the setting MAX_TABLE_FALL_PERCENT allows: ssd_address from 1000 to 699 rows \(-30\.1 %\)/,
    );
    assert.doesNotMatch(text, /ssd_person/);
  });

  test('lets a table lose twenty rows, however small it is', () => {
    const none = { ...limits, maxTableFallPercent: 0 };
    assert.deepEqual(objections(fallen(22, 2), none), []);
    assert.deepEqual(guardsThatObject(fallen(1000, 979), none), ['ssdShrunk']);
    assert.deepEqual(guardsThatObject(fallen(22, 1)), ['ssdShrunk']);
  });

  test('objects to a table of more than five rows that is emptied or has gone, whatever the limit', () => {
    assert.deepEqual(objections(fallen(5, 0)), []);
    assert.deepEqual(guardsThatObject(fallen(6, 0), off), ['ssdShrunk']);
    assert.deepEqual(guardsThatObject({ rowsBefore: { ...rows, ssd_address: 6 } }, off), ['ssdShrunk']);
  });

  test('is otherwise switched off by 100, and lets a table grow or come', () => {
    assert.deepEqual(objections(fallen(1000, 1), off), []);
    assert.deepEqual(objections(fallen(10, 1000)), []);
    assert.deepEqual(objections({ rowsBefore: {} }), []);
  });
});

describe('the guard against a change of most ids', () => {
  const churned = (held: number, gone: number, come = gone): Partial<GuardFacts> => ({
    idChurn: { ...aQuietNight.idChurn, placements: { held, gone, new: come } },
  });

  test('lets the asked-for share of ids go, and no more, and tells how many have come instead', () => {
    assert.deepEqual(objections(churned(200, 40)), []);
    const text = explanation('idChurn', churned(200, 41, 39));
    assert.match(text, /the 20 % that the setting MAX_ID_CHURN_PERCENT allows/);
    assert.match(
      text,
      /: 41 of 200 ids of placements \(20\.5 %\) are gone, and 39 new ones have come instead\./,
    );
    assert.doesNotMatch(text, /ids of social care episodes/);
  });

  test('passes over a kind of which DfE holds twenty or fewer', () => {
    assert.deepEqual(objections(churned(20, 20)), []);
    assert.deepEqual(guardsThatObject(churned(21, 21)), ['idChurn']);
  });

  test('is switched off by 100, and with 0 objects to the first id', () => {
    assert.deepEqual(objections(churned(200, 200), off), []);
    const none = { ...limits, maxIdChurnPercent: 0 };
    const gone = (ids: number) => ({ idChurn: allIds({ held: 200, gone: ids, new: 9 }) });
    assert.deepEqual(guardsThatObject(gone(1), none), ['idChurn']);
    assert.deepEqual(guardsThatObject(gone(0), none), []);
  });

  test('tells of each kind that has changed', () => {
    const text = explanation('idChurn', { idChurn: allIds({ held: 100, gone: 90, new: 88 }) });
    assert.equal(text.match(/90 of 100 ids of [a-z0-9 ]+ \(90\.0 %\) are gone/g)?.length, 6);
  });
});

describe('a window that has moved on', () => {
  const april = { windowStart: '2025-04-01' };
  const moved = /first day from 2024-04-01 to 2025-04-01.* are to be expected/;

  test('is named as the likely reason for leavers and for ids that are gone', () => {
    assert.match(explanation('leavers', { ...april, leavers: 300 }), moved);
    const idChurn = allIds({ held: 900, gone: 400, new: 1 });
    assert.match(explanation('idChurn', { ...april, idChurn }), moved);
  });

  test('is not named on any other night, without a run before, or when it has moved back', () => {
    assert.doesNotMatch(explanation('leavers', { leavers: 300 }), /window/);
    for (const windowStartBefore of [undefined, april.windowStart]) {
      assert.doesNotMatch(explanation('leavers', { leavers: 300, windowStartBefore }), /window/);
    }
  });

  test('is no objection by itself, and no excuse for rows that are gone', () => {
    assert.deepEqual(objections(april), []);
    const text = explanation('ssdShrunk', { ...april, rowsBefore: { ...rows, ssd_person: 5000 } });
    assert.doesNotMatch(text, /window/);
  });
});

describe('the guard against another receiver', () => {
  test('objects when nothing is left of a whole class that DfE holds, in words', () => {
    const text = explanation(
      'vanished',
      { vanished: { 'social_care_episodes.child_in_need_plans': 6 } },
      off,
    );
    assert.match(
      text,
      /no child has any of them in the SSD now: child in need plans \(social_care_episodes\.child_in_need_plans, 6 children\)\./,
    );
    assert.match(text, /DfE would be told to remove all of them/);
  });

  test('lets a handful of a class go, and twenty of an attribute', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    assert.deepEqual(guardsThatObject({ vanished: { [plans]: 5 } }), []);
    assert.deepEqual(guardsThatObject({ vanished: { 'child_details.sex': 20 } }), []);
    assert.deepEqual(guardsThatObject({ vanished: { 'child_details.sex': 21 } }), ['vanished']);
  });

  test('names a class that is gone, and not each attribute in it', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    const text = explanation('vanished', { vanished: { [plans]: 90, [`${plans}.end_date`]: 80 } });
    assert.doesNotMatch(text, /end_date/);
  });

  test('objects to a live receiver with the staging table of a test, and to the reverse', () => {
    const test: Receiver = { ...receiver, receiver: 'test' };
    assert.match(
      explanation('otherReceiver', { receiverBefore: test }, off),
      /another receiver has acknowledged \(1000 children\): test receiver dfe\.example\/children, while this run would be sent to live receiver dfe\.example\/children\./,
    );
    const unknown = { receiver: test, receiverBefore: undefined };
    assert.deepEqual(guardsThatObject(unknown), ['otherReceiver']);
    assert.deepEqual(guardsThatObject({ ...unknown, stagingTable: 'ssd_api_data_staging_anon' }), []);
    assert.deepEqual(guardsThatObject({ ...unknown, acknowledged: 0 }), []);
    assert.deepEqual(guardsThatObject({ receiver: test }), ['otherReceiver']);
  });

  test('objects to another address, and passes over capitals in the host and a slash at the end', () => {
    const at = (baseUrl: string) => guardsThatObject({ receiver: { ...receiver, baseUrl } });
    assert.deepEqual(at('https://elsewhere.example/children/'), ['otherReceiver']);
    assert.deepEqual(at('https://dfe.example/pre-production/'), ['otherReceiver']);
    assert.deepEqual(at('https://DfE.example/children'), []);
  });

  test('shows nothing of an address but host and path', () => {
    const baseUrl = 'https://user:secret@elsewhere.example/children?key=secret';
    assert.doesNotMatch(
      explanation('otherReceiver', { receiver: { ...receiver, baseUrl } }),
      /secret|user|key/,
    );
  });
});
