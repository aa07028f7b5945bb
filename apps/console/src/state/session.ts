import { signal } from '@preact/signals';
import { client, type Trouble, troubleOf } from './api.js';

/** Who the gateway takes this browser for. */
type Session = Awaited<ReturnType<typeof readOnce>>;

/** `undefined` until the gateway has said it. */
export const session = signal<Session | undefined>(undefined);
/** Whether the gateway answers. */
export const isConnected = signal(true);

/** Asks the gateway what this browser may do; while it does not answer, what was known stays. */
export async function readSession(): Promise<void> {
  try {
    session.value = await readOnce();
    isConnected.value = true;
  } catch {
    isConnected.value = false;
  }
}

/** Notes what a call told about connection and rights. */
export function noteTrouble(trouble: Trouble | undefined): void {
  isConnected.value = trouble?.kind !== 'connection';
  if (trouble?.kind === 'rights') void readSession();
}

/**
 * Waits for a call, and notes what it tells about connection and rights.
 *
 * @returns `undefined` for a call that the page itself gave up
 */
export async function noted<Reply>(
  call: Promise<Reply>,
  ending: AbortSignal,
): Promise<{ readonly reply: Reply } | { readonly trouble: Trouble } | undefined> {
  try {
    const reply = await call;
    if (ending.aborted) return undefined;
    noteTrouble(undefined);
    return { reply };
  } catch (error) {
    const trouble = troubleOf(error, ending);
    if (trouble === undefined) return undefined;
    noteTrouble(trouble);
    return { trouble };
  }
}

/** Whether this browser may do what needs a scope. */
export function may(scope: 'read' | 'write' | 'admin'): boolean {
  const scopes = session.value?.scopes ?? [];
  return scopes.includes('admin') || scopes.includes(scope);
}

/** @returns why the token is refused, `undefined` when it is taken */
export async function signIn(token: string): Promise<string | undefined> {
  try {
    session.value = await client.ask('POST /session', { body: { token } });
    return may('read')
      ? undefined
      : 'this token does not allow to read; allowed: one with scope read or admin';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Forgets the token of this browser. */
export async function signOut(): Promise<void> {
  session.value = await client.ask('DELETE /session');
}

function readOnce() {
  return client.ask('GET /session');
}
