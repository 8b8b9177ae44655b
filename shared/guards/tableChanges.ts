import type { RowsByTable } from './guard.js';
import { percentOf } from './share.js';

interface TableChange {
  readonly table: string;
  readonly from: number;
  readonly to: number;
}

export function changesOf(from: RowsByTable, to: RowsByTable): TableChange[] {
  const tables = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return tables.map((table) => ({ table, from: from[table] ?? 0, to: to[table] ?? 0 }));
}

export function listed(changes: readonly TableChange[]): string {
  return changes
    .map(({ table, from, to }) => {
      const percent = from === 0 ? '' : ` (${to > from ? '+' : '-'}${percentOf(Math.abs(to - from), from)})`;
      return `${table} from ${String(from)} to ${String(to)} rows${percent}`;
    })
    .join(', ');
}
