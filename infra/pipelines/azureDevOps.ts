/** Asks Azure DevOps about runs, from a job. No package is installed where this runs. */

/** The project of Azure DevOps that this job belongs to. */
export interface Project {
  readonly address: string;
  readonly token: string;
}

/** An answer that Azure DevOps does not give. The message says what to do. */
export class AzureDevOpsError extends Error {}

const callTimeoutMs = 60_000;
/** More than any release has; a longer answer is none. */
const longestAnswer = 1_000_000;

/** @returns undefined outside a job that was given its token */
export function projectOf(environment: Readonly<Record<string, string | undefined>>): Project | undefined {
  const { SYSTEM_COLLECTIONURI: uri, SYSTEM_TEAMPROJECTID: id, SYSTEM_ACCESSTOKEN: token } = environment;
  if (uri === undefined || id === undefined || token === undefined) return undefined;
  return { address: `${uri.replace(/\/$/, '')}/${id}`, token };
}

export async function ask(project: Project, path: string): Promise<unknown> {
  const text = await askText(project, path);
  try {
    return JSON.parse(text);
  } catch {
    // A token without rights gets the page to sign in, with status 203.
    throw new AzureDevOpsError(
      'The answer of Azure DevOps is not JSON. Does this pipeline have the right to read its runs?',
    );
  }
}

export async function askText({ address, token }: Project, path: string): Promise<string> {
  const answer = await fetch(`${address}/_apis/${path}`, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'error',
    signal: AbortSignal.timeout(callTimeoutMs),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new AzureDevOpsError(
      `Azure DevOps answers ${answer.status} to the question for ${path.split('?')[0] ?? ''}.`,
    );
  }
  return textWithin(answer, longestAnswer);
}

async function textWithin({ body }: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > most)
      throw new AzureDevOpsError('The answer of Azure DevOps is longer than any release needs.');
  }
  return text + decoder.decode();
}
