import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import { aService, runScript } from './script.js';

const querySchema = z.object({
  queries: z.array(z.object({ package: z.object({ purl: z.string() }), page_token: z.string().optional() })),
});

/** osv.dev: by package URL the pages of ids. */
function anOsv(t: TestContext, known: Readonly<Record<string, readonly (readonly string[])[]>>) {
  return aService(t, ({ body }) => {
    const results = querySchema.parse(JSON.parse(body)).queries.map(({ package: { purl }, page_token }) => {
      const pages = known[purl] ?? [];
      const at = Number(page_token ?? '0');
      return {
        ...(pages[at] === undefined
          ? {}
          : { vulns: pages[at].map((id) => ({ id, modified: '2026-08-11T00:00:00Z' })) }),
        ...(at + 1 < pages.length ? { next_page_token: String(at + 1) } : {}),
      };
    });
    return { body: JSON.stringify({ results }) };
  });
}

async function aBill(t: TestContext, purls: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-bill-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'sbom.cdx.json');
  const components = purls.map((purl) => ({ type: 'library', purl }));
  await writeFile(file, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components }));
  return file;
}

const scan = (file: string, osv: string) => runScript('scanBillOfMaterials', [file, '--osv', osv]);

describe('the bill of materials', () => {
  it('passes when nothing is known of any package; each is asked about once', async (t) => {
    const purls = Array.from({ length: 1201 }, (_, index) => `pkg:npm/package-${index}@1.0.0`);
    const { address, asked } = await anOsv(t, {});
    const { code, stdout } = await scan(await aBill(t, [...purls, 'pkg:npm/package-0@1.0.0?a=b']), address);
    assert.equal(code, 0);
    assert.match(stdout, /^1201 packages: 0 with an advisory/m);
    const sent = asked.flatMap(({ body }) => querySchema.parse(JSON.parse(body)).queries);
    assert.deepEqual(sent.map((query) => query.package.purl).sort(), [...purls].sort());
  });

  it('warns of a vulnerability, on whichever page of the answer it is', async (t) => {
    const { address } = await anOsv(t, { 'pkg:npm/%40azure/x@1.0.0': [['GHSA-a'], ['GHSA-b']] });
    const { code, stdout } = await scan(await aBill(t, ['pkg:npm/%40azure/x@1.0.0']), address);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^##vso\[task\.logissue type=warning\]pkg:npm\/%40azure\/x@1\.0\.0: GHSA-a, GHSA-b/m,
    );
  });

  it('stops the build when a package is known to be malicious', async (t) => {
    const { address } = await anOsv(t, { 'pkg:npm/bad@1.0.0': [['GHSA-a', 'MAL-2026-1']] });
    const { code, stdout } = await scan(await aBill(t, ['pkg:npm/bad@1.0.0', 'pkg:npm/good@1.0.0']), address);
    assert.equal(code, 1);
    assert.match(stdout, /type=error\]pkg:npm\/bad@1\.0\.0/);
    assert.match(stdout, /Nothing is released/);
  });

  it('warns when the service does not answer, or not about every package', async (t) => {
    const file = await aBill(t, ['pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0']);
    const { address: short } = await aService(t, () => ({ body: '{"results":[{}]}' }));
    const { address: broken } = await aService(t, () => ({ status: 503, body: '' }));
    const { address: endless } = await aService(t, () => ({
      body: '{"results":[{"next_page_token":"1"},{"next_page_token":"1"}]}',
    }));
    for (const address of [short, broken, endless.replace(/\/$/, ''), 'http://127.0.0.1:1']) {
      const { code, stdout } = await scan(file, address);
      assert.equal(code, 0, address);
      assert.match(stdout, /type=warning\]We cannot tell whether the 2 packages are safe/);
    }
  });

  it('stops the build when there is none, or it names no package', async (t) => {
    const { address } = await anOsv(t, {});
    assert.equal((await scan(await aBill(t, []), address)).code, 1);
    assert.equal((await scan('/nowhere/sbom.cdx.json', address)).code, 1);
  });

  it('gives what a service says no line of its own in the log, which the agent could take for a command', async (t) => {
    const { address } = await anOsv(t, { 'pkg:npm/a@1.0.0': [['X\n##vso[task.setvariable variable=a]b']] });
    const { stdout } = await scan(await aBill(t, ['pkg:npm/a@1.0.0']), address);
    assert.doesNotMatch(stdout, /^##vso\[task\.setvariable/m);
  });
});
