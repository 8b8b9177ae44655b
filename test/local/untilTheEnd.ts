import { once } from 'node:events';
import type { Server } from 'node:http';
import type { TestContext } from 'node:test';
import { z } from 'zod';

const addressSchema = z.object({ port: z.int() });

/** Has a server listen on a free port of this machine until the end of the test. @returns the port */
export async function listenUntilTheEnd(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return addressSchema.parse(server.address()).port;
}
