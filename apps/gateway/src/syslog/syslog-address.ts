import { readFileSync } from 'node:fs';
import { parseTimeZone } from '@tailrace/intake';
import { isLoopback } from '../http/loopback.js';
import { StartError } from '../start/start-error.js';

/** Where syslog is listened to. */
export interface SyslogAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** The settings of syslog. */
export interface SyslogConfig {
  /** `SYSLOG_TCP`: where syslog over TCP is listened to, such as `6514` (on 127.0.0.1) or `0.0.0.0:6514`; port 0 picks a free one. @default none: it is not */
  readonly syslogTcp: SyslogAddress | undefined;
  /** `SYSLOG_TLS`: the same over TLS. @default none */
  readonly syslogTls: SyslogAddress | undefined;
  /** `SYSLOG_UDP`: the same over UDP. @default none */
  readonly syslogUdp: SyslogAddress | undefined;
  /** `SYSLOG_TLS_CERT`: file of the certificate of `SYSLOG_TLS`, in PEM. @default none */
  readonly syslogTlsCert: string | undefined;
  /** `SYSLOG_TLS_KEY`: file of its key. @default none */
  readonly syslogTlsKey: string | undefined;
  /** `SYSLOG_TLS_CA`: file of authorities; senders must show a certificate of one. @default none: they need none */
  readonly syslogTlsCa: string | undefined;
  /** `SYSLOG_FROM`: addresses and CIDR ranges that may send syslog, separated by commas. @default this machine's own; with `SYSLOG_TLS_CA` any for `SYSLOG_TLS` */
  readonly syslogFrom: readonly string[];
  /** `SYSLOG_TIME_ZONE`: of times in syslog that name no offset, such as `Europe/Vienna`. @default UTC */
  readonly syslogTimeZone: string | undefined;
}

/** Of a listener. `127.0.0.1` where none is named: syslog knows no tokens. */
const DEFAULT_HOST = '127.0.0.1';

/** Reads `6514`, `192.0.2.1:6514` or `[::1]:6514`. @throws StartError naming the setting, its value and what is allowed. */
export function addressParser(name: string): (text: string) => SyslogAddress {
  return (text) => {
    const [, bracketed, plain, digits] =
      /^(?:(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
    const port = Number(digits);
    if (port <= 65_535) return { host: bracketed ?? plain ?? DEFAULT_HOST, port };
    throw new StartError(
      `${name} is "${text}"; allowed: a port (0: any free one), or an address and a port, such as 6514, 0.0.0.0:6514 or [::]:6514`,
    );
  };
}

/** @throws StartError when there is no such time zone. */
export function parseSyslogTimeZone(text: string): string {
  if (parseTimeZone(text) !== undefined) return text;
  throw new StartError(
    `SYSLOG_TIME_ZONE is "${text}"; allowed: a name such as Europe/Vienna, an offset such as +02:00, UTC`,
  );
}

/**
 * Whoever reaches a listener of syslog may write: beyond this machine it must be said who that is.
 *
 * @throws StartError when it is not, or what TLS needs is missing.
 */
export function checkSyslogConfig(config: SyslogConfig): void {
  const { syslogTcp, syslogTls, syslogUdp, syslogTlsCert, syslogTlsKey, syslogTlsCa, syslogFrom } = config;
  if (syslogTls !== undefined && (syslogTlsCert === undefined || syslogTlsKey === undefined)) {
    throw new StartError(
      'SYSLOG_TLS needs SYSLOG_TLS_CERT and SYSLOG_TLS_KEY, files of a certificate and its key',
    );
  }
  const listeners = [
    ['SYSLOG_TCP', syslogTcp],
    ['SYSLOG_UDP', syslogUdp],
    ...(syslogTlsCa === undefined ? ([['SYSLOG_TLS', syslogTls]] as const) : []),
  ] as const;
  for (const [name, address] of listeners) {
    if (address === undefined || isLoopback(address.host) || syslogFrom.length > 0) continue;
    throw new StartError(
      `${name} is "${address.host}:${address.port}"; allowed: 127.0.0.1 or ::1, as whoever reaches it can write. ` +
        'SYSLOG_FROM names addresses and ranges that may; SYSLOG_TLS_CA does for SYSLOG_TLS',
    );
  }
}

/** @throws StartError when the file of a setting cannot be read. */
export function readSettingFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError(`${name} ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
