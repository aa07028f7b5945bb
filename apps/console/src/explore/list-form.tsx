import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { columnsOf, FORM_TITLES, FORMS } from '../state/columns.js';
import { go, view } from '../state/view.js';
import { ColumnChoice } from './column-choice.js';

/** How the list looks: its form and its columns. */
export function ListForm() {
  const isOpen = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { form } = view.value;
  useEffect(() => {
    if (!isOpen.value) return;
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && place.current?.contains(target) === false) isOpen.value = false;
    };
    addEventListener('pointerdown', closeOutside);
    return () => removeEventListener('pointerdown', closeOutside);
  }, [isOpen.value]);
  return (
    <div class="list-form">
      <div class="segments" role="group" aria-label="Form of the list">
        {FORMS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={form === one}
            onClick={() => go({ form: one }, { replace: true })}
          >
            {FORM_TITLES[one]}
          </button>
        ))}
      </div>
      <div
        class="column-place"
        ref={place}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !isOpen.value) return;
          event.stopPropagation();
          isOpen.value = false;
          button.current?.focus();
        }}
      >
        <button
          type="button"
          ref={button}
          aria-expanded={isOpen.value}
          aria-haspopup="dialog"
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          Columns
        </button>
        {isOpen.value && <ColumnChoice columns={columnsOf(view.value)} />}
      </div>
    </div>
  );
}
