import { app } from '@azure/functions';

app.hook.appTerminate(async () => {
  const { closeContainer } = await import('../shared/container.js');
  await closeContainer();
});
