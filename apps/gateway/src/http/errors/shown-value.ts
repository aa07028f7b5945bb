const MAX_SHOWN = 80;

/** A value from outside as it may stand in a message: quoted, short, control characters escaped. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const short =
    text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return short.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What JSON leaves as it is although a terminal would act on it. */
const UNSEEN = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
