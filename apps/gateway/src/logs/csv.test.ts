import type { EntryReply } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvHeader, csvLine } from './csv.js';

const ENTRY: EntryReply = {
  id: 'log:1:app:a',
  timestamp: '2024-01-15T10:30:00.000Z',
  kind: 'log',
  level: 'INFO',
  component: 'app',
  message: '',
};

/** The cells of a line as RFC 4180 reads them; a cell without quotes is no cell here. */
function cellsOf(line: string): string[] {
  expect(line).toMatch(/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*\r\n$/);
  return [...line.matchAll(/"((?:[^"]|"")*)"[,\r]/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
}

function messageCell(message: string): string | undefined {
  const names = cellsOf(csvHeader());
  return cellsOf(csvLine({ ...ENTRY, message }))[names.indexOf('message')];
}

describe('a line of CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\n=1+1', "'\n'=1+1"],
    ['\r\n=1', "'\r\n'=1"],
    ['\ttext', "'\ttext"],
    ['\rtext', "'\rtext"],
    ['\ntext', "'\ntext"],
    ['  =1', "'  =1"],
    ['\u00a0\u3000=1', "'\u00a0\u3000=1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\u200b\u202e=1', "'\u200b\u202e=1"],
    ['\u0000=1', "'\u0000=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A', "'＠A"],
    ['a;=1+1', "a;'=1+1"],
    ['a; =1+1;b', "a;' =1+1;b"],
    ['a\t=1', "a\t'=1"],
    ['a|=1', "a|'=1"],
    ['line\n=cmd|x', "line\n'=cmd|x"],
    ['","=1', '","=1'],
    ['a=1, b-c', 'a=1, b-c'],
  ])('has %j as %j', (message, cell) => expect(messageCell(message)).toBe(cell));

  test('is one line of as many quoted cells as there are names, none of which begins a formula', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '＝',
        '＠',
        ' ',
        '\t',
        '\n',
        '\r',
        ';',
        '|',
        '"',
        ',',
        'a',
        '\ufeff',
      ),
      maxLength: 12,
    });
    const columns = cellsOf(csvHeader()).length;
    fc.assert(
      fc.property(hostile, hostile, (message, path) => {
        const cells = cellsOf(csvLine({ ...ENTRY, message, path, data: { path } }));
        expect(cells).toHaveLength(columns);
        for (const cell of cells) {
          for (const part of cell.split(/[;|\t\r\n]/)) expect(part.trim()).not.toMatch(/^[=+\-@＝＋－＠]/);
        }
      }),
    );
  });
});
