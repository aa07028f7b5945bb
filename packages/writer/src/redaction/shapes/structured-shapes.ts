import type { Span } from '../text/span.js';

/** A secret that is told by its structure. */
export interface Structure {
  readonly name: string;
  /** Where the secret begins, or a part of it that every one has. */
  readonly hint: string;
  /** Sticky, from the hint; whatever repeats in it is one class of letters, so that no text makes it slow. */
  readonly expression: RegExp;
  /** Letters of the secret before the hint. */
  readonly before?: number;
  readonly source: string;
}

/** URLs that are secrets as a whole, because who has one may post, and signatures of requests. */
// biome-ignore format: a table is read by its rows
export const STRUCTURES: readonly Structure[] = [
  { name: 'Slack webhook', hint: 'hooks.slack', expression: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w/-]{16,}/y, source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks' },
  { name: 'Discord webhook', hint: 'discord', expression: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{5,25}\/[\w-]{20,}/y, source: 'https://discord.com/developers/docs/resources/webhook' },
  { name: 'Teams webhook', hint: '.webhook.office.com/', expression: /\.webhook\.office\.com\/webhookb\d\/[\w@/-]{20,}/y, source: 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook' },
  { name: 'Office 365 webhook', hint: 'outlook.office.com/webhook', expression: /outlook\.office\.com\/webhook(?:b\d)?\/[\w@/-]{20,}/y, source: 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook' },
  { name: 'AWS Signature Version 4', hint: 'AWS4-HMAC-SHA256', expression: /AWS4-HMAC-SHA256[ +]{1,4}Credential=[^\s,]{1,512},[ +]{0,4}SignedHeaders=[^\s,]{1,2048},[ +]{0,4}Signature=[0-9a-f]{16,}/y, source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html' },
  { name: 'Entra client secret', hint: 'Q~', before: 4, expression: /[\w.~-]{3}\dQ~[\w.~-]{31,36}/y, source: 'https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key' },
];

const ESCAPED = /[.*+?^${}()|[\]\\/]/g;
const HINT = new RegExp(STRUCTURES.map(({ hint }) => hint.replace(ESCAPED, '\\$&')).join('|'), 'g');

/** Secrets told by their structure, in the order they stand in the text. */
export function structuresIn(text: string): Span[] {
  const spans: Span[] = [];
  HINT.lastIndex = 0;
  for (let found = HINT.exec(text); found !== null; found = HINT.exec(text)) {
    for (const { hint, expression, before = 0 } of STRUCTURES) {
      const start = found.index - before;
      if (hint !== found[0] || start < 0) continue;
      expression.lastIndex = start;
      if (!expression.test(text)) continue;
      spans.push({ start, end: expression.lastIndex });
      HINT.lastIndex = expression.lastIndex;
    }
  }
  return spans;
}
