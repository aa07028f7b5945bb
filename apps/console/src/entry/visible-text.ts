/** C0 and C1 controls but tab and line break, zero-width and bidirectional control characters, and the like. */
const HIDDEN = new RegExp(
  `[${[
    '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e',
    '\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb',
  ].join('')}]`,
  'g',
);
const CONTROL_PICTURES = 0x2400;

/**
 * A text with everything that hides in it made visible: control characters as their pictures (␛), characters without width
 * and those that turn the direction as their code (‹U+202E›). What is copied is the text as it is.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** The beginning of a text on one line, at most so many characters of it. */
export function lineOf(text: string, length: number): string {
  const start = text.length > length ? `${text.slice(0, length)}…` : text;
  return visibleText(start).replace(/\n/g, '␊').replace(/\t/g, ' ');
}
