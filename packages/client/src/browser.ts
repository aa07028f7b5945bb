/** Levels a page logs with. */
export type BrowserLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** How a page logs. */
export interface BrowserLoggerOptions {
  /** Where the gateway is: `https://logs.example`. */
  readonly url: string;
  /** A token of scope `write` alone: whoever opens the page can read it. @default none */
  readonly token?: string;
  /** Of the entries. @default web */
  readonly component?: string;
  /** Fields of every entry. @default none */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Milliseconds between two requests. @default 2000 */
  readonly intervalMs?: number;
}

/** Logs from a page. */
export interface BrowserLogger {
  /** Entries that were given up: the queue was full, or the gateway refused them for good. */
  readonly dropped: number;
  /** Never throws and never waits. Fields an entry does not have go into its `data`. */
  log(level: BrowserLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Sends what waits. Resolves when it was tried. */
  flush(): Promise<void>;
  /** Logs errors nobody caught. */
  captureErrors(): void;
}

/** Entries that wait at most; past that the oldest go. */
const MAX_QUEUE = 500;
/** What a browser sends for a page that is gone: 64 KiB together (Fetch, section 4.5), with room for headers. */
const MAX_BYTES = 60_000;
const MAX_ENTRIES = 100;
const MAX_WAIT_MS = 60_000;

/**
 * Makes a logger for pages, of 2 KB. Each entry has an id of its own, so what is sent again is stored once. The page's origin must be
 * one of the gateway's `ALLOWED_ORIGINS`.
 */
export function createBrowserLogger(options: BrowserLoggerOptions): BrowserLogger {
  const { url, token, component = 'web', fields: always, intervalMs = 2_000 } = options;
  const page = globalThis as unknown as Page;
  let queue: string[] = [];
  let dropped = 0;
  let waitMs = intervalMs;
  let timer: unknown;
  let sending: Promise<void> | undefined;

  const logger: BrowserLogger = {
    get dropped() {
      return dropped;
    },
    log(level, message, fields) {
      try {
        const timestamp = Date.now();
        const place = page.location?.href.split('#')[0];
        const own = { id: newId(), timestamp, level, component, message: String(message) };
        queue.push(JSON.stringify({ page: place, ...always, ...fields, ...own }));
        if (queue.length > MAX_QUEUE) {
          queue.shift();
          dropped++;
        }
      } catch {
        dropped++;
      }
      timer ??= setTimeout(() => void logger.flush(), waitMs);
    },
    flush() {
      sending ??= send().finally(() => {
        sending = undefined;
        clearTimeout(timer as number);
        timer = queue.length > 0 ? setTimeout(() => void logger.flush(), waitMs) : undefined;
      });
      return sending;
    },
    captureErrors() {
      page.addEventListener?.('error', ({ error, message }) => report(error ?? message));
      page.addEventListener?.('unhandledrejection', ({ reason }) => report(reason));
    },
  };
  // Nothing else tells rightly that a page goes (HTML, section 6.2).
  page.addEventListener?.('visibilitychange', () => {
    if (page.document?.visibilityState === 'hidden') void logger.flush();
  });
  page.addEventListener?.('pagehide', () => void logger.flush());
  return logger;

  function report(cause: unknown): void {
    const { name, message, stack } = (cause ?? {}) as Partial<Error>;
    const error = { type: String(name ?? 'Error'), message: String(message ?? cause), stack };
    logger.log('ERROR', error.message, { error });
  }

  async function send(): Promise<void> {
    while (queue.length > 0) {
      let bytes = 0;
      const fits = (entry: string) => {
        bytes += new TextEncoder().encode(entry).length + 1;
        return bytes < MAX_BYTES;
      };
      const end = queue.findIndex((entry, i) => i === MAX_ENTRIES || !fits(entry));
      const batch = queue.slice(0, end < 0 ? queue.length : Math.max(1, end));
      const status = await post(`[${batch.join()}]`);
      if (status === 0 || status === 429 || status >= 500) {
        waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
        return;
      }
      waitMs = intervalMs;
      if (status >= 400) dropped += batch.length;
      // What was pushed out meanwhile is not there any more.
      queue = queue.filter((entry) => !batch.includes(entry));
    }
  }

  async function post(body: string): Promise<number> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    try {
      const init = { method: 'POST', headers, body, keepalive: true, credentials: 'omit' } as const;
      return (await fetch(`${url.replace(/\/+$/, '')}/logs`, init)).status;
    } catch {
      return 0;
    }
  }
}

/** What is used of a page; in Node none of it is there. */
interface Page {
  readonly location?: { readonly href: string };
  readonly document?: { readonly visibilityState: string };
  addEventListener?(
    name: string,
    heard: (event: {
      readonly error?: unknown;
      readonly message?: string;
      readonly reason?: unknown;
    }) => void,
  ): void;
}

/** `randomUUID` is there on pages of https alone. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
