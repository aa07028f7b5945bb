import type { JsonValue } from '@tailrace/schema';

/** What costs are added up by. */
export const COST_GROUPS = ['run', 'model', 'day', 'tool'] as const;
/** @see COST_GROUPS */
export type CostGroup = (typeof COST_GROUPS)[number];

/** One thing that cost something. */
export interface CostItem {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly data: { readonly [name: string]: JsonValue };
}

/** Costs added up (spec 004 "Cost Reports"). */
export interface CostReport {
  readonly total_cost_usd: number;
  readonly total_tokens: number;
  /** Costs that were tracked. */
  readonly requests: number;
  readonly average_cost_usd: number;
  /** Dearest first. */
  readonly groups: { name: string; cost_usd: number; tokens: number; requests: number }[];
}

/** Groups a report has at most; what belongs to further ones is `(others)`. */
const MAX_GROUPS = 1_000;

/** Adds up costs, one by one. @param by what they are grouped by; days are those of UTC */
export function createCostReport(by: CostGroup) {
  const total = { cost_usd: 0, tokens: 0, requests: 0 };
  const groups = new Map<string, typeof total>();
  return {
    add({ timestamp, data }: CostItem): void {
      const cost = numberOf(data.cost_usd);
      const tokens = numberOf(data.tokens);
      const name = by === 'day' ? new Date(timestamp).toISOString().slice(0, 10) : nameOf(data[FIELDS[by]]);
      const key = groups.has(name) || groups.size < MAX_GROUPS ? name : '(others)';
      const group = groups.get(key) ?? { cost_usd: 0, tokens: 0, requests: 0 };
      groups.set(key, group);
      for (const sum of [total, group]) {
        sum.cost_usd = addUsd(sum.cost_usd, cost);
        sum.tokens += tokens;
        sum.requests++;
      }
    },
    read: (): CostReport => ({
      total_cost_usd: total.cost_usd,
      total_tokens: total.tokens,
      requests: total.requests,
      average_cost_usd: total.requests === 0 ? 0 : addUsd(total.cost_usd / total.requests, 0),
      groups: [...groups]
        .map(([name, sums]) => ({ name, ...sums }))
        .sort((a, b) => b.cost_usd - a.cost_usd || (a.name < b.name ? -1 : 1)),
    }),
  };
}

/** The sum of two amounts, to a billionth of a dollar: so ten times 0.1 is 1. */
export function addUsd(a: number, b: number): number {
  return Math.round((a + b) * 1e9) / 1e9;
}

const FIELDS = { run: 'run_id', model: 'model', tool: 'tool' } as const;

function nameOf(value: JsonValue | undefined): string {
  return typeof value === 'string' && value !== '' ? value : '(none)';
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
