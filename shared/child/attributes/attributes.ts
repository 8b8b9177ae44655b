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

/** An attribute that may be missing, and the column that fills it: what fill rates are counted for. */
interface CountedAttribute {
  readonly path: string;
  readonly table: string;
  readonly column: string;
}

const all: readonly (readonly [path: string, attribute: Attribute])[] = Object.entries(attributes);

export const countedAttributes: readonly CountedAttribute[] = all
  .filter(([, { isNotCounted }]) => isNotCounted !== true)
  .map(
    ([
      path,
      {
        columns: [column],
      },
    ]) => ({ path, table: tableOf(column), column }),
  );
