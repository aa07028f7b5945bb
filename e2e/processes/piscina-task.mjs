/** Tasks of a Piscina worker: each logs one entry with the logger of its thread. */
import { configureLogger, flushAfter, log_info } from '@tailrace/logger';
import Piscina from 'piscina';

configureLogger(Piscina.workerData);

export const plain = (message) => log_info(message);
export const flushed = flushAfter(plain);
