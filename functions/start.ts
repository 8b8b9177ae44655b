import { app } from '@azure/functions';

// After every function has been registered, so that nothing here can keep one from it; before the first invocation, and
// before anything that is to be collected has been loaded.
app.hook.appStart(async () => {
  if ((process.env['APPLICATIONINSIGHTS_CONNECTION_STRING'] ?? '') === '') return;
  const { startInsights } = await import('../shared/azure/insights.js');
  await startInsights(process.env);
});
