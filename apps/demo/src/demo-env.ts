import type { HttpBindings } from '@hono/node-server';
import type { log_audit, log_error, log_event, log_info, log_warning } from '@tailrace/logger';
import type { Context, Hono } from 'hono';
import type { RequestFields } from './request-logging.js';
import type { Session } from './sessions.js';

/** The log functions the app calls; tests pass their own. */
export interface DemoLog {
  readonly log_audit: typeof log_audit;
  readonly log_error: typeof log_error;
  readonly log_event: typeof log_event;
  readonly log_info: typeof log_info;
  readonly log_warning: typeof log_warning;
}

/** What the app works with. */
export interface DemoDeps {
  readonly log: DemoLog;
  /** Stands for what a real application would do in that time: database, other services. */
  readonly work: (minMs: number, maxMs: number) => Promise<void>;
  /** Milliseconds since some moment, with fractions. */
  readonly now: () => number;
}

/** What every request carries. */
export interface DemoEnv {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    readonly requestId: string;
    /** For every entry about this request. */
    readonly fields: RequestFields;
    /** Who is signed in. */
    readonly session: Session | undefined;
  };
}

/** @see DemoEnv */
export type DemoApp = Hono<DemoEnv>;

/** @see DemoEnv */
export type DemoContext = Context<DemoEnv>;
