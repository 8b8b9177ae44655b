import type { PublishedSystem } from '../../ssd/publishedColumns.js';
import type { ReleaseSigns } from '../../ssd/releaseSigns.js';
import { ssdReleases, type ColumnChange } from '../../ssd/ssdReleases.js';
import { list, pass, shortMs, warn, type Check } from '../check.js';
import type { Ssd } from '../parts.js';
import { ssdTables } from './ssdTables.js';

interface Looked {
  readonly ssd: () => Promise<Pick<Ssd, 'releaseSigns'>>;
  readonly system: PublishedSystem | undefined;
}

/** Which release of the SSD this is, by its columns. What is not sent without a column, `ssdTables` says. */
export const ssdRelease = {
  name: 'ssdRelease',
  needs: ssdTables,
  limitMs: shortMs,
  look: async ({ ssd, system }: Looked) => {
    if (system === undefined) {
      return pass(
        'The profile extends none of the built-in ones, so there is no release to compare the columns with.',
      );
    }
    const { name, checked, sameColumns, columnChanges } = ssdReleases[system];
    const release = `release ${checked.version} of ${name}, which this version was checked against`;
    const signs = await (await ssd()).releaseSigns(system);
    const remarks = [...olderThan(signs, release), ...newerThan(signs, release)];
    if (remarks.length > 0) {
      return warn(
        remarks.join('\n'),
        'Ask who fills the SSD which release it is, and read its release notes: values may have changed, too. Then compare a dry run with the last run. A column that is there under an earlier name can be read: columnNames in a profile of your own (docs/profiles.md). docs/compatibility.md lists what each release has changed.',
      );
    }
    if (signs.isPart) {
      return pass(
        `No column says that the SSD is older or newer than ${release}. It does not have all columns of that release.`,
      );
    }
    const first = columnChanges.at(-1)?.release ?? checked.version;
    const last = sameColumns?.version ?? checked.version;
    return pass(`The SSD has the columns of ${release}. Releases ${first} to ${last} have the same.`);
  },
  remedy: "Give the app's login the right to see the definitions of the SSD tables.",
} as const satisfies Check;

function olderThan({ older: [first, ...more] }: ReleaseSigns, release: string): string[] {
  if (first === undefined) return [];
  return [
    `The SSD is older than release ${first.release}, or was changed here: it lacks columns of ${release}. The check ssdTables says what is not sent without them.`,
    ...[first, ...more].map(changeText),
  ];
}

function changeText({ table, came, replaced, release, published }: ColumnChange): string {
  const earlier = replaced === undefined ? '' : `, in place of ${list(replaced)}`;
  return `${list(came.map((column) => `${table}.${column}`))}: since release ${release} (${published})${earlier}.`;
}

function newerThan({ newer }: ReleaseSigns, release: string): string[] {
  if (newer.length === 0) return [];
  return [
    `The SSD is newer than ${release}, or columns were added here: ${list(newer)}. They are not read, and no run needs them: nothing is lost.`,
  ];
}
