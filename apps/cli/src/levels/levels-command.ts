import { type LevelTable, parseLevel } from '@tailrace/schema';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { printable, printableJson } from '../print/printable.js';

/** Stands for all components that have no level of their own; no component has that name. */
const ALL = '*';
const RESET = 'reset';

/** Adds `levels`: shows and sets the levels that lie over those of all running writers. */
export function addLevelsCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('levels')
    .description('Show or set the levels of all running writers, which follow within two seconds')
    .argument(
      '[component]',
      `a component, and those below it (db, db.pool); '${ALL}': all without a level of their own`,
    )
    .argument('[level]', `the lowest level it logs; ${RESET}: its own again`)
    .option('--reset', 'Take all levels away that were set here');
  command.action(async (component?: string, level?: string) => {
    const { gateway, json, out } = openContext(command);
    const show = (table: LevelTable) => out.write(json ? `${printableJson(table)}\n` : levelsText(table));
    if (command.opts<{ reset?: boolean }>().reset) {
      if (component !== undefined) throw new CliError('--reset takes no component', { exitCode: 2 });
      return show(await gateway.resetLevels());
    }
    if (component !== undefined && level === undefined) {
      throw new CliError(`the level is missing, or ${RESET}`, { exitCode: 2 });
    }
    const table = await gateway.levels();
    if (component === undefined || level === undefined) return show(table);
    return show(await gateway.setLevels(withLevel(table, component, level)));
  });
}

function withLevel({ default: all, components }: LevelTable, component: string, text: string): LevelTable {
  const level = text === RESET ? undefined : parseLevel(text);
  if (level === undefined && text !== RESET) {
    throw new CliError(`${printable(text)} is no level; nothing was changed`, { exitCode: 2 });
  }
  const table = new Map([...Object.entries(components), [ALL, all] as const]);
  table.set(component, level);
  const others = [...table].flatMap(([name, own]) =>
    name === ALL || own === undefined ? [] : [[name, own] as const],
  );
  const newDefault = table.get(ALL);
  return { ...(newDefault !== undefined && { default: newDefault }), components: Object.fromEntries(others) };
}

function levelsText({ default: all, components }: LevelTable): string {
  const rows = [...(all === undefined ? [] : [[ALL, all]]), ...Object.entries(components)];
  if (rows.length === 0) return 'no levels are set here; every writer has its own\n';
  const width = Math.max(...rows.map(([name = '']) => printable(name).length));
  return rows.map(([name = '', level]) => `${printable(name).padEnd(width)}  ${level}\n`).join('');
}
