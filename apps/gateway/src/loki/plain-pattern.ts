/** A regular expression that is no more than texts, one of which is to be there. */
export interface PlainPattern {
  /** With `*` for any characters. */
  readonly texts: readonly string[];
  readonly hasWildcard: boolean;
}

const SPECIAL = /[*+?^${}()[\].]/;
const WRAPPED = /^\^?\((?:\?:)?([^()]*)\)\$?$/;

/**
 * Reads an expression of plain texts with `|` between and `.*` within, which is what Grafana makes of a choice.
 *
 * @returns `undefined` for any other expression
 */
export function readPlainPattern(expression: string): PlainPattern | undefined {
  const inner = WRAPPED.exec(expression)?.[1] ?? expression.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const texts = [''];
  let hasWildcard = false;
  const add = (text: string) => {
    texts[texts.length - 1] += text;
  };
  for (let i = 0; i < inner.length; i++) {
    const character = inner[i] as string;
    if (character === '\\') {
      i += 1;
      const escaped = inner[i];
      // `\d` and the like are classes.
      if (escaped === undefined || /\w/.test(escaped)) return undefined;
      add(escaped);
    } else if (character === '|') texts.push('');
    else if (character === '.' && (inner[i + 1] === '*' || inner[i + 1] === '+')) {
      i += 1;
      hasWildcard = true;
      add('*');
    } else if (SPECIAL.test(character)) return undefined;
    else add(character);
  }
  return { texts, hasWildcard };
}
