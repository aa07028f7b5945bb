/** Something to tell the user in one line on stderr; the command ends with `exitCode`. */
export class CliError extends Error {
  /** @default 1 */
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? 1;
  }
}
