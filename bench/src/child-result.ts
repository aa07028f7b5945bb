import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs a script in a process of its own. @returns the one message it sends. @throws when it ends without any. */
export async function resultOf<Result>(script: URL, args: readonly string[]): Promise<Result> {
  const child = fork(script, args);
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`a process of the bench ended with code ${code}`)),
  );
  ended.catch(() => undefined);
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message as Result;
}
