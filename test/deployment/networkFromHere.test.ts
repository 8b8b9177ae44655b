import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { fromHere, takesConnection } from '../../shared/deployment/network/networkFromHere.js';

describe('the network as this machine sees it', () => {
  it('has the addresses of a name, and none of a name that does not exist', async () => {
    assert.ok((await fromHere.addressesOf('localhost')).some((each) => ['127.0.0.1', '::1'].includes(each)));
    assert.deepEqual(await fromHere.addressesOf('no-such-host.invalid'), []);
  });

  it('has no answer from a name that does not exist', async () => {
    assert.equal(await fromHere.answers('no-such-host.invalid', 'https'), false);
    assert.equal(await fromHere.answers('no-such-host.invalid', 'sql'), false);
  });

  it('takes a connection where something listens, and none where nothing does', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    assert.ok(bound !== null && typeof bound === 'object');
    assert.equal(await takesConnection('127.0.0.1', bound.port), true);
    server.close();
    await once(server, 'close');
    assert.equal(await takesConnection('127.0.0.1', bound.port), false);
  });
});
