import type { Fixture } from './fixtures.js';

const T = Date.parse('2026-03-04T05:06:07Z');
const CLF = '192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a HTTP/1.1" 500 12';
const ENTRY = { timestamp: T, client_ip: '192.0.2.1', method: 'GET', path: '/a', status_code: 500 };
const docker = (log: string, stream = 'stdout') =>
  JSON.stringify({ log, stream, time: '2026-03-04T05:06:08.5Z' });

/** Formats that carry lines of others. */
export const CONTAINER_FIXTURES: readonly Fixture[] = [
  {
    format: 'docker-json-file',
    title: 'parts of a line, of two streams at once; an empty line; CRI and syslog inside',
    text: [
      docker('{"level":30,"time":1772600767000,'),
      docker('other\n', 'stderr'),
      docker('"msg":"whole"}\n'),
      docker('\n'),
      docker(`<187>Mar  4 05:06:07 web nginx: ${CLF}\n`),
      docker('{broken\n'),
    ].join('\n'),
    expected: [
      { message: 'other', timestamp: T + 1500 },
      { message: 'whole', level: 'INFO', timestamp: T },
      { ...ENTRY, component: 'nginx' },
      { message: '{broken' },
    ],
  },
  {
    format: 'kubernetes-cri',
    title: 'tags, an offset, a part whose end is missing',
    text: [
      '2026-03-04T06:06:07.000000001+01:00 stdout F:tag text',
      `2026-03-04T05:06:08Z stderr F ${CLF}`,
      '2026-03-04T05:06:08Z stderr F ',
      '2026-03-04T05:06:09Z stdout P half',
    ].join('\n'),
    expected: [{ timestamp: T, message: 'text' }, ENTRY, { timestamp: T + 2000, message: 'half' }],
  },
  {
    format: 'docker-compose',
    title: 'colours, times, names of version 1, a container with a name of its own',
    text: [
      `\u001b[36mweb_1  |\u001b[0m ${CLF}`,
      'db-1 | 2026-03-04T05:06:07.000000000Z ready',
      'shop-db | {"msg":"a | b","time":1772600767000}',
    ].join('\n'),
    expected: [
      { ...ENTRY, component: 'web_1' },
      { timestamp: T, component: 'db-1', message: 'ready' },
      { timestamp: T, component: 'shop-db', message: 'a | b' },
    ],
  },
  {
    format: 'docker-compose',
    title: 'a table is none',
    text: 'id   | name\n-----+-----\na | b',
    expected: [{ code: 'unknown_format' }, { code: 'unknown_format' }, { code: 'unknown_format' }],
  },
  {
    format: 'syslog-rfc3164',
    title: 'without a host, with a year, ISO times, no tag, a year that is guessed',
    text: [
      `<190>Mar  4 05:06:07 nginx: ${CLF}`,
      '<11>Mar  4 2026 05:06:07 web su: no',
      '2026-03-04T05:06:07.000000+00:00 web sshd[7]: Accepted password for amy from 192.0.2.7 port 5 ssh2',
      'Mar  4 05:06:07 web last message repeated 2 times',
      '<192>Mar  4 05:06:07 web a: b',
    ].join('\n'),
    options: { now: T + 86_400_000 },
    expected: [
      { ...ENTRY, component: 'nginx' },
      { timestamp: T, level: 'ERROR', component: 'su', message: 'no' },
      { timestamp: T, component: 'sshd', message: 'Accepted password for amy from 192.0.2.7 port 5 ssh2' },
      { timestamp: T, message: 'last message repeated 2 times' },
      { code: 'unknown_format' },
    ],
  },
  {
    format: 'syslog-rfc5424',
    title: 'counted octets, escapes, JSON inside, no text',
    text: [
      '44 <14>1 2026-03-04T05:06:07Z web app 1 ID [a@1 b="c \\" \\\\ \\]"] {"time":"2026-03-04T05:06:09Z","level":"error","msg":"x"}',
      '<15>1 2026-03-04T05:06:07+00:00 web app - - -',
      '<14>1 2026-03-04T05:06:07Z web app 1 ID [a@1 b="c] text',
    ].join('\n'),
    expected: [
      {
        timestamp: T + 2000,
        level: 'ERROR',
        component: 'app',
        message: 'x',
        data: { host: 'web', pid: '1', message_id: 'ID', structured_data: { 'a@1': { b: 'c " \\ ]' } } },
      },
      { code: 'malformed' },
    ],
  },
];
