/** What was looked at, how it stands, and what to do when it is not well. */
export interface Finding {
  /** `Node`, `settings`, `gateway`, `engine`, `clock`, `memory`, `ACL`. */
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly text: string;
  /** What to do; missing when all is well. */
  readonly advice?: string;
}

/** All is well. */
export function ok(subject: string, text: string): Finding {
  return { subject, state: 'ok', text };
}

/** It works, and may not for long. */
export function warning(subject: string, text: string, advice: string): Finding {
  return { subject, state: 'warning', text, advice };
}

/** It does not work, or entries are lost. */
export function fault(subject: string, text: string, advice: string): Finding {
  return { subject, state: 'fault', text, advice };
}
