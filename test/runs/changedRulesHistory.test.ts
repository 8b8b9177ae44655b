import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { ChangedRule } from '../../shared/child/rules/changedRules.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { randomFrom } from '../../infra/syntheticSsd/random.js';
import { ChangingSsd, firstDay } from '../campaign/changingSsd.js';
import { holding, silencing } from '../child/rules/changed.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { HeldChild } from '../local/dfe/state.js';
import { statusOf } from './statusOf.js';
import { aWorld, type Dependencies, nightly } from './world.js';

const world = aWorld(1);
let ssd: ChangingSsd;

/** What the council decides about a rule before a night. */
const decisions = ['hold', 'silence', 'nothing'] as const;
/** The rules that this SSD gives remarks by. */
const remarked = ['cin-4220', 'cin-8568'] as const;

/** Some children have what these rules ask about, whatever has changed. */
async function breakSome(): Promise<void> {
  const { database } = world;
  await database.query(
    `UPDATE ${ssd.schema}.ssd_person SET pers_ethnicity = NULL WHERE RIGHT(pers_person_id, 1) IN ('1', '4', '6', '8')`,
  );
  await database.query(
    `UPDATE ${ssd.schema}.ssd_cin_episodes SET cine_referral_nfa = NULL WHERE RIGHT(cine_person_id, 1) IN ('2', '4', '7')`,
  );
}

const nights = fc.array(
  fc.record({
    decided: fc.tuple(...remarked.map(() => fc.constantFrom(...decisions))),
    /** DfE's answers are lost, or the rows of the SSD stay as they are. */
    isLost: fc.boolean(),
    isSame: fc.boolean(),
    seed: fc.integer(),
  }),
  { minLength: 2, maxLength: 4 },
);

function rulesOf(decided: readonly (typeof decisions)[number][]): ChangedRule[] {
  return remarked.flatMap((rule, index) => {
    if (decided[index] === 'hold') return [holding(rule)];
    return decided[index] === 'silence' ? [silencing(rule)] : [];
  });
}

function dependenciesOf(changedRules: readonly ChangedRule[]): Dependencies {
  return world.dependencies('first', {
    changedRules,
    today: () => firstDay,
    ssd: new SsdReader(world.database, ssd.schema, builtInProfile('systemc').names),
  });
}

/** The children whom a run holds, by its findings. */
async function heldIn(runId: string, { runs }: Dependencies): Promise<Set<string>> {
  const held = new Set<string>();
  const plan = await runs.plan.read(runId);
  for await (const { severity, childId } of runs.findings.all(runId, plan?.attempt ?? '')) {
    if (severity === 'child held' && typeof childId === 'string') held.add(childId);
  }
  return held;
}

const byId = (children: readonly HeldChild[]) =>
  new Map(children.map((child) => [child.la_child_id, child] as const));

describe('changed rules', () => {
  before(async () => {
    ssd = new ChangingSsd(world.database, 'ssd_history', 12, 'changed rules');
    await ssd.start();
  });

  test('leave a held child as it was on each night and send the others, and once nothing is held DfE has what the SSD says', async (t) => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(nights, async (history) => {
        await world.fresh();
        await ssd.reset();
        for (const { decided, isLost, isSame, seed } of history) {
          if (!isSame) await ssd.change(0.3, randomFrom('history', seed));
          await breakSome();
          const atDfe = byId(world.dfe.children());
          world.dfe.setFaults(isLost ? parseFaults('lost=100%') : {});
          const dependencies = dependenciesOf(rulesOf(decided));
          // Few children: a change of the SSD may be large enough for a safety check.
          const runId = await world.run(dependencies, { ...nightly, approve: true });
          world.dfe.setFaults({});
          const { figures } = await statusOf(runId, dependencies);
          const holds = await heldIn(runId ?? '', dependencies);
          assert.equal(figures?.heldByCouncil, holds.size);
          held += holds.size;
          const expected = byId(await world.expectedIn(ssd.schema, firstDay));
          const now = byId(world.dfe.children());
          for (const id of holds) assert.deepEqual(now.get(id), atDfe.get(id), 'held');
          if (isLost) continue;
          for (const id of new Set([...expected.keys(), ...now.keys()])) {
            if (!holds.has(id)) assert.deepEqual(now.get(id), expected.get(id), 'not held');
          }
        }
        await world.run(dependenciesOf([]), { ...nightly, approve: true });
        await world.run(dependenciesOf([]), { ...nightly, approve: true });
        assert.deepEqual(world.dfe.children(), await world.expectedIn(ssd.schema, firstDay));
      }),
      { numRuns: 2 },
    );
    assert.ok(held > 5, `${String(held)} times`);
    t.diagnostic(`${String(held)} times a child was held`);
  });
});
