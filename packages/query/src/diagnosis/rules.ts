import { CODE_RULES } from './code-rules.js';
import { PERSON_RULES } from './person-rules.js';
import { REQUEST_RULES } from './request-rules.js';
import { evidenceOf, type Rule, reasonOf, rfc } from './rule.js';
import { TOKEN_RULES } from './token-rules.js';

/** What the OAuth server itself says, where no rule before knows more. */
const REPORTED: Rule = {
  cause: 'error_reported',
  change: "See the message, and the server's own log at that time.",
  reference: rfc(6749, '5.2'),
  find(flow) {
    if (flow.state !== 'failed' || flow.stop === undefined) return undefined;
    const { name, details, entry } = flow.stop;
    const said =
      details.error ?? (entry.status_code === undefined ? 'no reason' : `status ${entry.status_code}`);
    return {
      sentence: `The ${name} step failed with ${said}.`,
      evidence: evidenceOf({ error: reasonOf(flow.stop), message: entry.error?.message }),
    };
  },
};

/** Every rule there is; the first that finds something names the cause, so the more precise ones come first. */
export const RULES: readonly Rule[] = [
  ...CODE_RULES,
  ...REQUEST_RULES,
  ...TOKEN_RULES,
  ...PERSON_RULES,
  REPORTED,
];
