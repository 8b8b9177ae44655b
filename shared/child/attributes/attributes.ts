import { tableOf } from '../sourceRows.js';
import type { Attribute, AttributePath, Attributes } from './attribute.js';
import { attributesOfCare } from './care.js';
import { attributesOfTheChild } from './childDetails.js';
import { attributesOfCareWorkers, attributesOfEpisodes } from './episodes.js';
import { attributesUnderEpisodes } from './underEpisodes.js';

/** Every attribute of the payload, and every block and list of them, in the order of the payload. */
export const attributes: Attributes<AttributePath> = {
  ...attributesOfTheChild,
  ...attributesOfEpisodes,
  ...attributesOfCareWorkers,
  ...attributesUnderEpisodes,
  ...attributesOfCare,
};

/** An attribute, block or list, and the column that fills it. */
export interface FilledAttribute {
  readonly path: string;
  readonly table: ReturnType<typeof tableOf>;
  readonly column: string;
}

const all: readonly (readonly [path: string, attribute: Attribute])[] = Object.entries(attributes);

/** Without the record itself. */
export const filledAttributes: readonly FilledAttribute[] = all
  .filter(([path]) => path !== 'child')
  .map(filled);

/** Those that may be missing: what fill rates are counted for. */
export const countedAttributes: readonly FilledAttribute[] = all
  .filter(([, { isNotCounted }]) => isNotCounted !== true)
  .map(filled);

function filled([path, attribute]: readonly [string, Attribute]): FilledAttribute {
  const [column] = attribute.columns;
  return { path, table: tableOf(column), column };
}
