import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OURS = [
  'ALLOWED_HOSTS',
  'ALLOWED_ORIGINS',
  'ALLOW_REMOTE',
  'ALERT_ALLOWED_ADDRESSES',
  'ALERT_RULES',
  'ARCHIVE_TO',
  'AUDIT_DIR',
  'DATA_DIR',
  'ENGINE_PORT',
  'FIRST_TOKEN',
  'HOST',
  'HOT_HOURS',
  'KEY_PREFIX',
  'LOG_HASH_KEY',
  'LOG_LEVEL',
  'LOG_RETENTION_DAYS',
  'MAX_CLIENT_SHARE',
  'MAX_EXPORTS',
  'MAX_FOLLOWERS',
  'MAX_JOINS',
  'MAX_SEARCHES',
  'STALL_TIMEOUT_S',
  'SYSLOG_FROM',
  'SYSLOG_TCP',
  'SYSLOG_TIME_ZONE',
  'SYSLOG_OUT',
  'SYSLOG_OUT_FILTER',
  'SYSLOG_OUT_BODY',
  'SYSLOG_OUT_CA',
  'SYSLOG_OUT_STATE',
  'SYSLOG_TLS',
  'SYSLOG_TLS_CA',
  'SYSLOG_TLS_CERT',
  'SYSLOG_TLS_KEY',
  'SYSLOG_UDP',
  'MAX_HELD_BODY_BYTES',
  'LOG_TOKENS',
  'PORT',
  'PROCESS_FIGURES_S',
  'REDIS_URL',
  'TAILRACE_TOKEN',
  'TAILRACE_URL',
  'TOKENS_FILE',
  'TRUSTED_PROXIES',
];

/** Where the command line remembers what it did, instead of the home folder of whoever runs the tests. */
const STATE = join(tmpdir(), 'tailrace-e2e-state');

/** The environment of a process under test: this one's, without any setting of Tailrace but those given. It keeps no files unless told where. */
export function environmentWith(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(([name]) => !OURS.includes(name) && name !== 'FORCE_COLOR');
  return { ...Object.fromEntries(rest), NO_COLOR: '1', XDG_STATE_HOME: STATE, DATA_DIR: '', ...settings };
}
