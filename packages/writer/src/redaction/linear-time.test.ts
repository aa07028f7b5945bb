import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';
import { STRUCTURES } from './shapes/structured-shapes.js';
import { TOKEN_KINDS } from './shapes/token-table.js';

const redactor = new Redactor({ hashed: [] });
const MEGABYTE = 1_048_576;

/** What the hostile texts are repetitions of: what begins every expression, and never ends it. */
const UNITS: readonly string[] = [
  ...[
    '=',
    '=?',
    ':',
    '://',
    'a://b:',
    'a://b:@',
    'a://b: @',
    '@',
    'a ',
    ' ',
    'A',
    '4',
    '1 ',
    '1-',
    '\\',
    '%',
    '+',
  ],
  ...[
    '%5F=',
    '%25',
    '%3D',
    'code%3Da%26',
    'token%3D',
    '\\n',
    '&amp;',
    '\\u0041',
    '\\x41',
    '&#65;',
    '+=',
    '%2525',
  ],
  ...[
    'code:',
    'code:"',
    'code:\\"',
    "code='",
    'pass:a',
    'state=',
    '?state=a',
    '/;pwd=',
    'password=a&',
    'password=a,b',
  ],
  ...[
    'password:[',
    'password={',
    'password=>',
    'password: <',
    '[password]=',
    'a[1]',
    'API key:',
    'cookie: ',
    'cookie=a; ',
  ],
  ...[
    'authorization=a ',
    'authorization: Bearer ',
    'authorization=a, ',
    'bearer ',
    'basic a',
    'basic "aaaa',
    'Bearer  ',
  ],
  ...[
    '<password>',
    '<a><b',
    '<a ',
    '</',
    '--password ',
    ' -a b',
    '-',
    ' -u a:',
    'curl -u a:',
    '{"name":"',
    'value="',
  ],
  ...[
    'name="password" value="x" ',
    'value=\'name="',
    '"key":"a",',
    'span_id:',
    'DE89 ',
    'DE89a',
    '4111 1111 1111 111',
  ],
  ...[
    'QUtJ',
    'AAAA ',
    'Zm9vOmJhcg',
    'eyJ-',
    'eyJ.',
    'eyJhbGciOiJ9.',
    '-----BEGIN',
    '-----BEGIN PRIVATE KEY',
    'a.',
    'urn:',
  ],
  ...STRUCTURES.map(({ hint }) => hint),
  ...TOKEN_KINDS.map(({ prefixes }) => prefixes[0] as string),
];

function hostile(unit: string, length: number): string {
  const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  // In one piece: V8 would join the repetitions while they are searched.
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Milliseconds of this process's CPU. */
function cpuOf(text: string): number {
  const before = process.cpuUsage();
  redactor.text(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('the redactor', () => {
  it.each(UNITS)('takes time in proportion to the length of a megabyte of %j', (unit) => {
    redactor.text(hostile(unit, 4_096));
    const quarter = cpuOf(hostile(unit, MEGABYTE / 4));
    const whole = cpuOf(hostile(unit, MEGABYTE));
    // Four times is linear, sixteen times would be quadratic; the rest is for collecting garbage.
    expect(whole).toBeLessThan(10 * quarter + 100);
  });

  it.each(['cookie: ', 'token%3D', 'password=', 'authorization='])(
    'never overflows the stack, whatever is behind %j',
    (name) => {
      for (const letter of ['x', '\\', '"']) {
        expect(() => redactor.text(name + letter.repeat(10 * MEGABYTE))).not.toThrow();
      }
    },
  );
});
