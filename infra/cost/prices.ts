import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readCommand, startIfMain, type Write } from '../../shared/commands/command.js';
import { reasonOf } from '../../shared/commands/pipelineLog.js';
import { meters, type BySize, type Meter } from './meters.js';
import { RetailPrices, type Price } from './retailPrices.js';

const usage = `Usage: npm run prices -- --snapshot FILE [--region NAME] [--currency CODE]
Today's prices of what an environment needs, from Azure's public list, with the quantities of docs/cost.md.
  --snapshot  the predicted resources of a parameter file, as bicep snapshot writes them
  --region    uksouth (the default) or ukwest
  --currency  GBP
Exit codes: 0 done, 1 it failed.
`;

const options = z.object({
  snapshot: z.string({ error: 'Which snapshot? Give --snapshot FILE.' }),
  region: z
    .enum(['uksouth', 'ukwest'], {
      error: 'There are prices for two regions: --region uksouth or --region ukwest.',
    })
    .default('uksouth'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency has three capital letters: --currency GBP.')
    .default('GBP'),
});
const snapshotSchema = z.object({ predictedResources: z.array(z.object({ type: z.string() })) });

/** `npm run prices`. */
export async function pricesCommand(
  args: readonly string[],
  list: RetailPrices,
  write: Write,
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options, explains: true }, write);
  if (typeof given === 'number') return given;
  try {
    const counts = await countsIn(given.snapshot);
    write(
      `Prices of ${given.region} in ${given.currency} without tax, by month; three authorities: smallest, median, largest.\nAn agreement of the council may have others. Free amounts and steps are as each line says.\n`,
    );
    for (const meter of meters) {
      const monthly = meter.monthly((type) => counts.get(type.toLowerCase()) ?? 0);
      write(`\n${meter.what}: ${amounts(monthly)}\n`);
      if (monthly.every((quantity) => quantity === 0)) continue;
      const prices = await list.find(filterOf(meter, given.region), given.currency);
      if (prices.length === 0)
        write(
          '  The list does not have this meter: see the calculator (azure.microsoft.com/pricing/calculator).\n',
        );
      for (const price of prices) write(lineOf(price, monthly));
    }
    return 0;
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 1;
  }
}

async function countsIn(file: string): Promise<ReadonlyMap<string, number>> {
  const { success, data } = snapshotSchema.safeParse(await jsonIn(file));
  if (!success) throw new Error(`${file} has no predicted resources. ${howToMakeOne}`);
  const counts = new Map<string, number>();
  for (const { type } of data.predictedResources) {
    counts.set(type.toLowerCase(), (counts.get(type.toLowerCase()) ?? 0) + 1);
  }
  return counts;
}

const howToMakeOne =
  "Give the .snapshot.json that bicep snapshot writes next to a parameter file (docs/cost.md, Today's prices).";

/** @throws Error that says what to do when the file cannot be read, or is not JSON */
async function jsonIn(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: is it there? ${howToMakeOne}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON. ${howToMakeOne}`, { cause: error });
  }
}

function filterOf({ filter, isGlobal = false }: Meter, region: string): string {
  return `priceType eq 'Consumption'${isGlobal ? '' : ` and armRegionName eq '${region}'`} and ${filter}`;
}

/** The price in the list, and the cost of the quantities at this price alone. */
function lineOf(
  { productName, meterName, unitOfMeasure, tierMinimumUnits, retailPrice }: Price,
  monthly: BySize,
): string {
  const from = tierMinimumUnits === 0 ? '' : `, from ${tierMinimumUnits} units on`;
  const units = unitsIn(unitOfMeasure);
  const comesTo =
    units === undefined
      ? 'unit not known'
      : amounts(
          monthly.map((quantity) => (quantity / units) * retailPrice),
          2,
        );
  return `  ${productName}, ${meterName}: ${retailPrice} for ${unitOfMeasure}${from} → ${comesTo}\n`;
}

/** `1 Hour` is 1, `10K` ten thousand, `1M` a million, `1/Month` 1. */
function unitsIn(unitOfMeasure: string): number | undefined {
  const [, digits, scale = ''] = /^(\d+(?:\.\d+)?)([KM])?(?:$|[ /])/.exec(unitOfMeasure) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (scale === 'K' ? 1_000 : scale === 'M' ? 1_000_000 : 1);
}

function amounts(numbers: readonly number[], digits = 1): string {
  const format = new Intl.NumberFormat('en-GB', { maximumFractionDigits: digits });
  const texts = numbers.map((each) => format.format(each));
  return new Set(texts).size === 1 ? (texts[0] ?? '') : texts.join(' / ');
}

startIfMain(module, (args, _environment, write) => pricesCommand(args, new RetailPrices(), write));
