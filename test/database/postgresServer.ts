import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const versions = '/usr/lib/postgresql';
const runAsPostgres = '/usr/sbin/runuser';

/** Makes a server with an English default collation, like a council's, and prints its folder. */
const start = `
set -e
folder=$(mktemp -d /tmp/csc-postgres-XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "$PASSWORD" > password
"$BIN/initdb" --pgdata=data --username=sender --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --no-sync $LOCALE >&2
"$BIN/pg_ctl" --pgdata=data --log=log --wait start --options="-F -p $PORT -k $folder -c listen_addresses=127.0.0.1" >&2
trap - EXIT
echo "$folder"
`;

/** Stops the server within a second of the end of this process, however it ends. */
const stopAfter = `
while [ -d "/proc/$WATCHED" ]; do sleep 1; done
"$BIN/pg_ctl" --pgdata="$FOLDER/data" --mode=immediate stop
rm -rf "$FOLDER"
`;

/** As an administrator does it: all connections are cut off. */
const restart = 'cd "$DATA/.." && "$BIN/pg_ctl" --pgdata="$DATA" --mode=fast --wait restart >/dev/null 2>&1';

/** The newest of Debian's packages. */
function binaries(): string | undefined {
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions)
    .map(Number)
    .filter((found) => existsSync(join(versions, String(found), 'bin', 'initdb')))
    .toSorted((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(versions, String(newest), 'bin');
}

function shell(script: string): [string, string[]] {
  // PostgreSQL refuses to run as root.
  return process.getuid?.() === 0
    ? [runAsPostgres, ['-u', 'postgres', '--', 'sh', '-c', script]]
    : ['sh', ['-c', script]];
}

/** @param dataDirectory what the server says to `SHOW data_directory` */
export async function restartPostgresServer(dataDirectory: string): Promise<void> {
  const environment = { PATH: process.env['PATH'], BIN: binaries(), DATA: dataDirectory };
  await promisify(execFile)(...shell(restart), { cwd: '/tmp', env: environment });
}

/**
 * Starts a PostgreSQL server only for this process, from Debian's package. It stops when the process has ended.
 * @returns its connection string; `undefined` where the package is not installed
 */
export function startPostgresServer(): string | undefined {
  const bin = binaries();
  if (bin === undefined || (process.getuid?.() === 0 && !existsSync(runAsPostgres))) return undefined;

  const password = `${randomBytes(12).toString('hex')}@/`;
  const version = Number(basename(dirname(bin)));
  const environment = {
    PATH: process.env['PATH'],
    BIN: bin,
    LOCALE: version < 15 ? '--locale=C.UTF-8' : '--locale=C.UTF-8 --locale-provider=icu --icu-locale=en-GB',
    PASSWORD: password,
  };

  for (let attempt = 1; ; attempt++) {
    const port = randomInt(20_000, 32_000);
    try {
      const folder = execFileSync(...shell(start), {
        cwd: '/tmp',
        env: { ...environment, PORT: String(port) },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
      spawn(...shell(stopAfter), {
        cwd: '/tmp',
        env: { ...environment, FOLDER: folder, WATCHED: String(process.pid) },
        detached: true,
        stdio: 'ignore',
      }).unref();
      return `postgresql://sender:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    } catch (error) {
      // Another process may have taken the port.
      if (attempt === 3) throw error;
    }
  }
}
