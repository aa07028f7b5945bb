import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server on loopback that knows some names, and counts what it is asked. */
export interface NameServer {
  /** `address:port`. */
  readonly address: string;
  readonly questions: readonly string[];
  close(): void;
}

const A = 1;
const PTR = 12;
const NO_SUCH_NAME = 3;

/**
 * @param pointers names by IPv4 address
 * @param addresses IPv4 addresses by name
 */
export async function startNameServer(
  pointers: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 1;
    const name = nameIn(query.subarray(12, end));
    const type = query.readUInt16BE(end);
    questions.push(name);
    const reversed = name.replace('.in-addr.arpa', '').split('.').reverse().join('.');
    const data =
      type === PTR
        ? encodedName(pointers[reversed])
        : type === A
          ? encodedAddress(addresses[name])
          : undefined;
    socket.send(reply(query.subarray(0, end + 4), type, data), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, questions, close: () => socket.close() };
}

/** RFC 1035, 4.1: the question again, and one record that points to its name. */
function reply(question: Buffer, type: number, data: Buffer | undefined): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (data === undefined ? NO_SUCH_NAME : 0), 2);
  head.writeUInt16BE(data === undefined ? 0 : 1, 6);
  head.writeUInt16BE(0, 10);
  if (data === undefined) return head;
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, record, data]);
}

function nameIn(labels: Buffer): string {
  const names: string[] = [];
  for (let at = 0; (labels[at] ?? 0) > 0; at += (labels[at] ?? 0) + 1) {
    names.push(labels.toString('latin1', at + 1, at + 1 + (labels[at] ?? 0)));
  }
  return names.join('.');
}

function encodedName(name: string | undefined): Buffer | undefined {
  if (name === undefined) return undefined;
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function encodedAddress(address: string | undefined): Buffer | undefined {
  return address === undefined ? undefined : Buffer.from(address.split('.').map(Number));
}
