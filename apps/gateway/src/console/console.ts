import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayContext, GatewayEnv } from '../http/gateway-env.js';
import { type ConsoleFile, consoleFilesOf } from './console-files.js';

/** Where `scripts/console.mjs` puts the build, beside `dist`. */
const BUILT = fileURLToPath(new URL('../../console/', import.meta.url));

/** Only the gateway's own files, nothing inline, no text made into markup, in nobody's frame. */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Names of files have a hash of what is in them: a changed file has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Serves the console at `/` and its files below `/assets/`. They hold no log data and need no token, so a link from any page
 * opens them; what the page then asks for needs one where tokens are configured.
 *
 * @param folder of the build @default that of this package
 */
export function addConsole(app: Hono<GatewayEnv>, folder: string = BUILT): void {
  const files = consoleFilesOf(folder);
  app.use('/', async (c, next) => {
    if (!isRead(c)) return next();
    const page = (await files())?.get('index.html');
    if (page === undefined) return c.html(NOT_BUILT, 503);
    c.header('content-security-policy', CONSOLE_POLICY);
    c.header('referrer-policy', 'no-referrer');
    c.header('cross-origin-opener-policy', 'same-origin');
    return send(c, page);
  });
  app.use('/assets/:name', async (c, next) => {
    if (!isRead(c)) return next();
    const file = (await files())?.get(`assets/${c.req.param('name')}`);
    if (file === undefined) {
      throw new RequestError('not_found', `there is nothing at ${shownValue(c.req.path)}`);
    }
    c.set('cacheControl', FOR_EVER);
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('content-security-policy', "default-src 'none'");
    return send(c, file);
  });
}

function isRead({ req }: GatewayContext): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

function send(c: GatewayContext, { type, bytes, gzipped }: ConsoleFile): Response {
  c.header('vary', 'accept-encoding');
  const packs = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(c.req.header('accept-encoding') ?? '');
  if (packs) c.header('content-encoding', 'gzip');
  return c.body(packs ? gzipped : bytes, 200, { 'content-type': type });
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tailrace: the console is not built</title>
<h1>The console is not built</h1>
<p>The gateway runs; only its web page is missing. In a checkout of the repository, build it with</p>
<pre>npx -y pnpm@10 run build</pre>
<p>and load this page again. A published package holds the page; install it anew if it is missing there.</p>
<p><a href="docs">What programs may ask</a> works without it.</p>
</html>
`;
