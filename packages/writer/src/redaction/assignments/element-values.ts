import type { SecretNames } from '../names/secret-names.js';
import { REDACTED } from '../text/redacted.js';
import type { Replacement } from '../text/span.js';
import type { ReplaceSecret } from './assignments.js';

const OPENING_TAG = /<(?:[\w-]{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,512})?>/g;

/** What stands in XML and HTML elements of secret names: `<password>X</password>`, also as CDATA. */
export function elementValuesIn(text: string, names: SecretNames, replace: ReplaceSecret): Replacement[] {
  const secrets: Replacement[] = [];
  if (!text.includes('</')) return secrets;
  OPENING_TAG.lastIndex = 0;
  for (let found = OPENING_TAG.exec(text); found !== null; found = OPENING_TAG.exec(text)) {
    const secret = names.get(found[1] as string);
    const start = OPENING_TAG.lastIndex;
    if (secret?.when !== 'always' || text.startsWith(REDACTED, start)) continue;
    const end = text.indexOf('</', start);
    if (end === -1) return secrets;
    if (end > start) secrets.push({ start, end, replacement: replace(secret, text.slice(start, end)) });
    OPENING_TAG.lastIndex = end;
  }
  return secrets;
}
