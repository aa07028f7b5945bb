import type { SecretNames } from '../names/secret-names.js';
import { REDACTED } from '../text/redacted.js';
import type { Replacement, Span } from '../text/span.js';
import { quotedFrom } from './assigned-value.js';
import { isSecretValue, type ReplaceSecret } from './assignments.js';

/** A member of JSON or an attribute of XML that holds a name or a value, up to the quote. */
const MEMBER =
  /(?<![A-Za-z])(?:(name|key|header|field|param|parameter|label|variable)|value|val|content)\\{0,7}["']?\s{0,8}[:=]\s{0,8}(?=\\{0,7}["'])/gi;
const VALUE = /val|content/i;
/** What parts one object or element from the next. */
const BETWEEN_OBJECTS = /[{}<>]/;
/** Letters between a name and its value. */
const MAX_BETWEEN = 64;

/** Values that are told by a name beside them: `{"name":"password","value":"X"}`, `<add key="token" value="X"/>`. */
export function pairValuesIn(text: string, names: SecretNames, replace: ReplaceSecret): Replacement[] {
  const secrets: Replacement[] = [];
  if ((!text.includes('"') && !text.includes("'")) || !VALUE.test(text)) return secrets;
  let before: { readonly span: Span; readonly isName: boolean } | undefined;
  MEMBER.lastIndex = 0;
  for (let found = MEMBER.exec(text); found !== null; found = MEMBER.exec(text)) {
    const isName = found[1] !== undefined;
    const span = quotedFrom(text, MEMBER.lastIndex);
    if (span === undefined) continue;
    MEMBER.lastIndex = Math.max(MEMBER.lastIndex, span.end);
    const isPair =
      before !== undefined && before.isName !== isName && areTogether(text, before.span, found.index);
    if (before === undefined || !isPair) {
      before = { span, isName };
      continue;
    }
    const [name, value] = isName ? [span, before.span] : [before.span, span];
    before = undefined;
    const secret = names.get(text.slice(name.start, name.end));
    const plain = text.slice(value.start, value.end);
    if (secret === undefined || plain === '' || plain === REDACTED) continue;
    if (isSecretValue(secret, plain, false)) secrets.push({ ...value, replacement: replace(secret, plain) });
  }
  return secrets;
}

function areTogether(text: string, { end }: Span, next: number): boolean {
  return next - end <= MAX_BETWEEN && !BETWEEN_OBJECTS.test(text.slice(end, next));
}
