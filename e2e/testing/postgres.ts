import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '/usr/lib/postgresql';
const version = existsSync(FOLDER) ? readdirSync(FOLDER).at(-1) : undefined;
const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** Why no PostgreSQL can be started here; `undefined`: one can. */
export const POSTGRES_ABSENCE =
  version !== undefined && hasPsql ? undefined : 'no PostgreSQL of Debian is installed';

/** A PostgreSQL of our own, without a port. */
export interface Postgres extends AsyncDisposable {
  /** Runs SQL as psql reads it from standard input. @throws what psql says when it fails. */
  run(sql: string): string;
}

/** Starts one with its data below a folder. It refuses to run as root, so then it is run as nobody. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const bin = join(FOLDER, version as string, 'bin');
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) {
    chownSync(data, user.uid, user.gid);
    chownSync(folder, user.uid, user.gid);
  }
  const init = [
    '-D',
    join(data, 'db'),
    '-A',
    'trust',
    '-U',
    'audit',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  execFileSync(join(bin, 'initdb'), init, { ...user, cwd: data, stdio: 'ignore' });
  const settings = ['-D', join(data, 'db'), '-k', data, '-c', 'listen_addresses=', '-c', 'fsync=off'];
  const server: ChildProcess = spawn(join(bin, 'postgres'), settings, {
    ...user,
    cwd: data,
    stdio: 'ignore',
  });
  const psql = (sql: string) =>
    spawnSync('psql', ['-h', data, '-U', 'audit', '-d', 'postgres', '-qtAX', '-v', 'ON_ERROR_STOP=1'], {
      input: sql,
      encoding: 'utf8',
    });
  for (let i = 0; psql('SELECT 1').status !== 0; i++) {
    if (i > 300 || server.exitCode !== null) throw new Error('PostgreSQL did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    run(sql) {
      const { status, stdout, stderr } = psql(sql);
      if (status !== 0) throw new Error(stderr);
      return stdout.trimEnd();
    },
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
    },
  };
}
