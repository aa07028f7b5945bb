/** The URL of a Redis as it may be shown: without user and password. */
export function redactRedisUrl(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
