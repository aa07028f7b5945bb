import { connect } from 'node:net';

/**
 * Set on every engine. Listpack: design, section 6. The memory of clients (unread replies, queries half
 * sent) is bounded too, by ending the largest, or else it could reach the 4 GiB at which the engine aborts.
 * The engine's table of sockets has room for about 6,000 clients, so it refuses them before that.
 */
const settings = {
  'hash-max-listpack-value': '1024',
  'maxmemory-policy': 'noeviction',
  'maxmemory-clients': '512mb',
  maxclients: '5000',
  loglevel: 'warning',
};

/**
 * Applies the settings to an engine that has just started, and makes sure that it answers and keeps
 * nothing on disk.
 * @returns Valkey's version, as `INFO server` says.
 * @throws Error with what the engine answered, when that is not as it should be.
 */
export async function applyEngineSettings(
  address: { readonly host: string; readonly port: number },
  maxMemoryBytes: number,
): Promise<string> {
  const pairs = Object.entries({ ...settings, maxmemory: String(maxMemoryBytes) }).flat();
  const reply = await ask(address, [
    `CONFIG SET ${pairs.join(' ')}`,
    'CONFIG GET save',
    'CONFIG GET appendonly',
    'INFO server',
    'QUIT',
  ]);
  const version = /^valkey_version:(\S+)/m.exec(reply)?.[1];
  const inMemory = reply.includes('save\r\n$0\r\n\r\n') && reply.includes('appendonly\r\n$2\r\nno\r\n');
  if (!reply.startsWith('+OK\r\n') || !inMemory || !version) {
    throw new Error(`the engine did not take its settings: ${JSON.stringify(reply.slice(0, 500))}`);
  }
  return version;
}

/** Sends inline commands, the last of which is QUIT, and resolves with all that came back. */
function ask(
  address: { readonly host: string; readonly port: number },
  commands: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(address, () => socket.write(commands.map((command) => `${command}\r\n`).join('')));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      reply += text;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(reply));
  });
}
