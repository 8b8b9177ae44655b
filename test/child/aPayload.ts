import assert from 'node:assert/strict';
import { IdsByList } from '../../shared/child/draft.js';
import { buildChild, type BuiltChild } from '../../shared/child/build.js';
import { careWorkerGates, type BuildRules } from '../../shared/child/buildRules.js';
import { canonical } from '../../shared/child/canonical.js';
import { newestCodeLists } from '../../shared/child/codes/codeLists.js';
import type { PlainDate } from '../../shared/child/dates.js';
import type { ChildSubmission } from '../../shared/child/changes/difference.js';
import type { Finding } from '../../shared/child/findings.js';
import {
  childSchemaOf,
  type Child,
  type ChildPurge,
  type Episode,
  type Placement,
} from '../../shared/child/payload.js';
import { allRules } from '../../shared/child/rules/catalogue.js';
import { windowOf } from '../../shared/child/window.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import type { PersonRows } from '../../shared/child/sourceRows.js';
import { judge, type ChildRecord } from '../local/dfe/judge.js';
import { parseJson, type Json } from '../local/dfe/json.js';
import { applyRecord, type HeldChild } from '../local/dfe/state.js';
import { assertOnAPage } from './onAPage.js';

/** The day of the tests: the window runs from 1 April 2024 to 12 August 2026, with two 31 Marches in it. */
export const today: PlainDate = '2026-08-11';

/** What a SystemC authority builds by. */
export function rulesOn(day: PlainDate): BuildRules {
  return {
    window: windowOf(day),
    codes: newestCodeLists,
    leftOut: [],
    careWorkerGates,
    unregisteredWorkers: 'leaveOut',
    absentTables: new Set(),
    sharedUpns: new Set<string>(),
    factorsMayBeMissing: false,
    lostItems: new IdsByList(),
    ...builtInProfile('systemc'),
  };
}

/** The published rules of the tests' collection year. */
const schema = childSchemaOf(newestCodeLists);

/** What is built of a person, each finding on a page of the reference; DfE holds nothing about it unless said. */
export function builtOf(
  rows: PersonRows,
  rules: BuildRules = rulesOn(today),
  held: readonly string[] = [],
): BuiltChild {
  const built = buildChild(rows, rules, schema, held);
  built.findings.forEach(assertOnAPage);
  return built;
}

/** The payload of a child that is not held. */
export function payloadOf(rows: PersonRows, rules: BuildRules = rulesOn(today)): Child {
  const { child } = builtOf(rows, rules);
  assert.ok(child, 'the child is held');
  return child;
}

type FindingPlace = Pick<Finding, 'rule' | 'table' | 'rowId' | 'column'>;

const asked = new Set<string>(allRules.map(({ code }) => code));

/** The places of the findings about what is not sent as it is: what a return would ask about besides has tests of its own. */
export function findingsOf(rows: PersonRows, rules?: BuildRules): readonly FindingPlace[] {
  return findingsAndRemarksOf(rows, rules).filter(({ rule }) => !asked.has(rule));
}

/** The places and rules of all findings; `found` has tests of its own. */
export function findingsAndRemarksOf(
  rows: PersonRows,
  rules: BuildRules = rulesOn(today),
): readonly FindingPlace[] {
  return builtOf(rows, rules).findings.map(({ rule, table, rowId, column, found, childId }) => {
    assert.notEqual(found, '');
    assert.equal(childId, rows.person.pers_person_id);
    return { rule, table, rowId, column };
  });
}

/** The episodes that are sent. */
export function episodesSent(rows: PersonRows, rules?: BuildRules): readonly Episode[] {
  return payloadOf(rows, rules).social_care_episodes ?? [];
}

/** The ids of the episodes that are sent. */
export function episodeIds(rows: PersonRows, rules?: BuildRules): string[] {
  return episodesSent(rows, rules).map((episode) => episode.social_care_episode_id);
}

/** The only episode that is sent. */
export function theEpisode(rows: PersonRows, rules?: BuildRules): Episode {
  const [episode, ...others] = episodesSent(rows, rules);
  assert.ok(episode, 'no episode is sent');
  assert.equal(others.length, 0, 'several episodes are sent');
  return episode;
}

/** The placements of the only episode that is sent. */
export function placementsSent(rows: PersonRows): readonly Placement[] {
  return theEpisode(rows).child_looked_after_placements ?? [];
}

/** What travels, read back from its bytes. */
export function asSent(content: Child | ChildSubmission | ChildPurge): Json {
  return parseJson(new TextEncoder().encode(JSON.stringify(content)));
}

/** The record as the simulated DfE takes it; fails when its judge refuses it. */
export function judged(content: Child | ChildSubmission | ChildPurge): ChildRecord {
  const verdict = judge(asSent(content));
  assert.ok(verdict.sound, verdict.sound ? '' : JSON.stringify(verdict.violations));
  return verdict.record;
}

/** What DfE holds once it knows exactly this child and nothing older. */
export function stateOf(child: Child): HeldChild {
  const state = applyRecord(undefined, judged(child), 'replace');
  assert.ok(state);
  return state;
}

/** The text that the staging table keeps of what DfE acknowledged. */
export function acknowledgedTextOf(child: Child): string {
  return canonical(child).json;
}
