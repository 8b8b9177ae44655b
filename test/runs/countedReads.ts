import type { SsdReader } from '../../shared/ssd/ssdReader.js';

/** Counts the ranges that a reader reads from now on. @returns how many so far */
export function countedReads(ssd: SsdReader): () => number {
  const read = ssd.read.bind(ssd);
  let ranges = 0;
  Object.defineProperty(ssd, 'read', {
    value: (...wanted: Parameters<typeof read>) => {
      ranges += 1;
      return read(...wanted);
    },
  });
  return () => ranges;
}
