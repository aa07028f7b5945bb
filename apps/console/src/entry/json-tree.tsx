import { useState } from 'preact/hooks';
import { LongText } from './long-text.js';
import { ValueButtons } from './value-buttons.js';
import { visibleText } from './visible-text.js';

/** Members of an object or a list that are shown before somebody asks for more. */
const STEP = 100;
const OPEN_DEPTH = 2;

interface NodeProps {
  readonly name: string;
  readonly value: unknown;
  /** Name of its filter: `data.order.id`. */
  readonly field: string;
  readonly depth: number;
}

/** A JSON value as a tree whose branches fold and whose leaves filter. */
export function JsonTree({ value, field }: { readonly value: object; readonly field: string }) {
  return <Members value={value} field={field} depth={0} />;
}

function Members({ value, field, depth }: Omit<NodeProps, 'name' | 'value'> & { readonly value: object }) {
  const [count, setCount] = useState(STEP);
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  return (
    <ul class="json">
      {members.slice(0, count).map(([name, member]) => (
        <li key={name}>
          <Node name={name} value={member} field={isList ? field : `${field}.${name}`} depth={depth} />
        </li>
      ))}
      {members.length > count && (
        <li>
          <button type="button" class="more" onClick={() => setCount(count + STEP * 10)}>
            {`${members.length - count} more`}
          </button>
        </li>
      )}
    </ul>
  );
}

function Node({ name, value, field, depth }: NodeProps) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="leaf">
        <span class="key">{visibleText(name)}</span>
        <span class={`value ${value === null ? 'null' : typeof value}`}>
          <LongText text={String(value)} pre />
        </span>
        <ValueButtons field={field} value={value} />
      </div>
    );
  }
  const size = Object.keys(value).length;
  const shape = Array.isArray(value) ? `[ ${size} ]` : `{ ${size} }`;
  return (
    <>
      <button type="button" class="branch" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span class="key">{visibleText(name)}</span> <span class="shape">{shape}</span>
      </button>
      {isOpen && size > 0 && <Members value={value} field={field} depth={depth + 1} />}
    </>
  );
}
