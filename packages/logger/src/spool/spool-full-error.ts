/** Nothing of what was to be stored fits, and nothing in the spool is worth less. */
export class SpoolFullError extends Error {
  readonly code = 'spool_full';

  constructor(maxBytes: number) {
    super(`the spool is full: ${maxBytes} bytes are allowed`);
  }
}
