import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../local/migrations.js';

const page = readFileSync(join(projectRoot, 'docs', 'pipeline.md'), 'utf8');

describe('the guide to the pipelines', () => {
  it('registers the provider of each resource that is deployed', () => {
    const registered = /^for name in ([\w ]+); do az provider register/m.exec(page)?.[1]?.split(' ') ?? [];
    const folder = join(projectRoot, 'infra');
    // What no pipeline deploys has a guide of its own.
    const bicep = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.bicep') && !name.endsWith('ssd-copy.bicep'),
    );
    const guide = readFileSync(join(projectRoot, 'docs', 'ssd-copy.md'), 'utf8');
    assert.match(guide, /az provider register --namespace Microsoft\.DataFactory/);
    const needed = new Set(
      bicep.flatMap((name) =>
        [...readFileSync(join(folder, name), 'utf8').matchAll(/^resource \w+ 'Microsoft\.(\w+)\//gm)].map(
          ([, provider = '']) => provider,
        ),
      ),
    );
    // These are registered in every subscription.
    for (const always of ['Authorization', 'Resources']) needed.delete(always);
    assert.ok(needed.size > 5);
    for (const provider of needed) assert.ok(registered.includes(provider), provider);
    // Flex Consumption in a network needs it, and no resource is of it.
    assert.ok(registered.includes('App'));
  });
});
