import { type Entry, GATEWAY_URL } from '../state/api.js';

/** An entry as JSON. */
export function jsonOf(entry: Entry): string {
  return JSON.stringify(entry, null, 2);
}

/** The command that asks the gateway for an entry. */
export function curlOf(entry: Entry): string {
  return `curl ${quoted(`${GATEWAY_URL}/logs/entry/${encodeURIComponent(entry.id)}`)}`;
}

/** The same by the command line of Tailrace. */
export function commandOf(entry: Entry): string {
  return `TAILRACE_URL=${quoted(GATEWAY_URL)} tailrace entry ${quoted(entry.id)}`;
}

/** For a POSIX shell: nothing in it is acted upon. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @returns whether it is in the clipboard; browsers refuse it on pages that are neither HTTPS nor on this machine */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}
