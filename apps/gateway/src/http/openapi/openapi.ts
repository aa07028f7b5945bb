import type { Handlers } from '../endpoints/handler.js';
import type { GatewayDeps } from '../gateway-env.js';
import { DOCS_POLICY, docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/** Answers `GET /openapi.json`, and `GET /docs`, which shows the same to people. Both are made when first asked for. */
export function openApiHandlers({ version }: Pick<GatewayDeps, 'version'>) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  const documentOnce = () => {
    document ??= openApiDocument(version);
    return document;
  };

  return {
    'GET /openapi.json': ({ c }) => c.json(documentOnce()),
    'GET /docs': async ({ c }) => {
      c.header('content-security-policy', DOCS_POLICY);
      return c.html(docsPage(documentOnce()));
    },
  } satisfies Partial<Handlers>;
}
