import { RECIPES, shownParameter } from '../../apps/cli/dist/recipes/recipe-table.js';
import { code, table } from './markdown.mjs';

export function logFormats(formats) {
  const rows = formats.map(({ name, title, reference }) => [code(name), title, reference]);
  return table(['name', 'what it is', 'documented in'], rows);
}

export function recipes() {
  const rows = RECIPES.map(({ name, about, parameters, takesFlags }) => {
    const usage = [...parameters.map(shownParameter), ...(takesFlags ? ['[flags...]'] : [])];
    return [code(['just', name, ...usage].join(' ')), about];
  });
  return table(['recipe', ''], [...rows, [code('just logs-help'), 'These commands with an example each']]);
}
