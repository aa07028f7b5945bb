const MAX_REASON = 200;

/** A member of anything; `undefined` when reading it throws. */
export function readMember(holder: unknown, name: string): unknown {
  try {
    return (holder as Readonly<Record<string, unknown>> | undefined | null)?.[name];
  } catch {
    return undefined;
  }
}

/** Why something threw, in a few words. Never throws itself. */
export function reasonOf(thrown: unknown): string {
  const message = typeof thrown === 'object' ? readMember(thrown, 'message') : thrown;
  return typeof message === 'string' ? message.slice(0, MAX_REASON) : 'it throws';
}
