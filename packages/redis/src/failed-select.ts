import type { Redis } from 'ioredis';

/**
 * Ends a connection whose database cannot be selected, before anything is sent over it: ioredis only tells of the error and
 * goes on with database 0. Whether it connects anew is as for any lost connection.
 */
export function endOnFailedSelect(redis: Redis): void {
  redis.on('error', (error: Error & { readonly command?: { readonly name?: string } }) => {
    if (error.command?.name === 'select') redis.disconnect(true);
  });
}
