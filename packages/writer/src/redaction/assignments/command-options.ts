import type { SecretNames } from '../names/secret-names.js';
import { REDACTED } from '../text/redacted.js';
import type { Replacement } from '../text/span.js';
import type { ReplaceSecret } from './assignments.js';

/** `--password X`, also where the command line is a list of texts in quotes: `"--password", "X"`. */
const OPTION = /(?<![\w-])--?([A-Za-z][\w-]{1,63})(["']?,?)[ \t]{1,4}(["']?)(?!-)([^\s"']+)/g;
/** `-u user:password` of curl, wget and their like. */
const CURL = /\b(?:curl|wget|https?ie|xh)\b/;
const USER =
  /(?:^|[\s"'])(?:-u|-U|--user|--proxy-user)(?:["']?,)?[ \t=]{0,4}(?:"([^"\n]{1,64}:)([^"\n]+)|'([^'\n]{1,64}:)([^'\n]+)|([^\s:"']{1,64}:)([^\s"']+))/g;

/** Secrets that are values of options in a command line. */
export function optionValuesIn(text: string, names: SecretNames, replace: ReplaceSecret): Replacement[] {
  if (!text.includes(' -') && !text.includes('--')) return [];
  const secrets: Replacement[] = [];
  for (const found of text.matchAll(OPTION)) {
    const [all, name = '', , , value = ''] = found;
    const secret = names.get(name);
    if (secret?.when !== 'always' || value === REDACTED) continue;
    const end = found.index + all.length;
    secrets.push({ start: end - value.length, end, replacement: replace(secret, value) });
  }
  if (!CURL.test(text)) return secrets;
  for (const found of text.matchAll(USER)) {
    const password = found[2] ?? found[4] ?? found[6] ?? '';
    const end = found.index + found[0].length;
    secrets.push({ start: end - password.length, end, replacement: REDACTED });
  }
  return secrets;
}
