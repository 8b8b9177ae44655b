import type { VNode } from 'preact';

/** One page: what is between the header and the footer, and the status it is answered with. */
export interface Page {
  readonly status: number;
  /** What the page is about, without the name of the service. */
  readonly title: string;
  readonly content: VNode;
}
