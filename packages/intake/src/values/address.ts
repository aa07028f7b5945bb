import { canonicalIp } from '@tailrace/schema';

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?$/i;
const PORT = /:\d{1,5}$/;

/**
 * An IP address, also in brackets, with a port behind it (`192.0.2.1:80`, `[2001:db8::1]:80`).
 *
 * @returns its canonical spelling, or `undefined` when the text is none.
 */
export function readAddress(text: string): string | undefined {
  const whole = canonicalIp(text);
  if (whole !== undefined) return whole;
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    const behind = text.slice(end + 1);
    if (end === -1 || !(behind === '' || (PORT.test(behind) && behind.indexOf(':') === 0))) return undefined;
    return canonicalIp(text.slice(1, end));
  }
  return PORT.test(text) ? canonicalIp(text.replace(PORT, '')) : undefined;
}

/** An address that always has a port behind it, also where IPv6 stands without brackets (`2001:db8::1:51822`). */
export function readAddressBeforePort(text: string): string | undefined {
  if (text.startsWith('[')) return readAddress(text);
  return (PORT.test(text) ? canonicalIp(text.replace(PORT, '')) : undefined) ?? canonicalIp(text);
}

/** Whether a text can be the name of a host: with a letter in its last part, so that no date and no cut address is one. */
export function isHostName(text: string): boolean {
  return NAME.test(text) && /[a-z]/i.test(text.slice(text.replace(/\.$/, '').lastIndexOf('.') + 1));
}

/** A host without its port, brackets and letter case; an IP address in its canonical spelling. */
export function readHost(text: string): string | undefined {
  const address = readAddress(text);
  if (address !== undefined) return address;
  const name = text.replace(PORT, '');
  return isHostName(name) ? name.toLowerCase() : undefined;
}

/** The addresses of a forwarded list (`X-Forwarded-For`); what is no address is left as it is written. */
export function readAddressList(text: string): readonly string[] {
  return text.split(',').map((part) => readAddress(part.trim()) ?? part.trim());
}
