import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionError } from 'mssql';
import { AddressRefusedError, connectionError } from '../../shared/database/connectionError.js';
import { assertQuotesNothing, said } from './saidByServers.js';

describe('the error of a connection', () => {
  const cases = [
    [{ number: 18456 }, /18456.*identity.*CREATE USER.*password/],
    [{ number: 40615 }, /40615.*firewall/],
    [{ number: 40613 }, /40613.*not available/],
    [{ code: 'EFEDAUTH' }, /EFEDAUTH.*no token/],
    [{ code: 'ESOCKET', cause: { code: 'ENOTFOUND' } }, /no server of that name/],
    [{ code: 'ETIMEOUT' }, /ETIMEOUT.*firewall/],
  ] as const;

  it('names the server, the number and what to do', () => {
    for (const [facts, advice] of cases) {
      const { message } = connectionError(
        Object.assign(new Error('Said.'), facts),
        'db.example:1433',
        'sqlserver',
      );
      assert.match(message, /^No connection to the database server db\.example:1433 \(\w+\)\. /);
      assert.match(message, advice);
    }
  });

  it('contains none of the words of the server or the driver', () => {
    for (const message of said) {
      for (const engine of ['sqlserver', 'postgres'] as const) {
        for (const facts of [
          {},
          { number: 18456, state: 8, class: 14 },
          { code: '28000' },
          { code: 'ESOCKET' },
        ]) {
          const error = Object.assign(new Error(message, { cause: new Error(message) }), facts);
          assertQuotesNothing(connectionError(error, 'db.example:1433', engine));
        }
      }
    }
  });

  it('keeps number, severity and state', () => {
    const refused = Object.assign(new Error('Ffion'), { code: 'ELOGIN', number: 18456, state: 8, class: 14 });
    const { code, severity, state, message } = connectionError(refused, 'db.example:1433', 'sqlserver');
    assert.deepEqual([code, severity, state], ['18456', '14', 8]);
    assert.match(message, /db\.example:1433 \(18456, severity 14, state 8\)\. The login was refused/);
  });

  it('keeps the address that the firewall of Azure SQL refuses, and none of its other words', () => {
    const words =
      "Cannot open server 'Ffion' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server. (Ffion)";
    const ofDriver = Object.assign(new Error(words), { code: 'ELOGIN', number: 40615 });
    const refused = new ConnectionError(ofDriver, 'ELOGIN');
    const ours = connectionError(refused, 'db.example:1433', 'sqlserver');
    assert.ok(ours instanceof AddressRefusedError);
    assert.equal(ours.address, '203.0.113.7');
    assertQuotesNothing(ours);
    assert.ok(
      !(connectionError({ number: 40615 }, 'db.example:1433', 'sqlserver') instanceof AddressRefusedError),
    );
  });
});
