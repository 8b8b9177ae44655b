import type { AttributePath } from '../../../../shared/child/attributes/attribute.js';

/** A link from one page of the reference to another. */
export function linkTo(path: AttributePath, text: string = path): string {
  return `[\`${text}\`](${path}.md)`;
}
