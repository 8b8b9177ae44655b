import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** A running Azurite. */
export interface Azurite {
  /** For `AzureWebJobsStorage` and the storage SDKs: blob and queue endpoints on loopback, a key of this run only. */
  readonly connectionString: string;
  /** Ends the process; what was stored in memory is gone. May be called twice. */
  stop(): Promise<void>;
}

const account = 'local';

export const developmentStorage = 'UseDevelopmentStorage=true';
/** Where that looks for storage; its account and key are Azurite's own. */
const developmentPorts = { blob: 10000, queue: 10001, table: 10002 } as const;
const freePorts = { blob: 0, queue: 0, table: 0 };

const optionsAt = ({ blob, queue, table }: Readonly<Record<'blob' | 'queue' | 'table', number>>) => [
  ...['--blobPort', String(blob), '--queuePort', String(queue), '--tablePort', String(table)],
  '--skipApiVersionCheck',
  '--silent',
  '--disableTelemetry',
];

// Azurite takes most of its start to compile itself: what has been compiled is kept for the next one.
const compiled = join(dirname(require.resolve('azurite/package.json')), '.compiled');

// The channel to the parent closes however the parent ends, killed included; Azurite itself does not watch it.
const endWithParent = 'data:text/javascript,process.on("disconnect",()=>process.exit())';

interface AzuriteOptions {
  readonly where?: 'free ports' | 'development ports' | undefined;
  /** Where it keeps what is stored, with what is there already; in memory, and empty, when absent. */
  readonly folder?: string | undefined;
}

/**
 * Starts Azurite's blob and queue services in a child process on 127.0.0.1: on free ports, or where
 * `UseDevelopmentStorage=true` looks for them.
 * The child ends with `stop()` and with this process, and does not keep this process alive.
 *
 * @throws Error with Azurite's own output when it ends before it listens.
 */
export async function startAzurite({ where = 'free ports', folder }: AzuriteOptions = {}): Promise<Azurite> {
  const key = randomBytes(64).toString('base64');
  const isFree = where === 'free ports';
  const options = [...optionsAt(isFree ? freePorts : developmentPorts), ...keptIn(folder)];
  const child = fork(require.resolve('azurite/dist/src/azurite.js'), options, {
    cwd: tmpdir(),
    env: {
      ...process.env,
      ...(isFree ? { AZURITE_ACCOUNTS: `${account}:${key}` } : {}),
      NODE_COMPILE_CACHE: compiled,
    },
    execArgv: ['--import', endWithParent],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [blob, queue] = await listeningAddresses(child);
  child.unref();
  child.channel?.unref();

  return {
    connectionString: isFree
      ? [
          'DefaultEndpointsProtocol=http',
          `AccountName=${account}`,
          `AccountKey=${key}`,
          `BlobEndpoint=${blob}/${account}`,
          `QueueEndpoint=${queue}/${account}`,
        ].join(';')
      : developmentStorage,
    async stop() {
      child.ref();
      if (child.connected && folder !== undefined) await closeServices(child);
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function keptIn(folder: string | undefined): string[] {
  return folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder];
}

/** The blob and the queue address, once the last of Azurite's services says that it listens. */
function listeningAddresses(child: ChildProcess): Promise<[blob: string, queue: string]> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const [blob, queue, table] = ['Blob', 'Queue', 'Table'].map(
        (service) => new RegExp(`${service} service is successfully listening at (\\S+)`).exec(output)?.[1],
      );
      if (blob !== undefined && queue !== undefined && table !== undefined) {
        child.stdout?.off('data', read);
        drain(child.stdout);
        drain(child.stderr);
        resolve([blob, queue]);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`Azurite ended (exit code ${code ?? 'none'}) before it listened:\n${output}`));
    });
  });
}

/** Lets Azurite write what it keeps: by itself it does so every five seconds, and at its end only when it is asked to end. */
async function closeServices(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if ((output.match(/service successfully closed/g) ?? []).length === 3) resolve();
    });
    child.once('exit', () => {
      resolve();
    });
    child.send('shutdown');
  });
}

/** Keeps a pipe from filling up, without keeping this process alive for it. */
function drain(stream: Readable | null): void {
  stream?.removeAllListeners('data').resume();
  if (stream instanceof Socket) stream.unref();
}
