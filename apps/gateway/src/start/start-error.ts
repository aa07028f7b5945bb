/** Why the gateway cannot start, in one line for whoever started it: the setting, its value and what is allowed. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
