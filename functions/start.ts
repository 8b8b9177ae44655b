import { app } from '@azure/functions';

// This runs after every function has been registered, so that an error here cannot prevent that. It runs before the
// first invocation, and before the modules that telemetry observes are loaded.
app.hook.appStart(async () => {
  if ((process.env['APPLICATIONINSIGHTS_CONNECTION_STRING'] ?? '') === '') return;
  const { startInsights } = await import('../shared/azure/insights.js');
  await startInsights(process.env);
});
