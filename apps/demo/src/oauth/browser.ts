import { CLIENT_HEADER } from '../request-logging.js';
import type { SecretKeeper } from './secret-keeper.js';

/** An answer, its body read. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Where it wants the browser to go on to. */
  readonly location: URL | undefined;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

const MAX_REDIRECTS = 20;
const REPLY_TIMEOUT_MS = 15_000;

/** A browser with cookies, which goes where it is sent; its address can change as a phone's does. */
export class Browser {
  /** Client IP its requests seem to come from. */
  clientIp: string;
  readonly #keeper: SecretKeeper;
  readonly #cookies = new Map<string, Map<string, Cookie>>();

  constructor(clientIp: string, keeper: SecretKeeper) {
    this.clientIp = clientIp;
    this.#keeper = keeper;
  }

  /**
   * Opens a page and follows redirects.
   *
   * @param until stops before the first redirect to a URL it says yes to
   */
  async open(
    url: URL,
    form?: Record<string, string>,
    until: (url: URL) => boolean = () => false,
  ): Promise<Page> {
    let page = await this.#request(url, form);
    for (let i = 0; page.location !== undefined && i < MAX_REDIRECTS && !until(page.location); i++) {
      page = await this.#request(page.location);
    }
    return page;
  }

  forgetCookies(origin: string): void {
    this.#cookies.delete(origin);
  }

  async #request(url: URL, form?: Record<string, string>): Promise<Page> {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(REPLY_TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        cookie: this.#cookieHeader(url),
        [CLIENT_HEADER]: this.clientIp,
        'user-agent': 'tailrace-demo-browser/1',
      },
      ...(form !== undefined && { body: new URLSearchParams(form) }),
    });
    this.#takeCookies(url, response.headers.getSetCookie());
    const target = response.headers.get('location');
    const location = target === null ? undefined : new URL(target, url);
    if (location !== undefined) this.#keeper.keepOfUrl(location);
    return { url, status: response.status, body: parse(await response.text()), location };
  }

  #cookieHeader(url: URL): string {
    const cookies = [...(this.#cookies.get(url.origin) ?? [])];
    return cookies
      .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(([name, { value }]) => `${name.slice(0, name.indexOf(' '))}=${value}`)
      .join('; ');
  }

  #takeCookies(url: URL, lines: readonly string[]): void {
    const cookies = this.#cookies.get(url.origin) ?? new Map<string, Cookie>();
    this.#cookies.set(url.origin, cookies);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
      const attribute = (wanted: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? '/';
      const expires = Date.parse(attribute('expires') ?? '');
      const key = `${name} ${path}`;
      if (value === '' || expires < Date.now()) cookies.delete(key);
      else cookies.set(key, { value, path });
      if (!name.endsWith('.sig')) this.#keeper.keep(value);
    }
  }
}

/** JSON as it is; of a page of HTML what its form would send. */
function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const inputs = [...text.matchAll(/<input [^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ]);
    return inputs.length === 0 ? {} : { form: Object.fromEntries(inputs) };
  }
}
