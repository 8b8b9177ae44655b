import { codeListsRemark } from '../../child/codes/codeLists.js';
import { pass, shortMs, warn, type Check } from '../check.js';

export const codeLists = {
  name: 'codeLists',
  limitMs: shortMs,
  look: (parts) => {
    const lists = parts.codeLists();
    const remark = codeListsRemark(lists);
    if (remark === undefined) return pass(`The code lists are those of the collection year ${lists.year}.`);
    return warn(
      remark,
      'This does not stop a run. Install a release that has the lists of the year, as soon as there is one.',
    );
  },
  remedy: 'Check COLLECTION_YEAR and RUN_TODAY (docs/settings.md).',
} as const satisfies Check;
