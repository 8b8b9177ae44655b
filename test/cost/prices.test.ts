import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pricesCommand } from '../../infra/cost/prices.js';
import { RetailPrices } from '../../infra/cost/retailPrices.js';
import { aCertificate } from '../local/keyVault.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

interface Asked {
  readonly filter: string;
  readonly currency: string;
}
type Answer = (asked: Asked, skip: number) => { status?: number; items?: readonly object[]; next?: number };

/** Azure's price list on this machine, in the shape of its reference, with a stack of prices that a test gives. */
async function aPriceList(t: TestContext, answer: Answer) {
  const { cert, key } = await aCertificate();
  const asked: Asked[] = [];
  let url = '';
  const server = createServer({ cert, key }, (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', url);
    const one = {
      filter: searchParams.get('$filter') ?? '',
      currency: searchParams.get('currencyCode') ?? '',
    };
    asked.push(one);
    const { status = 200, items = [], next } = answer(one, Number(searchParams.get('$skip') ?? 0));
    searchParams.set('$skip', String(next));
    response.writeHead(status, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        BillingCurrency: 'GBP',
        Items: items,
        NextPageLink:
          next === undefined
            ? null
            : `https://prices.azure.com:443/api/retail/prices?${searchParams.toString()}`,
        Count: items.length,
      }),
    );
  });
  const port = await listenUntilTheEnd(t, server);
  url = `https://127.0.0.1:${port}`;
  const list = new RetailPrices({
    url,
    tlsOptions: { ca: cert },
    retryOptions: { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
  return { asked, list };
}

function aPrice(more: object): object {
  return {
    currencyCode: 'GBP',
    tierMinimumUnits: 0,
    retailPrice: 1,
    unitOfMeasure: '1 Hour',
    armRegionName: 'uksouth',
    productName: 'P',
    meterName: 'M',
    type: 'Consumption',
    ...more,
  };
}

async function aSnapshot(t: TestContext, types: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-prices-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'prod.snapshot.json');
  await writeFile(file, JSON.stringify({ predictedResources: types.map((type) => ({ type })) }));
  return file;
}

async function printed(args: readonly string[], list: RetailPrices): Promise<{ code: number; text: string }> {
  let text = '';
  const code = await pricesCommand(args, list, (more) => {
    text += more;
  });
  return { code, text };
}

describe('npm run prices', () => {
  it('multiplies the price by what the template deploys', async (t) => {
    const { list, asked } = await aPriceList(t, ({ filter }) =>
      filter.includes('Private Endpoint') ? { items: [aPrice({ retailPrice: 0.5 })] } : {},
    );
    const types = ['Microsoft.Network/privateEndpoints', 'microsoft.network/PRIVATEENDPOINTS'];
    const { code, text } = await printed(['--snapshot', await aSnapshot(t, types)], list);
    assert.equal(code, 0, text);
    assert.match(text, /private endpoints, hours: 1,460\n {2}P, M: 0\.5 for 1 Hour → 730\n/);
    assert.ok(asked.every(({ currency }) => currency === "'GBP'"));
  });

  it('counts by the unit of the meter, for three sizes, and says from how many on a price holds', async (t) => {
    const { list } = await aPriceList(t, ({ filter }) =>
      filter.includes('Executions')
        ? {
            items: [
              aPrice({ unitOfMeasure: '10', retailPrice: 1 }),
              aPrice({ unitOfMeasure: '1M', retailPrice: 100, tierMinimumUnits: 5 }),
            ],
          }
        : {},
    );
    const { text } = await printed(['--snapshot', await aSnapshot(t, [])], list);
    assert.match(text, /1 for 10 → 873 \/ 876 \/ 897/);
    assert.match(text, /100 for 1M, from 5 units on → 0\.87 \/ 0\.88 \/ 0\.9/);
  });

  it('asks for no price of what the template does not deploy', async (t) => {
    const { list, asked } = await aPriceList(t, () => ({}));
    const { text } = await printed(['--snapshot', await aSnapshot(t, [])], list);
    assert.match(text, /NAT gateway, hours: 0\n\n/);
    assert.ok(asked.every(({ filter }) => !filter.includes('NAT Gateway')));
  });

  it('reads every page, and from no other host', async (t) => {
    const { list } = await aPriceList(t, (_, skip) => ({
      items: [aPrice({ meterName: `M${skip}` })],
      ...(skip < 200 ? { next: skip + 100 } : {}),
    }));
    assert.deepEqual(
      (await list.find('x', 'GBP')).map(({ meterName }) => meterName),
      ['M0', 'M100', 'M200'],
    );
  });

  it('ends a list that has no end', async (t) => {
    const { list } = await aPriceList(t, (_, skip) => ({ next: skip + 1 }));
    await assert.rejects(list.find('x', 'GBP'), /no end/);
  });

  it('writes no price where the list has none or cannot be read', async (t) => {
    const { list } = await aPriceList(t, () => ({}));
    assert.match(
      (await printed(['--snapshot', await aSnapshot(t, [])], list)).text,
      /does not have this meter: see the calculator/,
    );
    const { list: closed } = await aPriceList(t, () => ({ status: 403 }));
    const { code, text } = await printed(['--snapshot', await aSnapshot(t, [])], closed);
    assert.equal(code, 1);
    assert.match(text, /The price list answers 403/);
  });

  it('says how it is used', async (t) => {
    const { list } = await aPriceList(t, () => ({}));
    assert.match((await printed(['--wrong'], list)).text, /^Usage: npm run prices/);
    const { code, text } = await printed(['--help'], list);
    assert.equal(code, 0);
    assert.match(text, /^Usage: npm run prices/);
  });

  it('says which option is wrong, and what it may be', async (t) => {
    const { list } = await aPriceList(t, () => ({}));
    const { code, text } = await printed(['--region', 'moon', '--currency', 'pounds'], list);
    assert.equal(code, 1);
    assert.match(text, /Give --snapshot FILE/);
    assert.match(text, /--region uksouth or --region ukwest/);
    assert.match(text, /--currency GBP/);
  });

  it('says how to make a snapshot when the file is missing or is something else', async (t) => {
    const { list } = await aPriceList(t, () => ({}));
    const missing = await printed(['--snapshot', 'nowhere.snapshot.json'], list);
    assert.equal(missing.code, 1);
    assert.match(missing.text, /nowhere\.snapshot\.json cannot be read: .*bicep snapshot/);
    const file = await aSnapshot(t, []);
    await writeFile(file, 'param location = 1');
    assert.match((await printed(['--snapshot', file], list)).text, /is not JSON\. .*bicep snapshot/);
    await writeFile(file, '{}');
    assert.match(
      (await printed(['--snapshot', file], list)).text,
      /no predicted resources\. .*bicep snapshot/,
    );
  });
});
