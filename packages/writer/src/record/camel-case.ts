/** Fields of an entry whose names have several words, as camelCase spells them. */
export const CAMEL_CASE_FIELDS: ReadonlyMap<string, string> = new Map(
  [
    'client_ip',
    'client_hostname',
    'proxy_hostname',
    'status_code',
    'response_time_ms',
    'bytes_sent',
    'user_agent',
    'user_id',
    'session_id',
    'client_id',
    'trace_id',
    'span_id',
    'request_id',
  ].map((name) => [name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), name]),
);

/**
 * Gives fields in camelCase the names they have in an entry; what already stands under that name wins, and the other
 * keeps its own.
 *
 * @param fields a private copy, which is changed
 */
export function adoptCamelCase(fields: Record<string, unknown>): void {
  for (const name in fields) {
    const known = CAMEL_CASE_FIELDS.get(name);
    if (known === undefined || (fields[known] !== undefined && fields[known] !== null)) continue;
    fields[known] = fields[name];
    // Not `delete`, which makes every later access slow; what is undefined is not stored.
    fields[name] = undefined;
  }
}
