import { useEffect, useRef, useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { FORM_TITLES, FORMS } from '../state/columns.js';
import { refresh } from '../state/question.js';
import { readSearches, savedSearches, showSearch } from '../state/saved-searches.js';
import { THEMES, theme } from '../state/theme.js';
import { PRESETS } from '../state/time-range.js';
import { addFilter, go, goToPage, view } from '../state/view.js';
import { PAGE_TITLES } from './page-table.js';
import { overlay } from './shortcuts.js';

interface Command {
  readonly name: string;
  readonly run: () => unknown;
}

const COMMANDS: readonly Command[] = [
  ...PAGE_TITLES.map(([page, name]) => ({ name, run: () => goToPage(page) })),
  { name: 'Alert rules', run: () => goToPage('alerts', { part: 'rules' }) },
  { name: 'History of an entity', run: () => goToPage('audit', { part: 'history' }) },
  { name: 'Breakglass', run: () => goToPage('audit', { part: 'breakglass' }) },
  { name: 'Costs', run: () => goToPage('runs', { part: 'costs' }) },
  { name: 'Live on or off', run: () => go({ page: 'explore', live: !view.value.live }) },
  { name: 'Errors only', run: () => addFilter({ name: 'min_level', value: 'ERROR', not: false }) },
  { name: 'Failed requests only', run: () => addFilter({ name: 'status', value: '5xx', not: false }) },
  { name: 'Slower than a second', run: () => addFilter({ name: 'min_ms', value: '1000', not: false }) },
  { name: 'Remove all filters', run: () => go({ filters: [] }) },
  {
    name: 'Search again',
    run: refresh,
  },
  ...FORMS.map((form) => ({
    name: `Entries as ${FORM_TITLES[form].toLowerCase()}`,
    run: () => go({ page: 'explore', form }, { replace: true }),
  })),
  { name: 'Usual columns', run: () => go({ columns: undefined }, { replace: true }) },
  ...PRESETS.map(({ label, hours }) => ({ name: `Last ${label}`, run: () => go({ range: { hours } }) })),
  ...THEMES.map((one) => ({
    name: `Theme: ${one}`,
    run: () => {
      theme.value = one;
    },
  })),
  {
    name: 'Keys',
    run: () => {
      overlay.value = 'help';
    },
  },
];

/** Every command by its name. */
export function Palette() {
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    void readSearches();
  }, []);
  const words = text.toLowerCase().split(/\s+/);
  const saved = (savedSearches.value ?? []).map((search) => ({
    name: `Saved: ${lineOf(search.name, 80)}`,
    run: () => showSearch(search),
  }));
  const fitting = [...COMMANDS, ...saved].filter(({ name }) =>
    words.every((word) => name.toLowerCase().includes(word)),
  );
  const run = (command: Command | undefined) => {
    overlay.value = undefined;
    command?.run();
  };
  return (
    <div class="palette">
      <input
        ref={input}
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={`command-${chosen}`}
        placeholder="Command"
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          choose(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : -1;
            choose(fitting.length === 0 ? 0 : (chosen + step + fitting.length) % fitting.length);
          } else if (event.key === 'Enter') run(fitting[chosen]);
        }}
      />
      <div id="commands" role="listbox" aria-label="Commands">
        {fitting.map((command, i) => (
          <div
            key={command.name}
            id={`command-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            onMouseDown={() => run(command)}
          >
            {command.name}
          </div>
        ))}
      </div>
    </div>
  );
}
