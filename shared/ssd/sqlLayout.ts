/** Every line of a statement moved to the right. */
export function indented(sql: string, blanks: number): string {
  return sql.replace(/^/gm, ' '.repeat(blanks));
}

/** A join of a SELECT, in brackets on lines of its own. */
export function joined(join: 'JOIN' | 'LEFT JOIN', source: string, alias: string, on: string): string {
  return `${join} (\n${indented(source, 2)}\n) ${alias} ON ${on}`;
}

/** A SELECT of `person_id` and what else is wanted. */
export function select(
  wanted: {
    readonly columns: readonly string[];
    readonly distinct?: boolean;
    readonly where?: readonly string[];
  },
  person: string,
  from: readonly string[],
  where: readonly string[],
): string {
  const conditions = [...where, ...(wanted.where ?? [])].map((condition) =>
    indented(condition, 2).trimStart(),
  );
  const [table, ...joins] = from;
  const columns = [`${person} AS person_id`, ...wanted.columns];
  return [
    `SELECT${wanted.distinct === true ? ' DISTINCT' : ''} ${columns.join(columns.length > 3 ? ',\n  ' : ', ')}`,
    `FROM ${table ?? ''}`,
    ...joins,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
  ].join('\n');
}
