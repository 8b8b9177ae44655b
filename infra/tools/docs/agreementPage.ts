import { withoutOwnPurge } from '../../../shared/child/changes/leftOut.js';
import {
  categoryNames,
  factsOfCategory,
  tablesNotRead,
  type Category,
} from '../../../shared/child/categories.js';
import {
  defaultInclusionSets,
  inclusionSets,
  isInclusionSet,
  restsOnAbsentTable,
} from '../../../shared/ssd/cohort.js';
import { withMadePart } from './madePart.js';

/** `docs/agreement.md` with the table of the categories in its place; all else as it is written. */
export function agreementPage(written: string): string {
  const source = 'shared/child/categories.ts';
  return withMadePart(written, { page: 'docs/agreement.md', source }, tableOfCategories());
}

function tableOfCategories(): string {
  const rows = categoryNames.map((category) => {
    const { title, paths, tables, columns = [] } = factsOfCategory(category);
    const cells = [
      `\`${category}\``,
      title,
      codes(paths),
      codes([...tables, ...columns]),
      setsOff(category),
      removal(category),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `| category | what it is | not sent | not read | inclusion sets that are off | how DfE is asked to remove it |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}

/** Those that are off by default have a star. */
function setsOff(category: Category): string {
  const notRead = tablesNotRead([category]);
  const off = Object.keys(inclusionSets)
    .filter(isInclusionSet)
    .filter((set) => restsOnAbsentTable([set], notRead));
  return off.map((set) => `\`${set}\`${defaultInclusionSets.includes(set) ? '' : '*'}`).join(', ');
}

function removal(category: Category): string {
  const inTwoSteps = withoutOwnPurge([category]).length > 0;
  return inTwoSteps
    ? 'with the block around it, which the next run sends again without it'
    : 'by its own purge';
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
