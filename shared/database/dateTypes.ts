/** PostgreSQL type numbers of date, timestamp and timestamptz: read as ISO text, so that no zone shifts a day. */
export const dateTypes = [1082, 1114, 1184] as const;

export function asText(value: string): string {
  return value;
}
