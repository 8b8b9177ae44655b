import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { buildChild } from '../../shared/child/build.js';
import { newestCodeLists } from '../../shared/child/codes/codeLists.js';
import { childSchemaOf } from '../../shared/child/payload.js';
import { rulesOn, today } from '../child/aPayload.js';
import { personsIn } from '../child/syntheticPersons.js';

/*
 * What building a child and asking every rule about it costs: CPU time a child, the least of several passes over the same
 * children. `npm run bench:rules`; compare with the same command in a checkout of another release, by turns.
 */

const children = 2000;
const passes = 15;

const persons = personsIn(generateSsd({ children, seed: 'bench', today }).entries());
const rules = rulesOn(today);
const schema = childSchemaOf(newestCodeLists);

function pass(): { readonly microseconds: number; readonly findings: number } {
  const before = process.cpuUsage();
  let findings = 0;
  for (const rows of persons) findings += buildChild(rows, rules, schema).findings.length;
  const { user, system } = process.cpuUsage(before);
  return { microseconds: user + system, findings };
}

const results = Array.from({ length: passes }, pass);
const least = Math.min(...results.map(({ microseconds }) => microseconds));
process.stdout.write(
  `${String(persons.length)} children, ${String(results[0]?.findings ?? 0)} findings: ${(least / persons.length).toFixed(1)} µs of CPU a child\n`,
);
