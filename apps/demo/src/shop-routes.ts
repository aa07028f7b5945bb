import type { DemoApp, DemoDeps } from './demo-env.js';
import { Orders } from './orders.js';
import { refuseUnknown } from './sessions.js';

const PRODUCTS = 400;
/** Every so many products there are few left. */
const SCARCE_EVERY = 29;

/** Pages, products, search and orders: shop.example.com. */
export function addShopRoutes(app: DemoApp, deps: DemoDeps): void {
  const { log, work } = deps;
  const orders = new Orders(deps);

  app.get('/', async (c) => {
    await work(2, 12);
    return c.html(
      '<!doctype html><title>Demo shop</title><p>The Tailrace demo shop: 400 products, none real.</p>',
    );
  });

  app.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /orders\n'));

  app.get('/products/:id', async (c) => {
    await work(5, 60);
    const id = Number(c.req.param('id'));
    if (!(id >= 1 && id <= PRODUCTS)) return c.json({ error: 'there is no such product' }, 404);
    if (id % SCARCE_EVERY === 0) {
      const objects = [`product-${id}`];
      log.log_warning(`only ${1 + (id % 4)} left of product-${id}`, {
        ...c.var.fields,
        component: 'stock',
        objects,
      });
    }
    return c.json({ id, name: `Product ${id}`, price_cents: 990 + id * 7 });
  });

  app.get('/search', async (c) => {
    const q = c.req.query('q') ?? '';
    await work(20, 180);
    const count = q.length % 9;
    log.log_info(`search for "${q.slice(0, 80)}" found ${count}`, {
      ...c.var.fields,
      component: 'search',
      count,
    });
    return c.json({ count });
  });

  app.post('/orders', async (c) => {
    if (c.var.session === undefined) return refuseUnknown(c);
    const order = await orders.place(c.var.session.account.id, c.var.fields);
    c.header('location', `/orders/${order.id}`);
    return c.json(order, 201);
  });

  app.get('/orders/:id', async (c) => {
    if (c.var.session === undefined) return refuseUnknown(c);
    await work(5, 50);
    const order = orders.find(c.req.param('id'));
    if (order === undefined) return c.json({ error: 'there is no such order' }, 404);
    if (order.customer !== c.var.session.account.id) return c.json({ error: 'not your order' }, 403);
    return c.json(order);
  });
}
