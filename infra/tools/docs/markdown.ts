/** A bar would end the cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
