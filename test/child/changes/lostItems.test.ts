import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FindingRule } from '../../../shared/child/findingRules.js';
import type { Finding } from '../../../shared/child/findings.js';
import { holdsLost, lostItemsOf } from '../../../shared/child/changes/lostItems.js';
import type { SsdTable } from '../../../shared/child/sourceRows.js';

const finding = (rule: FindingRule, table: SsdTable, rowId: string | null): Finding => ({
  rule,
  table,
  rowId,
  column: 'any',
  found: 'a row',
});
const held = JSON.stringify({
  la_child_id: 'C',
  social_care_episodes: [
    { social_care_episode_id: 'R1', child_in_need_plans: [{ child_in_need_plan_id: 'P1' }] },
  ],
});

describe('an item whose row has lost its child', () => {
  const none = new Map<string, string[]>();
  for (const [what, lost] of [
    ['an episode', lostItemsOf([finding('no-person', 'ssd_cin_episodes', 'R1')], none)],
    ['what lies under an episode', lostItemsOf([finding('no-person', 'ssd_cin_plans', 'P1')], none)],
    ['one of too many to be named', lostItemsOf([], new Map([['ssd_cin_plans', ['P0', 'P1']]]))],
  ] as const) {
    it(`is seen in what DfE holds when it is ${what}`, () => assert.ok(holdsLost([held], lost)));
  }

  for (const [what, lost] of [
    ['another id', lostItemsOf([finding('no-person', 'ssd_cin_plans', 'R1')], none)],
    ['another fault', lostItemsOf([finding('belongs-to-two', 'ssd_cin_plans', 'P1')], none)],
    ['a table without ids', lostItemsOf([finding('no-person', 'ssd_address', 'P1')], none)],
    ['no id', lostItemsOf([finding('no-person', 'ssd_cin_plans', null)], none)],
  ] as const) {
    it(`is not confused with one that has ${what}`, () => assert.ok(!holdsLost([held], lost)));
  }

  it('is none when DfE holds nothing about the child, or nothing that can be read', () => {
    const lost = lostItemsOf([finding('no-person', 'ssd_cin_plans', 'P1')], none);
    assert.ok(!holdsLost([], lost));
    assert.ok(!holdsLost(['{"social'], lost));
  });
});
