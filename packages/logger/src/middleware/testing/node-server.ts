import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import { createRecorder, type Recorder } from '../../testing.js';
import { type HttpLoggingOptions, logRequests } from '../http.js';
import { listen } from './loopback.js';

/** Servers of `node:http` and what they log, for one test each. */
export interface NodeServers {
  readonly recorder: Recorder;
  /** A server with one handler behind the middleware; its URL. */
  serve(handler: RequestListener, options?: HttpLoggingOptions): Promise<string>;
  /** Starts a server, which is closed after the test; its URL. */
  start(server: Server): Promise<string>;
  /** The next entry of a request, or the first there was. */
  nextRequest(): ReturnType<Recorder['waitFor']>;
}

/** A recorder and servers for each test of a file. */
export function useNodeServers(): NodeServers {
  let recorder: Recorder;
  const servers: Server[] = [];
  beforeEach(() => {
    recorder = createRecorder();
  });
  afterEach(() => {
    recorder.stop();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return {
    get recorder() {
      return recorder;
    },
    serve(handler, options) {
      const logging = logRequests(options);
      return this.start(
        createServer((request, response) => logging(request, response, () => handler(request, response))),
      );
    },
    async start(server) {
      servers.push(server);
      return `http://127.0.0.1:${await listen(server)}`;
    },
    nextRequest: () => recorder.waitFor({ kind: 'request' }),
  };
}

/** The port in a server's URL. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}
