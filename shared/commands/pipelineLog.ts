/**
 * Lines for the log of Azure Pipelines. The agent takes a line with `##vso[` for a command, so that text which comes from
 * elsewhere goes through `said`, and a reason that a person gives through `oneLine`.
 */

/** Text of Azure, of the app or of an error, in which the agent finds no command. */
export function said(text: string): string {
  return text.replaceAll(/##(?=\[|vso)/gi, '# #');
}

/** Any text as one line. */
export function oneLine(text: string): string {
  return said(text).replaceAll(/\s+/g, ' ').trim();
}

/** A warning or an error that the summary of the run shows. */
export function issue(type: 'warning' | 'error', text: string): string {
  return `##vso[task.logissue type=${type}]${oneLine(text)}\n`;
}

export function warning(text: string): string {
  return issue('warning', text);
}

/** A variable for the steps after this one; `isOutput` for later stages, too. Never a secret. */
export function variable(name: string, value: string, { isOutput = false } = {}): string {
  return `##vso[task.setvariable variable=${name}${isOutput ? ';isOutput=true' : ''}]${oneLine(value)}\n`;
}

/** Ends the step orange rather than green. */
export const succeededWithIssues = '##vso[task.complete result=SucceededWithIssues;]\n';

/** Why something failed, for the log. */
export function reasonOf(error: unknown): string {
  return said(error instanceof Error ? error.message : 'it failed without a reason.');
}
