import { clearTimeout, setTimeout } from '../real-timers.js';

/** An attempt goes on, but is not waited for any longer. */
export class LateAnswer extends Error {}

/** @throws LateAnswer when the promise takes longer; what becomes of it is not told then. */
export async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateAnswer(`no answer within ${ms} ms`)), ms);
    timer.unref();
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
