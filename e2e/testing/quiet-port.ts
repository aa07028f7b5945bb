/** Below the ports that Linux, macOS and Windows give out. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORTS_OF_A_PROCESS = 40;

let taken = process.pid * PORTS_OF_A_PROCESS;

/** A port that nobody gets by asking for any, for servers that are away for a while and come back. */
export function quietPort(): number {
  return FIRST_PORT + (taken++ % PORTS);
}
