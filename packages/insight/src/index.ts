export { type ErrorGroup, ErrorGroups } from './errors/error-groups.js';
export { type Fingerprint, fingerprintOf } from './errors/fingerprint.js';
export {
  type ErrorGroupState,
  type GroupMark,
  type GroupMarks,
  isRegression,
  MARK_STATES,
  type MarkState,
  markOf,
  NO_MARKS,
} from './errors/group-mark.js';
export { normalMessage, normalText } from './errors/normal-message.js';
export {
  createEvaluator,
  type Evaluator,
  type EvaluatorOptions,
  LEASE_MS,
} from './evaluate/evaluator.js';
export type { GroupState } from './evaluate/group-state.js';
export type { RuleStatus } from './evaluate/held.js';
export { type RuleState, resolveGroup, type Transition } from './evaluate/rule-state.js';
export { type Scan, scanOf } from './evaluate/scan.js';
export { type Simulation, simulate } from './evaluate/simulate.js';
export { type Told, tell } from './evaluate/told.js';
export { type AddressCheck, addressCheck } from './notify/addresses.js';
export { alertmanagerSender } from './notify/alertmanager.js';
export { commandSender } from './notify/command.js';
export { emailSender } from './notify/email.js';
export { backOffMs, createOutbox, type Outbox, type OutboxOptions } from './notify/outbox.js';
export { SendError, type Sender } from './notify/sender.js';
export { slackSender } from './notify/slack.js';
export { webhookSender, webhookSignature } from './notify/webhook.js';
export { type MinerOptions, type Pattern, PatternMiner } from './patterns/pattern-miner.js';
export {
  type AlertRule,
  MEASURES,
  type Measure,
  NO_DATA,
  type NoData,
  OPERATORS,
  type Operator,
  type RuleAbout,
  SEVERITIES,
  type Severity,
} from './rules/alert-rule.js';
export { groupLabels, groupOfLabels, isRuleField, RULE_FIELDS } from './rules/entry-value.js';
export { type AlertEvent, alertEvent, alertId, eventId } from './store/alert-event.js';
export {
  type AlertCounts,
  type AlertStore,
  createAlertStore,
  type Silence,
  type StoredState,
} from './store/alert-store.js';
export { createMarkStore, type MarkStore } from './store/mark-store.js';
export { type OutboxMessage, outboxItem } from './store/outbox-item.js';
