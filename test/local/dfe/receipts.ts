import { randomUUID } from 'node:crypto';

/** A receipt for one child: `yyyy-MM-dd_HH:mm:ss.ff_<uuid>.json`, in UTC, with hundredths of a second (dfe-api.md). */
export function receipt(at: Date): string {
  const [day, time] = at.toISOString().split('T');
  return `${day ?? ''}_${(time ?? '').slice(0, 11)}_${randomUUID()}.json`;
}
