import { assignmentsIn, mayAssign, type ReplaceSecret } from './assignments/assignments.js';
import { optionValuesIn } from './assignments/command-options.js';
import { elementValuesIn } from './assignments/element-values.js';
import { pairValuesIn } from './assignments/pair-values.js';
import type { SecretNames } from './names/secret-names.js';
import { mayHoldShape, shapesIn } from './shapes/secret-shapes.js';
import { base64TextsIn } from './text/base64-texts.js';
import { DecodedView } from './text/decoded-view.js';
import { REDACTED } from './text/redacted.js';
import { blanked, type Replacement } from './text/span.js';

/** Encodings of encodings that are taken off: a URL in a URL in a URL. */
const MAX_DECODINGS = 3;
/** Base64 of base64. */
const MAX_BASE64 = 2;

/** What a text is searched with: `undefined` is for shapes alone. */
export interface NamedSecrets {
  readonly names: SecretNames;
  readonly replace: ReplaceSecret;
}

/** A quick look: whether {@link secretsIn} could find anything. */
export function mayHoldSecret(text: string): boolean {
  if (mayAssign(text) || mayHoldShape(text)) return true;
  if (text.includes('%') || text.includes('\\') || text.includes('</')) return true;
  return text.includes(' ') && (text.includes(' -') || text.includes('--'));
}

/** Every secret in a text, in no order; those found in an encoded part are where the part is. They may overlap. */
export function secretsIn(
  text: string,
  named: NamedSecrets | undefined,
  base64Left = MAX_BASE64,
): Replacement[] {
  const secrets = plainSecretsIn(text, named, base64Left);
  const first = DecodedView.of(text);
  return first === undefined ? secrets : secrets.concat(encodedSecretsIn(first, named, base64Left));
}

function encodedSecretsIn(
  first: DecodedView,
  named: NamedSecrets | undefined,
  base64Left: number,
): Replacement[] {
  let secrets: Replacement[] = [];
  const views: DecodedView[] = [];
  let view: DecodedView | undefined = first;
  while (view !== undefined && views.length < MAX_DECODINGS) {
    views.unshift(view);
    const origin = (index: number) => views.reduce((at, decoded) => decoded.origin(at), index);
    const found = plainSecretsIn(view.text, named, base64Left);
    secrets = secrets.concat(
      found.map(({ start, end, replacement }) => ({ start: origin(start), end: origin(end), replacement })),
    );
    view = DecodedView.of(view.text);
  }
  return secrets;
}

function plainSecretsIn(text: string, named: NamedSecrets | undefined, base64Left: number): Replacement[] {
  const secrets = named === undefined ? [] : namedSecretsIn(text, named);
  return mayHoldShape(text) ? secrets.concat(shapedSecretsIn(text, named, base64Left)) : secrets;
}

function shapedSecretsIn(text: string, named: NamedSecrets | undefined, base64Left: number): Replacement[] {
  const hasSecret = (decoded: string) =>
    mayHoldSecret(decoded) && secretsIn(decoded, named, base64Left - 1).length > 0;
  const shapes = shapesIn(text);
  // A private key is base64 as well, and known already.
  const encoded = base64Left > 0 ? base64TextsIn(blanked(text, shapes), hasSecret) : [];
  return shapes.concat(encoded).map((span) => ({ ...span, replacement: REDACTED }));
}

function namedSecretsIn(text: string, { names, replace }: NamedSecrets): Replacement[] {
  const assigned = mayAssign(text) ? assignmentsIn(text, names, replace) : [];
  return assigned.concat(
    pairValuesIn(text, names, replace),
    optionValuesIn(text, names, replace),
    elementValuesIn(text, names, replace),
  );
}
