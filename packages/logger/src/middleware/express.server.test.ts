import { createServer } from 'node:http';
import express from 'express';
import { describe, expect, test } from 'vitest';
import { log_info } from '../index.js';
import { logRequests } from './http.js';
import { useNodeServers } from './testing/node-server.js';

const servers = useNodeServers();

describe('Express', () => {
  async function serveExpress(): Promise<string> {
    const app = express();
    const logging = logRequests();
    app.use(logging);
    app.use(express.json());
    const users = express.Router();
    users.post('/:name', (request, response) => {
      log_info('in the handler');
      response.json({ hello: request.params.name });
    });
    app.use('/tenants/:id/users', users);
    app.get('/broken', () => {
      throw new TypeError('broken');
    });
    app.use(logging.errors);
    app.use(
      (_: unknown, __: unknown, response: express.Response, ___: unknown) => void response.status(500).end(),
    );
    return servers.start(createServer(app));
  }

  test('has the route with its mount, and the context behind its body parser', async () => {
    const url = await serveExpress();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    await fetch(`${url}/tenants/42/users/alice?x=1`, init);
    const entry = await servers.nextRequest();
    expect(entry).toMatchObject({
      path: '/tenants/42/users/alice?x=1',
      route: '/tenants/:number/users/:name',
      bytes_sent: 17,
      data: { bytes_received: 7 },
    });
    expect(servers.recorder.find({ message: 'in the handler' })?.request_id).toBe(entry.request_id);
  });

  test('has the error a handler threw', async () => {
    await fetch(`${await serveExpress()}/broken`);
    const failed = { status_code: 500, route: '/broken', error: { type: 'TypeError', message: 'broken' } };
    expect(await servers.nextRequest()).toMatchObject(failed);
  });

  test('has no route where nothing answers', async () => {
    await fetch(`${await serveExpress()}/wp-login.php`);
    const entry = await servers.nextRequest();
    expect(entry.status_code).toBe(404);
    expect(entry.route).toBeUndefined();
  });
});
