import { databaseTime } from '../../database/clock.js';
import { clocksApartAtMostMs } from '../../host/durations.js';
import { reasonOf } from '../reasonOf.js';
import { count, pass, shortMs, warn, type Check } from '../check.js';
import { database } from './database.js';

/** Machines that set their clocks by a time server differ by far less, and storage gives full seconds only. */
const clocksRemarkableMs = 60_000;

const clockRemedy =
  "Correct the clock that differs from the other two. If it is the app's: restart the app in Azure, or switch on the time service of the machine it runs on. If it is the database's: ask the DBA to correct it on the server. Pause the nightly run until the clocks agree. docs/runbooks/not-sent.md says what to check afterwards.";

export const clock = {
  name: 'clock',
  needs: database,
  limitMs: shortMs,
  look: async (parts) => {
    const { blobs: storage, now } = parts;
    const theDatabase = await parts.stagingDatabase();
    const [ofDatabase, ofStorage] = await Promise.all([
      aheadOf(() => databaseTime(theDatabase), now),
      aheadOf(() => storage.time(), now).catch((error: unknown) => ({ unread: reasonOf(error) })),
    ]);
    const found = `${comparedText('database', ofDatabase)} ${comparedText('storage', ofStorage)}`;
    const apartMs = Math.max(
      ...[ofDatabase, ofStorage].map((ahead) => ('ms' in ahead ? Math.abs(ahead.ms) : 0)),
    );
    if (apartMs >= clocksApartAtMostMs) return { outcome: 'fail', found, remedy: clockRemedy };
    if (apartMs >= clocksRemarkableMs) return warn(found, clockRemedy);
    if ('unread' in ofDatabase || 'unread' in ofStorage) {
      return warn(found, 'See the checks database and storage.');
    }
    return pass(found);
  },
  remedy: clockRemedy,
} as const satisfies Check;

/** How far the app's clock is ahead of another one, or why we cannot tell. */
type Ahead = { readonly ms: number } | { readonly unread: string };

/** The time that an answer takes is not counted. */
async function aheadOf(otherClock: () => Promise<Date | undefined>, now: () => Date): Promise<Ahead> {
  const asked = now().getTime();
  const time = (await otherClock())?.getTime() ?? NaN;
  const answered = now().getTime();
  if (Number.isNaN(time)) return { unread: 'The answer does not give the time.' };
  return { ms: Math.max(asked - time, 0) + Math.min(answered - time, 0) };
}

function comparedText(other: 'database' | 'storage', ahead: Ahead): string {
  if ('unread' in ahead) return `The clock of the ${other} could not be compared. ${ahead.unread}`;
  const apartMs = Math.abs(ahead.ms);
  if (apartMs < clocksRemarkableMs) {
    return `The app's clock agrees with that of the ${other} to within a minute.`;
  }
  return `The app's clock is ${lengthText(apartMs)} ${ahead.ms > 0 ? 'ahead of' : 'behind'} that of the ${other}.`;
}

function lengthText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}
