import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { OpenApiDocument, Parameter } from './openapi-document.js';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
article { border-top: 1px solid #8886; padding: 0.5rem 0; }
h2 { font-size: 1rem; margin: 0.5rem 0; }
h2 b { display: inline-block; min-width: 4.5rem; }
table { border-collapse: collapse; }
td { padding: 0.125rem 1rem 0.125rem 0; vertical-align: top; }
pre { overflow: auto; max-height: 30rem; }
`;

/** Nothing but this page and its style, no script, from nowhere else, in nobody's frame. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface ShownOperation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: object;
  readonly security: readonly { readonly token: readonly string[] }[];
}

/** The document as a page for people. */
export function docsPage(document: OpenApiDocument) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      section(document, method.toUpperCase(), path, operation as ShownOperation),
    ),
  );
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tailrace HTTP API</title>
<style>${raw(STYLE)}</style>
<h1>Tailrace ${document.info.version} HTTP API</h1>
<p>${document.info.description} The same for programs: <a href="/openapi.json">/openapi.json</a>.</p>
${operations}
<article id="schemas"><h2>Schemas</h2>
${Object.entries(document.components.schemas).map(
  ([name, schema]) =>
    html`<details><summary><code>${name}</code></summary><pre>${shown(schema)}</pre></details>`,
)}
</article>
</html>
`;
}

function section(document: OpenApiDocument, method: string, path: string, operation: ShownOperation) {
  const { summary, parameters = [], requestBody, responses, security } = operation;
  const scope = security[0]?.token.join(', ');
  const rows = parameters
    .map((parameter) => resolved(document, parameter))
    .filter(({ name }) => !name.endsWith('!'));
  return html`<article>
<h2><b>${method}</b><code>${path}</code></h2>
<p>${summary}. ${scope === undefined ? 'Open to all.' : html`Scope <code>${scope}</code>.`}</p>
${
  rows.length === 0
    ? ''
    : html`<details><summary>Parameters</summary><table>${rows.map(
        ({ name, description = '', in: place }) =>
          html`<tr><td><code>${name}</code></td><td>${place === 'path' ? 'in the path' : description}</td></tr>`,
      )}</table></details>`
}
${requestBody === undefined ? '' : html`<details><summary>Body</summary><pre>${shown(requestBody)}</pre></details>`}
<details><summary>Replies</summary><pre>${shown(responses)}</pre></details>
</article>
`;
}

function resolved(
  { components }: OpenApiDocument,
  parameter: Parameter,
): Exclude<Parameter, { $ref: string }> {
  if (!('$ref' in parameter)) return parameter;
  const name = parameter.$ref.slice('#/components/parameters/'.length);
  return components.parameters[name] as Exclude<Parameter, { $ref: string }>;
}

function shown(value: object): string {
  return JSON.stringify(value, null, 2);
}
