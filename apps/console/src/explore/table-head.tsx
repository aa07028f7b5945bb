import { useSignal } from '@preact/signals';
import { lineOf } from '../entry/visible-text.js';
import { columnTitle, isNumber } from '../state/columns.js';
import { go } from '../state/view.js';

interface TableHeadProps {
  readonly columns: readonly string[];
  /** Pixels of all columns at least. */
  readonly width: number;
}

/** The head of the table; a column is dragged to another place by its name. */
export function TableHead({ columns, width }: TableHeadProps) {
  const dragged = useSignal<string | undefined>(undefined);
  const over = useSignal<string | undefined>(undefined);
  return (
    <div class="table-head" role="row" style={{ minWidth: `${width}px` }}>
      {columns.map((name) => (
        <span
          key={name}
          role="columnheader"
          tabIndex={-1}
          class={`${isNumber(name) ? 'number' : ''}${over.value === name ? ' over' : ''}`}
          title={`${lineOf(name, 80)}: drag to another place`}
          draggable
          onDragStart={(event) => {
            dragged.value = name;
            event.dataTransfer?.setData('text/plain', name);
          }}
          onDragOver={(event) => {
            if (dragged.value === undefined) return;
            event.preventDefault();
            over.value = name;
          }}
          onDragLeave={() => {
            over.value = undefined;
          }}
          onDragEnd={() => {
            dragged.value = undefined;
            over.value = undefined;
          }}
          onDrop={(event) => {
            event.preventDefault();
            const moved = dragged.value;
            over.value = undefined;
            if (moved !== undefined) go({ columns: movedTo(columns, moved, name) }, { replace: true });
          }}
        >
          {lineOf(columnTitle(name), 80)}
        </span>
      ))}
    </div>
  );
}

/** The columns with one of them at the place of another. */
export function movedTo(columns: readonly string[], moved: string, place: string): string[] {
  const at = columns.indexOf(place);
  const others = columns.filter((name) => name !== moved);
  return at < 0 ? [...columns] : [...others.slice(0, at), moved, ...others.slice(at)];
}
