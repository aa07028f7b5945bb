/**
 * Logs requests at a steady rate and writes the key of each into a ledger, synchronously, before the call. Then ends in the
 * way it is told and writes what became of the entries beside the ledger; at a steady rate also, at each tick, how many of
 * them are written or in the spool.
 * Arguments: JSON of { options, ledger, writer, count, rate, untilTold, end, signals }.
 *   options  those of `configureLogger`; nothing is printed about the logger's own trouble
 *   rate     entries a second; absent: all in one go
 *   untilTold  whether `count` is only the least, and it goes on until there is a file `{ledger}.enough`
 *   end      'close', 'return', 'exit', 'throw', 'reject', or 'wait' for a signal
 *   signals  whether the handling of signals that the logger offers is used
 */
import { existsSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { close, closeOnSignals, configureLogger, log_audit, log_request, stats } from '@tailrace/logger';

const { options, ledger, writer, count, rate, untilTold, end, signals } = JSON.parse(process.argv[2]);
const STATUSES = [200, 200, 404, 500];
const TICK_MS = 10;

configureLogger({ ...options, onError: () => {} });
if (signals) closeOnSignals();
const file = openSync(ledger, 'a');
let logged = 0;

if (rate === undefined) logUpTo(count);
else await logSteadily();
writeFileSync(`${ledger}.logged`, '');

switch (end) {
  case 'close':
    tell(await close(60_000));
    break;
  case 'exit':
    process.exit(7);
    break;
  case 'throw':
    throw new Error('the application fails');
  case 'reject':
    void Promise.reject(new Error('the application fails'));
    break;
  case 'wait':
    setInterval(() => {}, 1_000);
}

function logUpTo(target) {
  while (logged < target) logOne();
}

async function logSteadily() {
  const start = performance.now();
  const settled = openSync(`${ledger}.settled`, 'a');
  const isEnough = () => logged >= count && (!untilTold || existsSync(`${ledger}.enough`));
  while (!isEnough()) {
    const due = Math.ceil(((performance.now() - start) * rate) / 1_000);
    logUpTo(untilTold ? due : Math.min(count, due));
    const { written, spooled } = checkStats();
    writeSync(settled, `${written + spooled}\n`);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

function logOne() {
  const i = logged++;
  const request_id = `${writer}-${i}`;
  writeSync(file, `${request_id} ${Date.now()}\n`);
  if (i % 50 === 49) log_audit('door opened', { request_id, client_ip: '198.51.100.9' });
  else
    log_request('GET', `/steady/${i % 10}`, '198.51.100.9', 'api.example.com', {
      request_id,
      status_code: STATUSES[i % STATUSES.length],
      response_time_ms: i % 300,
    });
}

/** At every moment: accepted = written + pending + spooled + dropped, none of them negative. Gives them back. */
function checkStats() {
  const counts = stats();
  const { accepted, written, pending, spooled, dropped } = counts;
  const lost = Object.values(dropped).reduce((sum, n) => sum + n, 0);
  const isRight = Math.min(written, pending, spooled) >= 0 && accepted === written + pending + spooled + lost;
  if (!isRight) throw new Error(`the counts are wrong: ${JSON.stringify(counts)}`);
  return counts;
}

function tell(result) {
  writeFileSync(`${ledger}.result`, JSON.stringify(result));
}
