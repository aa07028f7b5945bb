import { PopoverButton } from '../shell/popover-button.js';
import { columnsOf, FORM_TITLES, FORMS } from '../state/columns.js';
import { go, view } from '../state/view.js';
import { ColumnChoice } from './column-choice.js';

/** How the list looks: its form and its columns. */
export function ListForm() {
  const { form } = view.value;
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
      <PopoverButton label="Columns" class="columns">
        {() => <ColumnChoice columns={columnsOf(view.value)} />}
      </PopoverButton>
    </div>
  );
}
