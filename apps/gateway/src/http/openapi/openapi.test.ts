import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../index.js';
import { fakeDeps } from '../../testing/fake-deps.js';
import { DOCS_POLICY, docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

const app = createApp(fakeDeps());
const document = openApiDocument('1.2.3');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`),
);

describe('/openapi.json', () => {
  test('is a valid OpenAPI 3.1 document, and what the gateway replies', async () => {
    const reply = (await (await app.request('/openapi.json')).json()) as Record<string, unknown>;
    expect(reply).toEqual(document);
    const { valid, errors } = await new Validator().validate(reply);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  test('has every route and no other', () => {
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:\w+/g, '{}')}`);
    expect(operations.toSorted()).toEqual(routes.toSorted());
  });

  test('refers to nothing that is not there', () => {
    for (const [, place = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const found = place
        .split('/')
        .slice(1)
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
      expect(found, place).toBeDefined();
    }
  });

  test('names schemas as a person would', () => {
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
  });

  test('names operations once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => (operation as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('/docs', () => {
  test('shows every operation, and needs no other host and no script', async () => {
    const response = await app.request('/docs');
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toBe(DOCS_POLICY);
    const page = await response.text();
    expect(page.match(/<article>/g)).toHaveLength(operations.length);
    expect(page).not.toMatch(/<script|https?:|\bon\w+=|javascript:/i);
  });

  test('escapes what it shows', async () => {
    const hostile = '<img src=x onerror=alert(1)>"&';
    const page = String(
      await docsPage({
        ...document,
        paths: {
          '/x': { get: { summary: hostile, responses: { [hostile]: {} }, security: [{ token: [hostile] }] } },
        },
      }),
    );
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;');
  });
});
