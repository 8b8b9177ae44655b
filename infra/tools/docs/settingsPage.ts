import type { z } from 'zod';
import { settingsSchema } from '../../../shared/settings/settings.js';

/** `docs/settings.md`: every setting as `shared/settings/` describes it. */
export function settingsPage(): string {
  const rows = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const { description } = schema;
    if (description === undefined) throw new Error(`${name} has no description`);
    return `| \`${name}\` | ${needOf(schema)} | ${description} |`;
  });
  return `# Settings

Environment variables of the function app. What is marked secret belongs in Key Vault or in the environment of a
laptop, never into a file that is committed. All of them are checked before anything is read; one error lists everything
that is missing or wrong.

This page is made from \`shared/settings/\` by \`npm run docs\`.

| setting | needed | what it is |
| --- | --- | --- |
${rows.join('\n')}

The Functions host itself reads the settings \`AzureWebJobsStorage…\` (queues and its own blobs; with an identity also
\`AzureWebJobsStorage__credential\`, which is \`managedidentity\`, and \`AzureWebJobsStorage__blobServiceUri\`), \`RUN_SCHEDULE\`
and \`FUNCTIONS_WORKER_RUNTIME\` (\`node\`, on a laptop only); with \`AzureWebJobsDisableHomepage\`, which Bicep sets to \`true\`, it
shows no default page at \`/\`. It and the app read \`APPLICATIONINSIGHTS_CONNECTION_STRING\` and
\`APPLICATIONINSIGHTS_AUTHENTICATION_STRING\` ([telemetry.md](telemetry.md)). \`WEBSITE_AUTH_ENABLED\` is set by App Service
where its authentication is on, and by nothing else ([http.md](http.md#who-may-call)).
`;
}

function needOf(schema: z.ZodType): string {
  const missing = schema.safeParse(undefined);
  if (!missing.success) return 'yes';
  const { data } = missing;
  return data === undefined
    ? 'no'
    : `no: \`${Array.isArray(data) ? data.join(',') : JSON.stringify(data).replaceAll('"', '')}\``;
}
