import { ConnectionError, GatewayError } from '@tailrace/client';
import { INSTALLATION } from './installation.js';
import { printable } from './print/printable.js';

/** What went wrong between this program and the gateway. */
export type CallError = GatewayError | ConnectionError;

/** Tells it from all else that can be thrown. */
export function isCallError(error: unknown): error is CallError {
  return error instanceof GatewayError || error instanceof ConnectionError;
}

/** The error as one line for the user, with what to do. */
export function callErrorText(error: CallError): string {
  if (error instanceof ConnectionError) {
    const advice = error.reason === 'TimeoutError' ? '' : `; start one with: ${INSTALLATION.serve}`;
    return printable(error.message) + advice;
  }
  if (error.code === undefined) return `${printable(error.message)}; set TAILRACE_URL or give --url`;
  const { message, field, status } = error;
  const named = field === undefined || message.includes(field) ? message : `${field}: ${message}`;
  return (
    printable(named) +
    (status === 401 ? ' (set TAILRACE_TOKEN or give a token; tailrace token create makes one)' : '')
  );
}
