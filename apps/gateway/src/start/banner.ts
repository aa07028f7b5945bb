import { DEFAULT_PORT } from '../config.js';
import type { Gateway } from './gateway.js';

/** A command to try on a started gateway. */
export interface Hint {
  /** As it is typed: `npx tailrace logs`. */
  readonly command: string;
  /** What it does, behind it: `shows recent entries`. */
  readonly does: string;
}

/** What a started gateway says of itself: where it listens, what holds the data, what to try, with which token. */
export function bannerOf(gateway: Gateway, hints: readonly Hint[]): string {
  const { url, syslogUrls, version, engineName, embedded, dataDir, redisUrl, needsToken, firstToken } =
    gateway;
  const holds = embedded ? heldHere(engineName, dataDir) : heldThere(engineName, dataDir);
  const settings = [
    ...(url === `http://127.0.0.1:${DEFAULT_PORT}` ? [] : [`TAILRACE_URL=${url}`]),
    ...(needsToken ? ['TAILRACE_TOKEN="$TOKEN"'] : []),
  ];
  const commands = hints.map(({ command }) => [...settings, command].join(' '));
  const width = Math.max(...commands.map(({ length }) => length));
  return [
    `Tailrace ${version}`,
    `  listens on  ${url}`,
    ...(syslogUrls.length > 0 ? [`  syslog at   ${syslogUrls.join(', ')}`] : []),
    `  data in     ${holds}`,
    `  console     ${url}/ in a browser`,
    '',
    ...(firstToken ? ['A token of scope admin, shown only now:', `  ${firstToken}`, ''] : []),
    ...(embedded ? [`For your service: REDIS_URL=${redisUrl}`, ''] : []),
    ...(needsToken ? [TOKEN_USE, ''] : []),
    needsToken
      ? 'Try, in another terminal, with your token in the variable TOKEN:'
      : 'Try, in another terminal:',
    ...hints.map(({ does }, i) => `  ${commands[i]?.padEnd(width)}    ${does}`),
    '',
  ].join('\n');
}

function heldHere(engineName: string, dataDir: string | undefined): string {
  return dataDir === undefined
    ? `${engineName}, embedded: in memory, and gone when the gateway ends`
    : `${dataDir}, and ${engineName}, embedded`;
}

function heldThere(engineName: string, dataDir: string | undefined): string {
  return `${engineName}, at REDIS_URL${dataDir === undefined ? '' : `, and ${dataDir}`}`;
}

const TOKEN_USE = [
  'Every request needs a token: "authorization: Bearer TOKEN" over HTTP, TAILRACE_TOKEN or --token on the command line.',
  'tailrace token create --name NAME --scope read,write makes one.',
].join('\n');
