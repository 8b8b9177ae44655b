import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { issue } from '../../shared/commands/pipelineLog.ts';
import { listAt, textAt, valueAt } from './json.ts';
import { messageOf, start } from './start.ts';

const usage = `Usage: node infra/pipelines/scanBillOfMaterials.ts FILE [--osv ADDRESS]
Asks osv.dev which packages of a bill of materials (CycloneDX) have a known vulnerability or are known to be malicious.
Only names and versions of public packages are sent.
  --osv  the service, or a mirror of it (https://api.osv.dev)
Exit codes: 0 none is known to be malicious (vulnerabilities, and a service that does not answer, are warnings), 1 one is,
or the file cannot be read.
`;

const batchSize = 500;
const mostPages = 20;
const callTimeoutMs = 60_000;

interface Query {
  readonly purl: string;
  readonly page?: string;
}

/** The ids of what is known of each package, by its package URL. */
async function knownOf(
  purls: readonly string[],
  osv: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = new Map<string, string[]>();
  let queries: Query[] = purls.map((purl) => ({ purl }));
  for (let page = 0; queries.length > 0; page += 1) {
    if (page === mostPages) throw new Error('osv.dev answers without an end');
    const next: Query[] = [];
    for (let from = 0; from < queries.length; from += batchSize) {
      const batch = queries.slice(from, from + batchSize);
      const results = valueAt(await post(`${osv}/v1/querybatch`, batch), 'results');
      if (!Array.isArray(results) || results.length !== batch.length) {
        throw new Error('osv.dev does not answer about every package');
      }
      batch.forEach(({ purl }, index) => {
        const result: unknown = results[index];
        const ids = listAt(result, 'vulns').map((found) => textAt(found, 'id'));
        if (ids.length > 0) known.set(purl, [...(known.get(purl) ?? []), ...ids]);
        const token = textAt(result, 'next_page_token');
        if (token !== '') next.push({ purl, page: token });
      });
    }
    queries = next;
  }
  return known;
}

async function post(address: string, batch: readonly Query[]): Promise<unknown> {
  const queries = batch.map(({ purl, page }) => ({
    package: { purl },
    ...(page === undefined ? {} : { page_token: page }),
  }));
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ queries }),
    redirect: 'error',
    signal: AbortSignal.timeout(callTimeoutMs),
  });
  if (answer.status !== 200) throw new Error(`osv.dev answers ${answer.status}`);
  return answer.json();
}

async function scan(): Promise<0 | 1> {
  const { values, positionals } = parseArgs({
    options: { osv: { type: 'string', default: 'https://api.osv.dev' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) throw new Error(usage);
  const bill: unknown = JSON.parse(await readFile(file, 'utf8'));
  const purls = [
    ...new Set(listAt(bill, 'components').map((component) => textAt(component, 'purl').replace(/\?.*$/, ''))),
  ].filter((purl) => purl !== '');
  if (purls.length === 0) throw new Error(`${file} names no package: it is not a bill of materials.`);
  let known: ReadonlyMap<string, readonly string[]>;
  try {
    known = await knownOf(purls, values.osv);
  } catch (error) {
    write(
      issue(
        'warning',
        `We cannot tell whether the ${purls.length} packages are safe: ${messageOf(error)}. Scan the bill of materials by hand (docs/supply-chain.md).`,
      ),
    );
    return 0;
  }
  let malicious = 0;
  for (const [purl, ids] of known) {
    const isMalicious = ids.some((id) => id.startsWith('MAL-'));
    if (isMalicious) malicious += 1;
    write(issue(isMalicious ? 'error' : 'warning', `${purl}: ${ids.join(', ')} (https://osv.dev)`));
  }
  write(
    `${purls.length} packages: ${known.size} with an advisory, ${malicious} of them known to be malicious.${malicious > 0 ? ' Nothing is released.' : ''}\n`,
  );
  return malicious > 0 ? 1 : 0;
}

function write(text: string): void {
  process.stdout.write(text);
}

start(scan);
