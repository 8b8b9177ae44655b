import { getClient, type ClientOptions, type PathUncheckedResponse } from '@azure-rest/core-client';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import type { DeployedApp } from './deployedApp.js';
import { askUntil, type Clock } from '../patience.js';
import { resourceManagerScope } from '../resourceManager/resourceManager.js';

/** Code that could not be published. The message has the words of Azure, and what to do. */
class PublishError extends Error {}

/** In quotes where the answer does not say that it is JSON. */
const idSchema = z
  .string()
  .transform((id) => id.replace(/^"|"$/g, ''))
  .refine((id) => id !== '');
const deploymentSchema = z.object({
  status: z.int(),
  status_text: z.string().nullish(),
  message: z.string().nullish(),
});
/** How the publishing site numbers the outcome of a deployment. Any other number is in progress. */
const outcomes: Readonly<Record<number, 'succeeded' | 'failed' | 'busy'>> = {
  [-1]: 'failed',
  3: 'failed',
  4: 'succeeded',
  // Another one was under way.
  5: 'busy',
  6: 'failed',
};

/** The outcome of one try: published, or why not yet. */
type Try = 'published' | { readonly notYet: string };

/**
 * Publishes a package to an app on Flex Consumption, as it is and without a build. The roles by which the platform stores
 * it need minutes to hold after they were assigned: what fails for that reason is tried again for ten minutes.
 * @param zip the package
 * @param options where the site for code answers, when not at the app's own, and how it is reached
 * @throws PublishError
 */
export async function publish(
  credential: TokenCredential,
  app: DeployedApp,
  zip: Uint8Array,
  clock: Clock,
  { url = `https://${app.scmHostName}`, ...options }: ClientOptions & { url?: string } = {},
): Promise<void> {
  const client = getClient(url, credential, { credentials: { scopes: [resourceManagerScope] }, ...options });
  let last = '';
  const once = async (): Promise<Try> => {
    const answer = await client.pathUnchecked('/api/publish').post({
      queryParameters: { RemoteBuild: 'false', Deployer: 'csc-api-sender' },
      contentType: 'application/zip',
      body: zip,
    });
    const status = Number(answer.status);
    if (status >= 400) return notYet(status, wordsOf(answer));
    const { success, data: id } = idSchema.safeParse(bodyOf(answer));
    // A 202 without an id: what is deployed then shows by the version that the app answers with.
    if (!success) return 'published';
    return await outcomeOf(id);
  };
  const outcomeOf = async (id: string): Promise<Try> => {
    let wasThere = false;
    return await askUntil<Try>(
      async () => {
        const answer = await client.pathUnchecked(`/api/deployments/${encodeURIComponent(id)}`).get();
        const status = Number(answer.status);
        // Not there yet; or not there any more, since the worker that did it is replaced when it is done.
        if (status === 404) return wasThere ? 'published' : undefined;
        if (status >= 400) return notYet(status, wordsOf(answer));
        wasThere = true;
        const deployment = deploymentSchema.parse(bodyOf(answer));
        const words = [deployment.status_text, deployment.message].filter(Boolean).join(' ');
        switch (outcomes[deployment.status]) {
          case 'succeeded':
            return 'published';
          case 'busy':
            return { notYet: 'another deployment was under way' };
          case 'failed':
            return failed(words);
          default:
            return undefined;
        }
      },
      {
        clock,
        seconds: 600,
        everySeconds: 3,
        otherwise: () =>
          `Azure took the package of ${app.name} and did not report the outcome within ten minutes. Run the command again.`,
      },
    );
  };
  await askUntil(
    async () => {
      const tried = await once();
      if (tried === 'published') return true;
      last = tried.notYet;
      return undefined;
    },
    {
      clock,
      seconds: 600,
      everySeconds: 30,
      otherwise: () =>
        `Azure has refused the package of ${app.name} for ten minutes: ${last}. Do you have Contributor or Website Contributor on the app, and its identities the roles that the output roles of the deployment lists?`,
    },
  );
}

/** Refused for now, as a role that does not hold yet or a worker that starts. @throws PublishError for all else */
function notYet(status: number, words: string): Try {
  if ([403, 404, 409, 429].includes(status) || status >= 500) return { notYet: `${status} ${words}`.trim() };
  throw new PublishError(`Azure refused the package (${status}): ${words}`);
}

/** @throws PublishError unless it failed because the storage refused the identity of the package */
function failed(words: string): Try {
  if (
    /BlobUploadFailed|AuthorizationPermissionMismatch|AuthorizationFailure|Forbidden|\b403\b/i.test(words)
  ) {
    return { notYet: words };
  }
  throw new PublishError(`Azure could not deploy the package: ${words === '' ? 'it gave no reason' : words}`);
}

function bodyOf({ body }: PathUncheckedResponse): unknown {
  return body;
}

const longestWords = 500;

function wordsOf(answer: PathUncheckedResponse): string {
  const body = bodyOf(answer);
  const words =
    typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
  return words.slice(0, longestWords);
}
