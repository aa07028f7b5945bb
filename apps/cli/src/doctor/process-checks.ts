import { type Client, GatewayError } from '@tailrace/client';
import { callErrorText, isCallError } from '../call-error.js';
import { INSTALLATION } from '../installation.js';
import { type Finding, fault, ok, warning } from './finding.js';

/** The oldest Node there is support for, as `engines` of the package says. */
const OLDEST_NODE = [20, 19] as const;

/** @param version as `process.versions.node` says it */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const oldest = OLDEST_NODE.join('.');
  return isOld
    ? fault('Node', `${version} is too old`, `install Node ${oldest} or newer: https://nodejs.org`)
    : ok('Node', version);
}

/** What a gateway finds wrong with the settings of this environment, if anything. */
export async function checkSettings(env: NodeJS.ProcessEnv): Promise<Finding> {
  const { readConfig, StartError } = await import('@tailrace/gateway');
  try {
    const { redisUrl, tokensFile, tokens } = readConfig(env);
    const store = redisUrl === undefined ? 'an embedded Valkey' : 'REDIS_URL';
    const guard = tokensFile === undefined && tokens.length === 0 ? 'no tokens' : 'tokens';
    return ok('settings', `understood; a gateway started here uses ${store} and ${guard}`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return fault('settings', error.message, 'change or unset that variable');
  }
}

/** What a running gateway says of itself. */
export interface GatewayFound {
  readonly finding: Finding;
  /** Where its engine is, when it says so: to processes of its machine, of an embedded one. */
  readonly redisUrl?: string | undefined;
}

/** @param version of this program */
export async function checkGateway(client: Client, version: string): Promise<GatewayFound> {
  try {
    const health = await client.health();
    if (health.status !== 'ok') {
      const text = `${client.address} runs, and its engine does not answer`;
      return { finding: fault('gateway', text, 'look at the engine, and at what the gateway prints') };
    }
    const redisUrl = health.redis_url ?? undefined;
    if (health.version === undefined) {
      const advice = 'set TAILRACE_TOKEN to a token that may read';
      return {
        finding: warning('gateway', `${client.address} runs, and says no more without a token`, advice),
      };
    }
    const text = `${client.address} runs version ${health.version} on ${health.engine}`;
    return {
      redisUrl,
      finding:
        health.version === version
          ? ok('gateway', text)
          : warning('gateway', `${text}, this command is version ${version}`, 'use the same version of both'),
    };
  } catch (error) {
    if (!isCallError(error)) throw error;
    const isStranger = error instanceof GatewayError;
    const advice = isStranger ? 'set TAILRACE_URL to the gateway' : `start one with: ${INSTALLATION.serve}`;
    return { finding: fault('gateway', callErrorText(error).split('; ')[0] ?? '', advice) };
  }
}

/** Whether the embedded engine starts on this machine; it is ended again. */
export async function checkEmbeddedEngine(): Promise<Finding> {
  const { readConfig, StartError, startGateway } = await import('@tailrace/gateway');
  try {
    const gateway = await startGateway(readConfig({ PORT: '0', ENGINE_PORT: '0' }), () => {});
    await gateway.close();
    return ok('engine', `${gateway.engineName}, embedded, starts here`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return fault('engine', error.message, 'set REDIS_URL to a Redis or Valkey');
  }
}
