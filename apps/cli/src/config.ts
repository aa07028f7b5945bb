import { join } from 'node:path';

/** What the environment sets; flags of the same name come first. An empty variable counts as not set. */
export interface Config {
  /** `TAILRACE_URL`. @default http://127.0.0.1:4680 */
  readonly url: string;
  /** `TAILRACE_TOKEN`, sent as `Authorization: Bearer`. */
  readonly token: string | undefined;
  /** `NO_COLOR` (https://no-color.org) before `FORCE_COLOR`; `auto`: colours on a terminal only. */
  readonly color: 'always' | 'never' | 'auto';
  /** Where this program remembers what it did: `XDG_STATE_HOME`, else below the home folder. @default none without either */
  readonly stateFolder: string | undefined;
}

/** @default http://127.0.0.1:4680, where the gateway listens */
export const DEFAULT_URL = 'http://127.0.0.1:4680';

/** The environment of this process; nothing else in this program asks for it. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Reads the settings from an environment. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    url: env.TAILRACE_URL || DEFAULT_URL,
    token: env.TAILRACE_TOKEN || undefined,
    color: colorOf(env),
    stateFolder: stateFolderOf(env),
  };
}

function stateFolderOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'tailrace');
  if (env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'tailrace');
  return env.HOME ? join(env.HOME, '.local', 'state', 'tailrace') : undefined;
}

function colorOf(env: NodeJS.ProcessEnv): Config['color'] {
  if (env.NO_COLOR) return 'never';
  if (env.FORCE_COLOR) return env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false' ? 'never' : 'always';
  return env.TERM === 'dumb' ? 'never' : 'auto';
}
