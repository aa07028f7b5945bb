import { randomUUID } from 'node:crypto';
import { type AlertRuleBody, alertRuleSchema } from '@tailrace/api';
import {
  type AlertRule,
  type AlertStore,
  createAlertStore,
  createEvaluator,
  createMarkStore,
  createOutbox,
  type GroupMarks,
  type MarkStore,
  NO_MARKS,
  type RuleStatus,
  type Scan,
  type Sender,
  scanOf,
} from '@tailrace/insight';
import type { LogReader, Shard } from '@tailrace/query';
import type { AddressList } from '../http/auth/address-list.js';
import { openAlertsFile } from './alerts-file.js';
import type { Channel } from './channel-schema.js';
import { readRule } from './read-rule.js';
import { repeat } from './repeat.js';
import { createSenders } from './senders.js';

/** A rule with the text it was written as. */
export interface KnownRule {
  readonly body: AlertRuleBody;
  readonly rule: AlertRule;
}

/** What the gateway makes of entries by itself: alerts. */
export interface Insight {
  readonly store: AlertStore;
  /** What people said of groups of errors. */
  readonly marks: MarkStore;
  /** The same as the evaluation knows them: seconds old at most. */
  readonly marksNow: () => GroupMarks;
  /** Every rule by id, also disabled ones; a rule of the file hides one of the API that has its id. */
  readonly rules: ReadonlyMap<string, KnownRule>;
  readonly channels: ReadonlyMap<string, Channel>;
  /** How each channel is served. */
  senders(): ReadonlyMap<string, Sender>;
  readonly scan: Scan;
  /** How rules stand, where this gateway evaluates them. */
  status(): readonly RuleStatus[];
  /** Reads rules of the API again. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** @see openInsight */
export interface InsightOptions {
  /** Every shard entries are in; what alerts keep is in the first. */
  readonly shards: readonly Shard[];
  readonly reader: LogReader;
  /** Path of the file of rules and channels. */
  readonly rulesFile: string | undefined;
  /** Private addresses that notifications may go to. */
  readonly allowedAddresses: AddressList;
  readonly report: (text: string) => void;
}

/** Time between two looks at what is due. */
const TICK_MS = 1_000;
/** Time between two looks at what is to be told. */
const SEND_TICK_MS = 500;

/**
 * Begins to evaluate alert rules, in turn with other gateways of the same store.
 *
 * @throws StartError when the file of rules cannot be used.
 */
export async function openInsight(options: InsightOptions): Promise<Insight> {
  const { shards, reader, rulesFile, report } = options;
  const { redis, keyspace } = shards[0] as Shard;
  const store = createAlertStore({ redis, keyspace });
  const marks = createMarkStore({ redis, keyspace });
  const file = rulesFile === undefined ? undefined : await openAlertsFile(rulesFile, report);
  const closing = new AbortController();
  const ofApi = new Map<string, { readonly text: string; readonly known: KnownRule }>();
  let version: string | undefined;
  let marksVersion: string | undefined;
  let known: GroupMarks = NO_MARKS;
  const marksNow = () => known;
  let readContent: unknown;
  let rules: ReadonlyMap<string, KnownRule> = new Map();
  let enabled: readonly AlertRule[] = [];
  const combine = () => {
    readContent = file?.content;
    const ofFile = (file?.content.rules ?? []).map(
      (body): KnownRule => ({ body, rule: readRule(body, { isOfFile: true, marks: marksNow }) }),
    );
    rules = new Map(
      [...[...ofApi.values()].map(({ known }) => known), ...ofFile].map((known) => [known.body.id, known]),
    );
    enabled = [...rules.values()].filter(({ body }) => body.enabled).map(({ rule }) => rule);
  };
  combine();
  const evaluator = createEvaluator({
    shards,
    store,
    reader,
    rules: () => enabled,
    hasFile: () => file !== undefined,
    owner: randomUUID(),
    report,
    signal: closing.signal,
  });

  async function readRules(): Promise<void> {
    const texts = await store.rules();
    for (const id of ofApi.keys()) if (!texts.has(id)) ofApi.delete(id);
    for (const [id, text] of texts) {
      if (ofApi.get(id)?.text === text) continue;
      const { data } = alertRuleSchema.safeParse(parseJson(text));
      if (data !== undefined) {
        const rule = readRule(data, { isOfFile: false, marks: marksNow });
        ofApi.set(id, { text, known: { body: data, rule } });
      } else report(`alerts: the stored rule ${id} is none this gateway understands; it is not evaluated`);
    }
    combine();
  }

  const senders = createSenders(() => file?.content.channels ?? new Map(), options.allowedAddresses);
  const outbox = createOutbox({ redis, keyspace, senders, report });

  async function evaluate(): Promise<void> {
    const { rulesVersion, marksVersion: newMarks, hasStates } = await store.presence();
    if (newMarks !== marksVersion) known = await marks.marks();
    marksVersion = newMarks;
    if (rulesVersion !== version) await readRules();
    else if (file?.content !== readContent) combine();
    version = rulesVersion;
    if (enabled.length > 0 || hasStates) await evaluator.tick();
  }

  const loops = [
    repeat(evaluate, {
      everyMs: TICK_MS,
      signal: closing.signal,
      report: (text) => report(`alerts are not evaluated: ${text}`),
    }),
    repeat(() => outbox.tick(), {
      everyMs: SEND_TICK_MS,
      signal: closing.signal,
      report: (text) => report(`alerts are not told: ${text}`),
    }),
  ];

  return {
    store,
    marks,
    marksNow,
    get rules() {
      return rules;
    },
    get channels() {
      return file?.content.channels ?? new Map();
    },
    senders,
    scan: scanOf(reader),
    status: () => evaluator.status(),
    refresh: readRules,
    async close() {
      closing.abort();
      file?.close();
      await Promise.all(loops);
      await outbox.close().catch(() => undefined);
      await evaluator.close().catch(() => undefined);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
