/**
 * Logs in a tight loop that lets the event loop have a turn now and then, and prints JSON of by how many bytes the process
 * has grown and what became of the entries. Arguments: JSON of { options, calls, errorEvery, who }; every so many calls
 * one is an ERROR, and `who` is in the texts.
 */
import { configureLogger, log_error, log_info, log_request, stats } from '@tailrace/logger';

const { options, calls, errorEvery = Number.POSITIVE_INFINITY, who = 'user' } = JSON.parse(process.argv[2]);
const SIGNED_IN = `${who} signed in`;
const CALLS_A_TURN = 2_000;

const CALLS = [
  (n) => log_info(SIGNED_IN, { component: 'auth', user_id: `${who}-${n}` }),
  (n) =>
    log_request('GET', `/items/${n}`, '192.0.2.10', 'api.example.com', {
      status_code: 200,
      response_time_ms: n / 7,
      user_agent: `agent of ${who} ${n}`,
    }),
  (n) => log_info(`step ${n}`, { data: { list: [n, [n / 3], {}], inside: { text: `${who} ${n}` } } }),
];

configureLogger({ ...options, onError: () => {} });
const bytesBefore = process.memoryUsage.rss();
for (let n = 0; n < calls; n++) {
  // Mostly the plain one, so that millions take seconds.
  if (n % errorEvery === errorEvery - 1)
    log_error('payment failed', { component: 'billing', user_id: `user-${n}` });
  else CALLS[n % 10 < 8 ? 0 : (n % 10) - 7](n);
  if (n % CALLS_A_TURN === 0) await new Promise(setImmediate);
}
const { accepted, written, pending, spooled, spooledBytes, dropped } = stats();
const grownBytes = process.resourceUsage().maxRSS * 1024 - bytesBefore;
const result = { grownBytes, accepted, written, pending, spooled, spooledBytes, dropped };
process.stdout.write(JSON.stringify(result), () => process.exit());
