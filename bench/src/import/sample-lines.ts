import { type FileHandle, open } from 'node:fs/promises';

/** A format and how its lines are made. */
export interface SampleFormat {
  readonly name: string;
  /** @param timeMs epoch milliseconds */
  readonly line: (number: number, timeMs: number) => string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const client = (number: number) => `198.51.${(number * 7) % 256}.${(number * 31) % 256}`;
const path = (number: number) => `/items/${number % 5_000}?page=${number % 9}`;
const status = (number: number) => (number % 50 === 0 ? 500 : number % 20 === 0 ? 404 : 200);

/** What is measured. */
export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  {
    name: 'Combined',
    line: (number, timeMs) =>
      `${client(number)} - - [${clfTime(timeMs)}] "GET ${path(number)} HTTP/1.1" ${status(number)} ${number % 9_999} "https://shop.example.com/" "${AGENT}"`,
  },
  {
    name: 'pino',
    line: (number, timeMs) =>
      JSON.stringify({
        level: 30,
        time: timeMs,
        pid: 7,
        hostname: 'web-1',
        req: {
          id: number,
          method: 'GET',
          url: path(number),
          headers: { host: 'shop.example.com', 'user-agent': AGENT },
          remoteAddress: client(number),
        },
        res: { statusCode: status(number) },
        responseTime: number % 300,
        msg: 'request completed',
      }),
  },
  {
    name: 'OTLP JSON',
    line: (number, timeMs) =>
      JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
            scopeLogs: [
              {
                logRecords: [
                  {
                    timeUnixNano: `${timeMs}000000`,
                    severityNumber: 9,
                    body: { stringValue: `order ${number} accepted` },
                    attributes: [{ key: 'order.id', value: { intValue: String(number) } }],
                    traceId: number.toString(16).padStart(32, '1'),
                    spanId: number.toString(16).padStart(16, '2'),
                  },
                ],
              },
            ],
          },
        ],
      }),
  },
];

/** Writes a file of so many lines, all of the last hour. */
export async function writeSample(file: string, { line }: SampleFormat, lines: number): Promise<void> {
  const start = Date.now() - 3_600_000;
  const handle: FileHandle = await open(file, 'w');
  try {
    for (let from = 0; from < lines; from += 10_000) {
      const count = Math.min(10_000, lines - from);
      const text = Array.from({ length: count }, (_, i) =>
        line(from + i, start + Math.floor(((from + i) / lines) * 3_500_000)),
      );
      await handle.appendFile(`${text.join('\n')}\n`);
    }
  } finally {
    await handle.close();
  }
}

function clfTime(timeMs: number): string {
  const [, year, month, day, time] =
    /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(new Date(timeMs).toISOString()) ?? [];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
