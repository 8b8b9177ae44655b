import { parseArgs } from 'node:util';
import { IdsByList } from '../../shared/child/draft.js';
import { buildChild } from '../../shared/child/build.js';
import { careWorkerGates } from '../../shared/child/buildRules.js';
import { codeListsOn } from '../../shared/child/codes/codeLists.js';
import { londonDate } from '../../shared/child/dates.js';
import { childSchemaOf, type Child } from '../../shared/child/payload.js';
import { windowOf } from '../../shared/child/window.js';
import { openDfe } from '../../shared/composition/dfe.js';
import { vocabularyWith } from '../../shared/dfe/keptWords.js';
import { deliver } from '../../shared/dfe/deliver.js';
import { readSendingSettings } from '../../shared/settings/readSettings.js';
import type { SendingSettings } from '../../shared/settings/settings.js';
import { agreementAsked, leftOutIn } from '../../shared/settings/terms.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { personsIn } from '../child/syntheticPersons.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { asksForHelp } from '../../shared/commands/command.js';

const usage = `npm run dfe -- COMMAND

  check                        whether DfE accepts the credentials; sends no child
  send --children N --seed S   N synthetic children (1) to DfE's test receiver

Where to send and with what credentials is in the environment; docs/onboarding.md says what is needed.`;

/** The first steps of the onboarding with DfE, which need no database. */
async function main(args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(usage);
    return 0;
  }
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { children: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
  });
  const [command] = positionals;
  const count = Number(values.children);
  if ((command !== 'check' && command !== 'send') || !Number.isInteger(count) || count < 1) {
    console.error(usage);
    return 2;
  }
  const settings = readSendingSettings(process.env);
  const { client, network } = openDfe(settings, () => new Date());
  try {
    if (command === 'check') {
      const { credentials, text } = await client.probe();
      console.log(`${text} (${settings.DFE_API_BASE_URL}, an empty list and no child)`);
      console.log(aboutAgreement());
      return credentials === 'accepted' ? 0 : 1;
    }
    if (settings.DFE_RECEIVER !== 'test') {
      console.error(
        'Invented children are sent to the test receiver only: set DFE_RECEIVER=test and its address.',
      );
      return 2;
    }
    return await send(syntheticChildren(count, values.seed, settings), client);
  } finally {
    await network.close();
  }
}

/** Whether the environment says what the app needs to be told before it sends a real child. */
function aboutAgreement(): string {
  const missing = agreementAsked.filter((name) => (process.env[name] ?? '').trim() === '');
  return missing.length === 0
    ? 'The settings name a signed data-sharing agreement.'
    : `Invented children need no data-sharing agreement. Before the app sends a real child, also under pseudonyms, give it ${missing.join(', ')} (docs/agreement.md).`;
}

async function send(
  children: readonly Child[],
  client: ReturnType<typeof openDfe>['client'],
): Promise<number> {
  let accepted = 0;
  for (let first = 0; first < children.length; first += batchSize) {
    const batch = children.slice(first, first + batchSize);
    const { children: deliveries, problem } = await deliver(
      batch,
      {
        post: (payloads) => client.post(payloads),
        probe: async () => (await client.probe()).credentials,
      },
      vocabularyWith(),
    );
    for (const [index, delivery] of deliveries.entries()) {
      if (delivery.outcome === 'accepted') accepted += 1;
      else if (delivery.outcome === 'refused') {
        console.log(`refused: ${batch[index]?.la_child_id ?? ''}: ${delivery.reason}`);
      }
    }
    if (problem !== undefined) {
      console.error(problem.text);
      break;
    }
  }
  console.log(`${String(accepted)} of ${String(children.length)} synthetic children were accepted.`);
  return accepted === children.length ? 0 : 1;
}

const batchSize = 100;

/** Invented children, as the app would send them. */
function syntheticChildren(count: number, seed: string, settings: SendingSettings): Child[] {
  const today = londonDate(new Date());
  const codes = codeListsOn(today, settings.COLLECTION_YEAR).lists;
  const rules = {
    window: windowOf(today),
    codes,
    leftOut: leftOutIn(process.env),
    careWorkerGates,
    unregisteredWorkers: 'leaveOut',
    absentTables: new Set<string>(),
    sharedUpns: new Set<string>(),
    factorsMayBeMissing: false,
    lostItems: new IdsByList(),
    ...builtInProfile('systemc'),
  } as const;
  const schema = childSchemaOf(codes);
  return personsIn(generateSsd({ children: 2 * count + 10, seed, today }).entries())
    .map((person) => buildChild(person, rules, schema).child)
    .filter((child) => child?.social_care_episodes !== undefined)
    .filter((child) => child !== undefined)
    .slice(0, count);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
