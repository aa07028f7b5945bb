import { isAbsolute, join, resolve } from 'node:path';
import { filterSchema } from '@tailrace/api';
import type { Filter } from '@tailrace/schema';
import { RequestError } from '../http/errors/request-error.js';
import { parseQuery } from '../http/query/query-parameters.js';
import { StartError } from '../start/start-error.js';
import { readSettingFile } from '../syslog/syslog-address.js';
import type { SyslogDestination } from './syslog-connection.js';
import { SYSLOG_BODIES, type SyslogBody } from './syslog-text.js';

/** The settings of syslog that is sent. */
export interface SyslogOutConfig {
  /** `SYSLOG_OUT`: where entries are sent to as syslog, such as `tls://siem.example:6514` or `tcp://127.0.0.1:514`. @default none: they are not */
  readonly syslogOut: Omit<SyslogDestination, 'ca'> | undefined;
  /** `SYSLOG_OUT_FILTER`: which of them, as the query of `GET /logs`, such as `min_level=WARNING`. @default all */
  readonly syslogOutFilter: Filter;
  /** `SYSLOG_OUT_BODY`: json or cef. @default json */
  readonly syslogOutBody: SyslogBody;
  /** `SYSLOG_OUT_CA`: file of authorities of the receiver's certificate, in PEM. @default those of the system */
  readonly syslogOutCa: string | undefined;
  /** `SYSLOG_OUT_STATE`: file that says how far was sent. @default `syslog-out` in `DATA_DIR` */
  readonly syslogOutState: string | undefined;
}

/** @throws StartError */
export function parseSyslogOut(text: string): Omit<SyslogDestination, 'ca'> {
  const [, protocol, bracketed, plain, digits] =
    /^(tcp|tls):\/\/(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain;
  if (host !== undefined && port >= 1 && port <= 65_535)
    return { protocol: protocol as 'tcp' | 'tls', host, port };
  throw new StartError(
    `SYSLOG_OUT is "${text}"; allowed: such as tls://siem.example:6514 or tcp://127.0.0.1:514`,
  );
}

/** @throws StartError */
export function parseSyslogOutFilter(text: string): Filter {
  try {
    return parseQuery(filterSchema, `http://filter/?${text}`) as Filter;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new StartError(`SYSLOG_OUT_FILTER: ${error.message}`);
  }
}

/** @throws StartError */
export function parseSyslogOutBody(text: string): SyslogBody {
  const body = SYSLOG_BODIES.find((one) => one === text);
  if (body !== undefined) return body;
  throw new StartError(`SYSLOG_OUT_BODY is "${text}"; allowed: ${SYSLOG_BODIES.join(', ')}`);
}

/** Where it stands how far was sent. @throws StartError when that is not said, and there is no `DATA_DIR`. */
export function syslogOutState(
  { syslogOutState: path }: SyslogOutConfig,
  dataDir: string | undefined,
): string {
  if (path !== undefined) return isAbsolute(path) ? path : resolve(path);
  if (dataDir !== undefined) return join(resolve(dataDir), 'syslog-out');
  throw new StartError(
    'SYSLOG_OUT needs SYSLOG_OUT_STATE, a file that says how far was sent, where there is no DATA_DIR',
  );
}

/** @throws StartError when a file cannot be read. */
export function syslogDestination({
  syslogOut,
  syslogOutCa,
}: SyslogOutConfig): SyslogDestination | undefined {
  if (syslogOut === undefined) return undefined;
  return {
    ...syslogOut,
    ...(syslogOutCa !== undefined && { ca: readSettingFile('SYSLOG_OUT_CA', syslogOutCa) }),
  };
}
