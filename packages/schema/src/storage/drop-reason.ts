/** Why an entry was accepted and yet not stored; `dropped_{reason}` in a writer's hash counts them. */
export const DROP_REASONS = [
  'queue_full',
  'spool_full',
  'spool_damaged',
  'entry_too_old',
  'entry_in_future',
  'rejected',
  'unreadable',
  'closed',
  'exit',
] as const;

/** @see DROP_REASONS */
export type DropReason = (typeof DROP_REASONS)[number];

/** Entries lost, by reason; a reason that never happened is absent. */
export type DropCounts = Partial<Record<DropReason, number>>;
