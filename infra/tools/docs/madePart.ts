/** The part of a page that is made from the code; people write the rest. */
interface MadePart {
  /** The page, for the error. */
  readonly page: string;
  /** What it is made from. */
  readonly source: string;
}

/**
 * The page with the part between its two marks replaced.
 * @throws Error where a mark is missing, or is there twice
 */
export function withMadePart(written: string, { page, source }: MadePart, made: string): string {
  const begin = `<!-- Made from ${source} by npm run docs: do not write between here -->`;
  const end = '<!-- and here. -->';
  const [before, rest] = halves(written, begin, page);
  const [, after] = halves(rest, end, page);
  return `${before}${begin}\n\n${made}\n\n${end}${after}`;
}

function halves(text: string, mark: string, page: string): readonly [string, string] {
  const [before, after, ...more] = text.split(mark);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${page} must have this line once: ${mark}`);
  }
  return [before, after];
}
