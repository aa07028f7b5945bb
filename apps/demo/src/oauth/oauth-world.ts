import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { log_oidc_provider } from '@tailrace/logger/oauth';
import { createClientApp } from './client-app.js';
import { createProvider } from './provider.js';
import { type ClientSettings, createClients, type Person } from './registry.js';
import { createResourceServer } from './resource-server.js';
import { SecretKeeper } from './secret-keeper.js';
import { createSignInPages, SIGN_IN_PATH } from './sign-in-pages.js';

/** An OpenID provider, a client application and a resource server, each on a port of its own. */
export interface OAuthWorld {
  readonly issuer: string;
  readonly clientOrigin: string;
  readonly clients: Readonly<Record<string, ClientSettings>>;
  readonly people: readonly Person[];
  /** Everything secret that was on the wire so far. */
  readonly keeper: SecretKeeper;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const PEOPLE = ['ada', 'grace', 'edsger', 'barbara', 'donald'];

/** Starts all three on free ports of loopback. They log through whatever logger is configured. */
export async function startOAuthWorld(): Promise<OAuthWorld> {
  const keeper = new SecretKeeper();
  const newSecret = () => {
    const secret = randomBytes(24).toString('base64url');
    keeper.keep(secret);
    return secret;
  };
  const clients = createClients(newSecret);
  const people = PEOPLE.map((id) => ({ id, password: newSecret() }));
  const servers = { provider: await listen(), client: await listen(), api: await listen() };
  const { issuer, clientOrigin, apiOrigin } = {
    issuer: originOf(servers.provider),
    clientOrigin: originOf(servers.client),
    apiOrigin: originOf(servers.api),
  };
  const provider = await createProvider({ issuer, clientOrigin, clients, cookieKey: newSecret() });
  log_oidc_provider(provider);
  const pages = createSignInPages(provider, people, forwardedFor);
  const answer = provider.callback();
  servers.provider.on('request', (request, response) => {
    if (!request.url?.startsWith(SIGN_IN_PATH)) return void answer(request, response);
    pages(request, response).catch(() => response.writeHead(400).end());
  });
  const clientApp = createClientApp({ issuer, apiOrigin, clients, keeper });
  servers.client.on('request', listenerOf(clientApp.fetch));
  servers.api.on('request', listenerOf(createResourceServer(issuer, Date.now).fetch));
  return {
    issuer,
    clientOrigin,
    clients,
    people,
    keeper,
    async close() {
      await Promise.all(Object.values(servers).map(close));
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  return server;
}

function originOf(server: Server): string {
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function listenerOf(fetch: (request: Request) => Response | Promise<Response>): RequestListener {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}

function forwardedFor({ headers, socket }: IncomingMessage): string {
  return String(headers['x-forwarded-for'] ?? socket.remoteAddress ?? '');
}
