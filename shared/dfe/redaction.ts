/** Shorter values (codes, yes and no) identify nobody, and taking them out would leave the text unreadable. */
const shortestValue = 3;

/** Text from DfE without any value of the payloads it speaks of; field names and DfE's own words stay. */
export function withoutValues(text: string, payloads: readonly object[]): string {
  const values = new Set<string>();
  collect(payloads, values);
  return [...values]
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, value) => redacted.replaceAll(value, '[removed]'), text);
}

function collect(value: unknown, values: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= shortestValue) values.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, values);
  }
}
