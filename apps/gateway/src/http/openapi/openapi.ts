import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from '../gateway-env.js';
import { DOCS_POLICY, docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/** Adds `GET /openapi.json`, and `GET /docs`, which shows the same to people. Both are made when first asked for. */
export function addOpenApiRoutes(app: Hono<GatewayEnv>, { version }: Pick<GatewayDeps, 'version'>): void {
  let document: ReturnType<typeof openApiDocument> | undefined;
  const documentOnce = () => {
    document ??= openApiDocument(version);
    return document;
  };

  app.get('/openapi.json', (c) => c.json(documentOnce()));
  app.get('/docs', (c) => {
    c.header('content-security-policy', DOCS_POLICY);
    return c.html(docsPage(documentOnce()));
  });
}
