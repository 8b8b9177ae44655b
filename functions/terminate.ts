import { app } from '@azure/functions';

app.hook.appTerminate(async () => {
  const { stopInsights } = await import('../shared/azure/insights.js');
  const { closeContainer } = await import('../shared/container.js');
  // First, since the host does not wait for long.
  await stopInsights();
  await closeContainer();
});
