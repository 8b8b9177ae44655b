import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const versions = '/usr/lib/postgresql';
const runAsPostgres = '/usr/sbin/runuser';

/** Makes a server whose default collation is that of English, as a council's may be, and prints its folder. */
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

/** Outlives this process, however that ends, by a second. */
const stopAfter = `
while [ -d "/proc/$WATCHED" ]; do sleep 1; done
"$BIN/pg_ctl" --pgdata="$FOLDER/data" --mode=immediate stop
rm -rf "$FOLDER"
`;

/**
 * Starts a PostgreSQL server for this process alone, from Debian's package. It stops when the process has ended.
 * @returns its connection string; `undefined` where the package is not installed
 */
export function startPostgresServer(): string | undefined {
  const version = existsSync(versions)
    ? readdirSync(versions)
        .map(Number)
        .filter((found) => existsSync(join(versions, String(found), 'bin', 'initdb')))
        .toSorted((a, b) => b - a)[0]
    : undefined;
  const isRoot = process.getuid?.() === 0;
  if (version === undefined || (isRoot && !existsSync(runAsPostgres))) return undefined;

  const password = `${randomBytes(12).toString('hex')}@/`;
  const shell = (script: string): [string, string[]] =>
    // PostgreSQL refuses to run as root.
    isRoot ? [runAsPostgres, ['-u', 'postgres', '--', 'sh', '-c', script]] : ['sh', ['-c', script]];
  const environment = {
    PATH: process.env['PATH'],
    BIN: join(versions, String(version), 'bin'),
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
      // Another may have taken the port.
      if (attempt === 3) throw error;
    }
  }
}
