/** `51 of 1000 children (5.1 %)` */
export function outOf(part: number, whole: number, what: string): string {
  return `${String(part)} of ${String(whole)} ${what} (${percentOf(part, whole)})`;
}

export function percentOf(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

export function share(whole: number, percent: number): number {
  return (whole * percent) / 100;
}
