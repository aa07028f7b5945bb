/**
 * Logs numbered messages through another logger and ends. Arguments: which one, how many, the spool directory, and 'return'
 * or 'exit'.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { configure, getLogger } from '@logtape/logtape';
import { configureLogger } from '@tailrace/logger';
import { captureConsole } from '@tailrace/logger/console';
import { getTailraceSink } from '@tailrace/logger/logtape';
import { pinoStream } from '@tailrace/logger/pino';
import { TailraceTransport } from '@tailrace/logger/winston';
import { pino } from 'pino';
import winston from 'winston';

const [adapter, count, spoolDir, end] = process.argv.slice(2);
const options = { redis: process.env.REDIS_URL, spoolDir };

const LOGGERS = {
  'pino, in this process': () => pino({ name: adapter }, pinoStream()),
  'pino, in a worker': () =>
    pino({ name: adapter }, pino.transport({ target: '@tailrace/logger/pino', options })),
  winston: () =>
    winston.createLogger({ defaultMeta: { component: adapter }, transports: [new TailraceTransport()] }),
  logtape: () => getLogger(adapter),
  console: () => {
    captureConsole({ print: false, component: adapter });
    return console;
  },
};

if (adapter !== 'pino, in a worker') configureLogger(options);
await configure({
  sinks: { tailrace: getTailraceSink() },
  loggers: [
    { category: [], sinks: ['tailrace'] },
    { category: ['logtape', 'meta'], sinks: [], parentSinks: 'override' },
  ],
  contextLocalStorage: new AsyncLocalStorage(),
});
const logger = LOGGERS[adapter]();
for (let i = 0; i < Number(count); i++) logger.info(`message ${i}`);
if (end === 'exit') process.exit(0);
