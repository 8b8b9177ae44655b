import {
  getClient,
  type Client,
  type ClientOptions,
  type PathUncheckedResponse,
} from '@azure-rest/core-client';
import { z } from 'zod';

/** Where Azure's retail prices are; no sign-in is needed. */
const pricesUrl = 'https://prices.azure.com';
const mostPages = 20;

const pageSchema = z.object({
  Items: z.array(
    z.object({
      currencyCode: z.string(),
      retailPrice: z.number(),
      tierMinimumUnits: z.number(),
      unitOfMeasure: z.string(),
      productName: z.string(),
      meterName: z.string(),
      armRegionName: z.string().nullish(),
    }),
  ),
  NextPageLink: z.string().nullish(),
});

/** One line of the price list: the price of one unit, from a number of units on. */
export type Price = z.output<typeof pageSchema>['Items'][number];

/** Azure's public price list over REST; throttled and failed calls are repeated by the pipeline of Azure's SDK. */
export class RetailPrices {
  readonly #client: Client;

  constructor({ url = pricesUrl, ...options }: ClientOptions & { url?: string } = {}) {
    this.#client = getClient(url, options);
  }

  /**
   * Every price that a filter finds, of all pages.
   * @param filter OData, as the reference of the Azure Retail Prices API has it
   * @param currency such as `GBP`
   * @throws Error when the list cannot be had
   */
  async find(filter: string, currency: string): Promise<Price[]> {
    const found: Price[] = [];
    let next = this.#client
      .pathUnchecked('/api/retail/prices')
      .get({ queryParameters: { currencyCode: `'${currency}'`, $filter: filter } });
    for (let page = 1; page <= mostPages; page += 1) {
      const answer = await reached(next);
      const { status } = answer;
      const body: unknown = answer.body;
      const { success, data } = pageSchema.safeParse(body);
      if (status !== '200' || !success) {
        throw new Error(`The price list answers ${status}. Is prices.azure.com open from here?`);
      }
      found.push(...data.Items);
      if (data.NextPageLink === undefined || data.NextPageLink === null || data.NextPageLink === '')
        return found;
      // Its path and query only: what a list says does not choose the host.
      const { pathname, search } = new URL(data.NextPageLink);
      next = this.#client.pathUnchecked(`${pathname}${search}`).get({ skipUrlEncoding: true });
    }
    throw new Error(`The price list has no end after ${mostPages} pages.`);
  }
}

async function reached(answer: PromiseLike<PathUncheckedResponse>): Promise<PathUncheckedResponse> {
  try {
    return await answer;
  } catch (error) {
    throw new Error('The price list cannot be reached. Is prices.azure.com open from here?', {
      cause: error,
    });
  }
}
