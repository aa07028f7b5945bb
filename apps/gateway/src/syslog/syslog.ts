import { createSecureContext } from 'node:tls';
import { addressList } from '../http/auth/address-list.js';
import { StartError } from '../start/start-error.js';
import { readSettingFile, type SyslogAddress, type SyslogConfig } from './syslog-address.js';
import { listenToDatagrams } from './syslog-datagrams.js';
import { SyslogStore, type SyslogStoreParts } from './syslog-store.js';
import { listenToStreams, type SyslogListener, type SyslogParts } from './syslog-stream.js';

/** The listeners of syslog. */
export interface Syslog {
  /** Where they are reached: `tcp://127.0.0.1:6514`. */
  readonly urls: readonly string[];
  /** Takes no more connections, stores what came, closes. */
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Listens to syslog where the settings say so.
 *
 * @throws StartError when a setting makes it impossible; nothing is left listening.
 */
export async function openSyslog(
  config: SyslogConfig,
  parts: Omit<SyslogStoreParts, 'timeZone'>,
): Promise<Syslog> {
  const { syslogTcp, syslogTls, syslogUdp, syslogFrom, syslogTlsCa, syslogTimeZone } = config;
  const store = new SyslogStore({ ...parts, timeZone: syslogTimeZone });
  const allowed = addressList(syslogFrom.length > 0 ? syslogFrom : LOOPBACK);
  const shared: SyslogParts = { store, isAllowed: allowed, report: parts.report };
  const open: { readonly protocol: string; readonly listener: SyslogListener }[] = [];
  const close = async () => {
    store.close();
    await Promise.all(open.map(({ listener }) => listener.close()));
  };
  const add = async (
    protocol: string,
    address: SyslogAddress | undefined,
    listenAt: (address: SyslogAddress) => Promise<SyslogListener>,
  ) => {
    if (address === undefined) return;
    try {
      open.push({ protocol, listener: await listenAt(address) });
    } catch (error) {
      await close();
      if (error instanceof StartError) throw error;
      const { host, port } = address;
      throw new StartError(
        `SYSLOG_${protocol.toUpperCase()} ${host}:${port}: nothing can listen there: ${(error as Error).message}`,
        { cause: error },
      );
    }
  };
  await add('tcp', syslogTcp, (address) => listenToStreams(address, shared));
  // Whoever has a certificate of that authority may write, from wherever.
  const known =
    syslogTlsCa === undefined || syslogFrom.length > 0 ? shared : { ...shared, isAllowed: () => true };
  await add('tls', syslogTls, (address) => listenToStreams(address, known, tlsOptions(config)));
  await add('udp', syslogUdp, (address) => listenToDatagrams(address, shared));
  return {
    urls: open.map(
      ({ protocol, listener: { address } }) => `${protocol}://${hostOf(address)}:${address.port}`,
    ),
    close,
  };
}

function hostOf({ host }: SyslogAddress): string {
  return host.includes(':') ? `[${host}]` : host;
}

function tlsOptions({ syslogTlsCert = '', syslogTlsKey = '', syslogTlsCa }: SyslogConfig) {
  const options = {
    cert: readSettingFile('SYSLOG_TLS_CERT', syslogTlsCert),
    key: readSettingFile('SYSLOG_TLS_KEY', syslogTlsKey),
    ...(syslogTlsCa !== undefined && { ca: readSettingFile('SYSLOG_TLS_CA', syslogTlsCa) }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new StartError(
      `SYSLOG_TLS_CERT, SYSLOG_TLS_KEY or SYSLOG_TLS_CA cannot be used: ${(error as Error).message}; allowed: files in PEM`,
      { cause: error },
    );
  }
  const asksForCertificate = syslogTlsCa !== undefined;
  return { ...options, requestCert: asksForCertificate, rejectUnauthorized: asksForCertificate };
}
