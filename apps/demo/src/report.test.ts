import { expect, test } from 'vitest';
import { DEFAULT_GATEWAY_URL } from './config.js';
import { hint } from './report.js';

test('hints work as pasted, also where the gateway is elsewhere', () => {
  expect(hint(DEFAULT_GATEWAY_URL, 'logs')).toBe('  npx -y pnpm@10 just logs');
  expect(hint('http://127.0.0.1:5000', "logs-search 'a b'")).toBe(
    "  TAILRACE_URL=http://127.0.0.1:5000 npx -y pnpm@10 just logs-search 'a b'",
  );
});
