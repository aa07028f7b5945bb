import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oauthFlowsReplySchema } from '@tailrace/api';
import { expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

const [ADA, GRACE, DENIED] = ['bXktc3RhdGUtYWRh', 'bXktc3RhdGUtZ3JhY2U', 'bXktc3RhdGUtbm8'];
const CODES = ['U3BseGxPQmVaUVFZYllTNldy', 'V2VsbEtub3duQ29kZTEyMzQ1'];
/** Two logins that interleave at one address, and one that is denied. */
const REQUESTS: readonly [path: string, status: number][] = [
  [`/oauth2/authorize?client_id=web&response_type=code&state=${ADA}`, 200],
  [`/oauth2/authorize?client_id=web&response_type=code&state=${GRACE}`, 200],
  [`/oauth2/authorize?client_id=web&response_type=code&state=${DENIED}`, 200],
  [`/callback?code=${CODES[1]}&state=${GRACE}`, 302],
  [`/callback?error=access_denied&state=${DENIED}`, 302],
  [`/callback?code=${CODES[0]}&state=${ADA}`, 302],
  // As short as in the examples of RFC 6749.
  ['/authorize?response_type=code&client_id=s6BhdRkqt3&state=xyz', 302],
  ['/cb?code=SplxlOBeZQQ&state=xyz', 200],
  ['/orders', 200],
];

test("a proxy's access log becomes flows without any code, and without a secret", async () => {
  const gateway = await startGatewayProcess();
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-oauth-'));
  try {
    const file = join(folder, 'access.log');
    const lines = REQUESTS.map(
      ([path, status], i) =>
        `198.51.100.4 - - [15/Jan/2024:10:30:${10 + i} +0000] "GET ${path} HTTP/1.1" ${status} 10 "-" "curl/8"\n`,
    );
    await writeFile(file, lines.join(''));
    const env = environmentWith({ TAILRACE_URL: gateway.url });
    const args = [CLI_MAIN, 'import', '--oauth', '--rebase-to-now', file];
    expect(await runProcess(process.execPath, args, { env })).toMatchObject({ code: 0 });
    const text = await (await fetch(`${gateway.url}/logs/oauth-debug/198.51.100.4`)).text();
    const { flows } = oauthFlowsReplySchema.parse(JSON.parse(text));
    expect(flows.map(({ state, steps, diagnosis }) => [state, steps.length, diagnosis?.cause])).toEqual([
      ['complete', 2, undefined],
      ['complete', 2, undefined],
      ['failed', 2, 'consent_denied'],
      ['complete', 2, undefined],
    ]);
    const all = text + (await (await fetch(`${gateway.url}/logs`)).text());
    expect(
      [ADA, GRACE, DENIED, ...CODES, 'SplxlOBeZQQ', 'xyz'].filter((secret) => all.includes(secret)),
    ).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
    await gateway.stop();
  }
});
