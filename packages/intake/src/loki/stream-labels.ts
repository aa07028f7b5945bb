/** Labels of a stream by their names. */
export type Labels = Readonly<Record<string, string>>;

const MAX_LABELS = 100;
const MAX_TEXT_LENGTH = 4_096;

/** What is wrong with the labels of a stream. The message goes on from "the body". */
export class LabelError extends Error {
  override readonly name = 'LabelError';
}

const PAIR = /\s*([a-zA-Z_][\w.:]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|\})/gy;

/**
 * Reads labels as they stand in a stream's name: `{app="web", level="info"}`.
 *
 * @throws LabelError
 */
export function parseLabels(text: string): Labels {
  const labels: Record<string, string> = Object.create(null);
  if (/^\s*\{\s*\}\s*$/.test(text)) return labels;
  const start = text.indexOf('{') + 1;
  if (start === 0 || text.slice(0, start - 1).trim() !== '') throw wrongLabels(text);
  PAIR.lastIndex = start;
  for (;;) {
    const [, name, quoted = '', end] = PAIR.exec(text) ?? [];
    if (name === undefined) throw wrongLabels(text);
    labels[name] = unquoted(quoted);
    if (end === '}') break;
  }
  return checkLabels(labels);
}

/** @throws LabelError when they are no names with texts, or too many. */
export function checkLabels(given: unknown): Labels {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new LabelError('has a stream without labels; allowed: an object of texts');
  }
  const labels = Object.entries(given);
  if (labels.length > MAX_LABELS) {
    throw new LabelError(`has a stream of ${labels.length} labels; allowed: ${MAX_LABELS}`);
  }
  for (const [name, value] of labels) {
    if (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && name.length <= MAX_TEXT_LENGTH)
      continue;
    throw new LabelError(`has a label that is no text of at most ${MAX_TEXT_LENGTH} characters`);
  }
  return given as Labels;
}

function wrongLabels(text: string): LabelError {
  return new LabelError(
    `has a stream of labels ${JSON.stringify(text.slice(0, 80))}; allowed: such as {app="web"}`,
  );
}

/** A text as Go quotes it, whose common escapes are those of JSON. */
function unquoted(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
