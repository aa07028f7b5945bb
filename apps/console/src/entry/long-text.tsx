import { useState } from 'preact/hooks';
import { visibleText } from './visible-text.js';

/** Characters shown before somebody asks for more; a page that lays out a megabyte of text stands still. */
const STEP = 4_000;

/** A text of any length, a part at a time. */
export function LongText({ text, pre = false }: { readonly text: string; readonly pre?: boolean }) {
  const [length, setLength] = useState(STEP);
  const rest = text.length - length;
  return (
    <span class={pre ? 'text pre' : 'text'} dir="ltr">
      {visibleText(text.slice(0, length))}
      {rest > 0 && (
        <button type="button" class="more" onClick={() => setLength(length + STEP * 5)}>
          {`… ${rest.toLocaleString()} more characters`}
        </button>
      )}
    </span>
  );
}
