/** How many are named at most. */
const most = 3;
/** Names that share fewer of their pairs of letters are not alike. */
const leastShare = 0.4;

/** The names that are most like a text which is none of them, the likest first: for a person who has mistyped one. */
export function alike(text: string, names: readonly string[]): string[] {
  const wanted = pairsOf(text);
  return names
    .map((name) => ({ name, share: shareOf(wanted, pairsOf(name)) }))
    .filter(({ share }) => share >= leastShare)
    .sort((one, other) => other.share - one.share)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Each two letters that follow each other, the beginning and the end included. */
function pairsOf(text: string): ReadonlySet<string> {
  const letters = ` ${text.trim().toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, at) => letters.slice(at, at + 2)));
}

function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / (one.size + other.size);
}
