/** Why the demo cannot run, in one line for whoever started it: what is wrong and what to do. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
