import type { LevelName } from '@tailrace/schema';

/** What every call may say of its entry. Each name is also understood in camelCase; `user_id` wins over `userId`. */
interface EntryFields {
  /** Part of the service, such as `db` or `db.pool`. @default 'app', of requests 'http' */
  readonly component?: string | undefined;
  /** When it happened: epoch milliseconds, a Date or ISO 8601. @default the moment of the call */
  readonly timestamp?: number | Date | string | undefined;
  /** Level of a request, in place of its status's; other calls have their own. */
  readonly level?: LevelName | undefined;
  /** Who did it, or for whom. */
  readonly user_id?: string | number | undefined;
  readonly session_id?: string | number | undefined;
  /** OAuth client. */
  readonly client_id?: string | number | undefined;
  /** Joins entries of one piece of work across services. @default the context's, else the active OpenTelemetry span's */
  readonly trace_id?: string | number | undefined;
  readonly span_id?: string | number | undefined;
  /** W3C Trace Context in place of `trace_id` and `span_id`. */
  readonly traceparent?: string | undefined;
  readonly request_id?: string | number | undefined;
  /** Dotted name of what happened, such as `order.placed`. */
  readonly event?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  /** What the entry is about, such as `vm-123`: up to 32. */
  readonly objects?: readonly string[] | undefined;
  /** Whatever was thrown: type, message, stack, code, causes and what else it carries are kept. */
  readonly error?: unknown;
  /** IPv4 or IPv6 address. */
  readonly client_ip?: string | undefined;
  /** The client's name by reverse DNS. */
  readonly client_hostname?: string | undefined;
  /** The host name the request was made to. */
  readonly proxy_hostname?: string | undefined;
  /** Method of a request. */
  readonly method?: string | undefined;
  /** Path of a request, with its query. */
  readonly path?: string | undefined;
  /** The route pattern that answered, such as `/users/:id`. */
  readonly route?: string | undefined;
  /** 100 to 599. */
  readonly status_code?: number | undefined;
  /** Milliseconds from 0. */
  readonly response_time_ms?: number | undefined;
  readonly bytes_sent?: number | undefined;
  readonly user_agent?: string | undefined;
  readonly referrer?: string | undefined;
  /** Anything else, in an object. Fields with other names are put there too. */
  readonly data?: object | undefined;
}

/** `user_id` as `userId`. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** The same fields by their names in camelCase. */
type CamelCaseFields = {
  readonly [Name in keyof EntryFields as CamelCase<Name> extends keyof EntryFields
    ? never
    : CamelCase<Name>]?: EntryFields[Name];
};

/**
 * Fields of a log call. Those with a name here are fields of the entry; any other is put into its `data`, as is one of
 * these whose value is not of its type. `undefined` and `null` say nothing.
 */
export interface LogFields extends EntryFields, CamelCaseFields {
  readonly [field: string]: unknown;
}
