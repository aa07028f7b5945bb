import { type EmbeddedEngine, EngineStartError, startEmbeddedEngine } from '@tailrace/embedded';
import { DEFAULT_ENGINE_PORT } from '../config.js';
import { StartError } from './start-error.js';

/**
 * Starts the embedded engine where services on this machine find it.
 *
 * @param port what `ENGINE_PORT` says; `undefined` is {@link DEFAULT_ENGINE_PORT}, or a free port when that is in use
 * @throws StartError when it does not start, or a port that was asked for is not free.
 */
export async function startEngine(port: number | undefined): Promise<EmbeddedEngine> {
  try {
    return await startEmbeddedEngine({ port: port ?? DEFAULT_ENGINE_PORT });
  } catch (error) {
    if (!isPortTaken(error)) throw startError(error as Error);
    if (port !== undefined) {
      throw new StartError(`ENGINE_PORT ${port} cannot be used: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  try {
    return await startEmbeddedEngine();
  } catch (error) {
    throw startError(error as Error);
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof EngineStartError && error.code === 'port_unavailable';
}

function startError(cause: Error): StartError {
  return new StartError(
    `the embedded engine does not start: ${cause.message}; REDIS_URL names a server instead`,
    { cause },
  );
}
