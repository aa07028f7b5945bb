import { Logger } from '../../packages/logger/dist/internal.js';
import { DEFAULT_RETENTION_DAYS } from '../../packages/schema/dist/index.js';
import { capital, code, read, table } from './markdown.mjs';

export function loggerOptions() {
  const members = [
    ...membersOf('packages/logger/src/logger-options.ts', 'LoggerOptions'),
    ...membersOf('packages/writer/src/writer-options.ts', 'WriterOptions').filter(
      (member) => member.name !== 'onError' && member.name !== 'redis',
    ),
  ];
  const rows = members.map(({ name, type, text, byDefault, isOptional }) => [
    code(name),
    isOptional ? defaultOf(byDefault) : 'required',
    type === 'number' || type === 'LevelName' ? allowedOf(name) : '',
    text,
  ]);
  return table(['option', 'default', 'allowed', ''], rows);
}

/** A logger with a wrong option refuses it by saying what is allowed, before it does anything else. */
function allowedOf(option) {
  try {
    new Logger({ redis: 'redis://127.0.0.1', [option]: 'none' });
  } catch (error) {
    return /allowed: (?:a whole number from )?(.*)/.exec(error.message)[1];
  }
  throw new Error(`scripts/docs.mjs: a logger takes anything as ${option}`);
}

/** A default that is a value, not words about it, as code. */
function defaultOf(text) {
  if (text === "''") return 'empty';
  return /^\S+$/.test(text) && text !== 'none' ? code(text.replace(/^'(.*)'$/, '$1')) : text;
}

export function gatewaySettings() {
  const members = [
    ...membersOf('apps/gateway/src/config.ts', 'GatewayConfig'),
    ...membersOf('apps/gateway/src/syslog/syslog-address.ts', 'SyslogConfig'),
    ...membersOf('apps/gateway/src/syslog-out/syslog-out-config.ts', 'SyslogOutConfig'),
  ];
  const rows = members.map(({ text, byDefault }) => {
    const [, name, rest] = /^`(\w+)`[:;.]? ?(.*)$/.exec(text) ?? [];
    return [code(name), defaultOf(byDefault), capital(rest ?? '')];
  });
  return table(['variable', 'default', ''], rows);
}

/** The members of an interface with their comments. */
function membersOf(path, name) {
  const body = new RegExp(`export interface ${name}[^{]* \\{([\\s\\S]*?)\\n\\}`).exec(read(path))?.[1] ?? '';
  const member = /\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)(\??): ([^;]+);/g;
  return [...body.matchAll(member)].map(([, comment, member, optional, type]) => {
    const [text = '', byDefault = ''] = comment
      .replace(/\s*\n\s*\* ?/g, ' ')
      .replace(/\{@link (\w+)\}/g, linked)
      .trim()
      .split(/\s*@default /);
    return {
      name: member,
      type,
      text: text.trim(),
      byDefault: byDefault.trim(),
      isOptional: optional === '?',
    };
  });
}

function linked(_, name) {
  if (name !== 'DEFAULT_RETENTION_DAYS') return name;
  return Object.entries(DEFAULT_RETENTION_DAYS)
    .map(([retention, days]) => `${retention} ${days}`)
    .join(', ');
}
