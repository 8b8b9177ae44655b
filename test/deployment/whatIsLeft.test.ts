import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../../shared/deployment/network/privateEndpoints.js';
import type { FoundRole } from '../../shared/deployment/roles.js';
import { whatIsLeft, type Facts, type HostFact } from '../../shared/deployment/whatIsLeft/whatIsLeft.js';

const done: Facts = {
  group: 'rg-csc-test',
  networks: [{ id: '/vnet', name: 'vnet-csc-test', peering: 'whole' }],
  zones: [],
  endpoints: [],
  hosts: [],
  roles: [],
  vault: 'kv-csc',
  isDatabaseLeft: false,
  isSignInLeft: false,
  missingSecrets: [],
  agreementMissing: [],
};

const host = (facts: Partial<HostFact>): HostFact => ({
  of: 'app',
  name: 'func-csc.azurewebsites.net',
  addresses: ['10.80.1.70'],
  isPrivate: true,
  answers: true,
  ...facts,
});

const endpoint = (facts: Partial<Endpoint>): Endpoint => ({
  id: '/subscriptions/0/resourceGroups/rg-csc-test/providers/Microsoft.Network/privateEndpoints/pep-sql',
  name: 'pep-sql',
  target: '/subscriptions/0/resourceGroups/rg-data/providers/Microsoft.Sql/servers/council',
  status: 'Approved',
  ...facts,
});

const role = (facts: Partial<FoundRole>): FoundRole => ({
  role: 'Key Vault Secrets User',
  roleId: '4633458b-17de-408a-b874-0445c86b69e6',
  principalId: '33333333-3333-4333-8333-333333333333',
  principalType: 'ServicePrincipal',
  scope: '/subscriptions/0/resourceGroups/rg-csc-test/providers/Microsoft.KeyVault/vaults/kv-csc',
  condition: '',
  state: 'assigned',
  ...facts,
});

describe('what people have to do before database and code', () => {
  it('is nothing when all is approved, found, reached, assigned and put in', () => {
    const facts = { ...done, endpoints: [endpoint({})], hosts: [host({})], roles: [role({})] };
    assert.deepEqual(whatIsLeft(facts), []);
  });

  it('is to approve the private endpoint, for the owner of what it leads to', () => {
    const [todo, ...others] = whatIsLeft({ ...done, endpoints: [endpoint({ status: 'Pending' })] });
    assert.deepEqual(others, []);
    assert.equal(todo?.who, 'Owner of the database server');
    assert.match(
      todo.what,
      /Approve the private endpoint pep-sql, which leads to Microsoft\.Sql\/servers\/council/,
    );
    assert.equal(todo.command, 'npm run azure -- approve --group rg-csc-test');
    assert.ok(todo.stops);
  });

  it('is to ask once more where the owner has rejected it', () => {
    const [todo] = whatIsLeft({ ...done, endpoints: [endpoint({ status: 'Rejected' })] });
    assert.match(todo?.what ?? '', /pep-sql is rejected/);
    assert.match(todo?.command ?? '', /^az network private-endpoint delete --ids /);
  });

  const wronglyResolved: readonly (readonly [string, readonly string[]])[] = [
    ['nothing', []],
    ['a public address', ['20.90.1.1']],
    ['a public address as well', ['10.80.1.70', '20.90.1.1']],
    ['a public address of IPv6', ['2603:1020::1']],
  ];
  for (const [what, addresses] of wronglyResolved) {
    it(`is to let the agents find the private address where a name resolves to ${what}`, () => {
      const [todo, ...others] = whatIsLeft({ ...done, hosts: [host({ addresses, answers: false })] });
      assert.deepEqual(others, [], 'that it does not answer follows from it');
      assert.match(todo?.what ?? '', /does not find the private address of func-csc/);
      assert.ok(todo?.stops);
    });
  }

  it('is to link each zone of the group to the network of the agents', () => {
    const zones = ['privatelink.azurewebsites.net', 'privatelink.vaultcore.azure.net'];
    const todos = whatIsLeft({ ...done, zones, hosts: [host({ addresses: [] })] });
    assert.deepEqual(
      todos.map(({ command }) => /--zone-name (\S+)/.exec(command)?.[1]),
      zones,
    );
  });

  it('takes a private address of every range for one', () => {
    for (const address of ['10.0.0.1', '172.31.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1']) {
      assert.deepEqual(whatIsLeft({ ...done, hosts: [host({ addresses: [address] })] }), [], address);
    }
    for (const address of ['172.32.0.1', '192.169.0.1', '11.0.0.1']) {
      assert.equal(whatIsLeft({ ...done, hosts: [host({ addresses: [address] })] }).length, 1, address);
    }
  });

  it('is to peer the network where a name is found and nothing answers', () => {
    const facts: Facts = {
      ...done,
      networks: [{ id: '/vnet', name: 'vnet-csc-test', peering: 'none' }],
      hosts: [host({ answers: false }), host({ of: 'upload', name: 'func-csc.scm', answers: false })],
    };
    const [todo, ...others] = whatIsLeft(facts);
    assert.deepEqual(others, []);
    assert.match(
      todo?.what ?? '',
      /func-csc\.azurewebsites\.net, func-csc\.scm.*Peer the network vnet-csc-test/,
    );
    assert.match(todo?.command ?? '', /^az network vnet peering create .*--vnet-name vnet-csc-test/);
  });

  it("is to make the hub's half of a peering where only ours is there", () => {
    const networks = [{ id: '/the-network', name: 'vnet-csc-test', peering: 'half' }] as const;
    const [todo] = whatIsLeft({ ...done, networks, hosts: [host({ answers: false })] });
    assert.match(todo?.command ?? '', /--vnet-name <HUB> .*--remote-vnet \/the-network /);
  });

  it('is to open the firewall where the networks are peered already, or there is none', () => {
    for (const isPrivate of [true, false]) {
      const hosts = [
        host({ of: 'database', name: 'council.database.windows.net', isPrivate, answers: false }),
      ];
      const [todo] = whatIsLeft({ ...done, hosts });
      assert.match(todo?.what ?? '', /Let the agents through the firewall/);
      assert.match(todo?.command ?? '', /^nc -vz council\.database\.windows\.net 1433/);
      assert.ok(todo?.stops);
    }
  });

  it('waits for no agent to reach the vault, which only the app and people read', () => {
    const vault = { of: 'vault', name: 'kv-csc.vault.azure.net' } as const;
    for (const facts of [{ addresses: [] }, { answers: false }]) {
      const [todo] = whatIsLeft({ ...done, hosts: [host({ ...vault, ...facts })] });
      assert.equal(todo?.stops, false);
    }
  });

  it('is to assign the roles that the app needs, and those of groups without waiting for them', () => {
    const state = 'missing';
    const [ofApp, ofGroup] = whatIsLeft({
      ...done,
      roles: [role({ state }), role({ state, principalType: 'Group' })],
    });
    assert.equal(ofApp?.who, 'Platform team');
    assert.match(ofApp.what, /^Assign: Key Vault Secrets User on Microsoft\.KeyVault\/vaults\/kv-csc\.$/);
    assert.ok(ofApp.stops);
    assert.equal(ofGroup?.stops, false);
    const ofPipeline = role({ state, roleId: 'de139f84-1756-47ae-9be6-808fbbe84772' });
    assert.equal(whatIsLeft({ ...done, roles: [ofPipeline] })[0]?.stops, false, 'it has just made the app');
  });

  it('says so where a role may not be looked at, or is wider than it should be, and waits for neither', () => {
    for (const [state, what] of [
      ['not readable', /the pipeline cannot look there/],
      ['other condition', /cannot do more than it needs/],
    ] as const) {
      const [todo] = whatIsLeft({ ...done, roles: [role({ state })] });
      assert.match(todo?.what ?? '', what);
      assert.equal(todo?.stops, false);
    }
  });

  it('is to put in each secret that is missing, and to look where the pipeline may not', () => {
    const [todo] = whatIsLeft({ ...done, missingSecrets: ['DFE-CLIENT-ID'] });
    assert.match(todo?.what ?? '', /vault kv-csc .*: DFE-CLIENT-ID\.$/);
    assert.equal(todo?.command, 'npm run azure -- secrets --group rg-csc-test');
    assert.ok(todo.stops);
    assert.equal(whatIsLeft({ ...done, missingSecrets: undefined })[0]?.stops, false);
  });

  it('is to prepare the database and to let people sign in, without waiting for either', () => {
    const todos = whatIsLeft({ ...done, isDatabaseLeft: true, isSignInLeft: true });
    assert.deepEqual(
      todos.map(({ who, command, stops }) => [who, command, stops]),
      [
        ['DBA', 'npm run azure -- database --group rg-csc-test', false],
        ['Application Administrator of Entra ID', 'npm run azure -- sign-in --group rg-csc-test', false],
      ],
    );
  });

  it('is to say what the agreement covers, before a run with real children is paused for it', () => {
    const [todo, ...others] = whatIsLeft({
      ...done,
      agreementMissing: ['AGREEMENT_DATE', 'AGREEMENT_RECEIVERS'],
    });
    assert.deepEqual(others, []);
    assert.match(todo?.what ?? '', /AGREEMENT_DATE, AGREEMENT_RECEIVERS are not given/);
    assert.equal(todo?.stops, false);
  });
});
