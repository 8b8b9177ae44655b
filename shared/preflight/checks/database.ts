import { longMs, pass, type Check } from '../check.js';

export const database = {
  name: 'database',
  limitMs: longMs,
  look: async (parts) => {
    // The pool may be open while the server does not answer.
    await (await parts.database()).query('SELECT 1 AS answer');
    return pass('The database answers.');
  },
  remedy:
    "Check SSD_CONNECTION_STRING, that the server's firewall or private endpoint lets the app in, and that its identity is a user of the database. ELOGIN: the login; ESOCKET, ETIMEOUT: the network or the server's name.",
} as const satisfies Check;
