import type { DemoDeps } from './demo-env.js';
import type { RequestFields } from './request-logging.js';

/** What somebody bought. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly total_cents: number;
}

const FIRST_NUMBER = 1700;
const MAX_ORDERS = 10_000;
/** The payment provider does not answer for every so many orders, and is slow for others. */
const UNPAID_EVERY = 11;
const SLOW_EVERY = 6;

/** The shop's orders, kept in memory; the oldest go first. */
export class Orders {
  readonly #deps: DemoDeps;
  readonly #byId = new Map<string, Order>();
  #next = FIRST_NUMBER;

  constructor(deps: DemoDeps) {
    this.#deps = deps;
  }

  find(id: string): Order | undefined {
    return this.#byId.get(id);
  }

  /** @throws Error when it cannot be paid, with what went wrong at the provider as its cause. */
  async place(customer: string, fields: RequestFields): Promise<Order> {
    const { log, work } = this.#deps;
    const number = this.#next++;
    const order = { id: String(number), customer, total_cents: 1_990 + ((number * 37) % 20_000) };
    await work(15, 60);
    await this.#pay(number, fields);
    this.#byId.set(order.id, order);
    if (this.#byId.size > MAX_ORDERS) this.#byId.delete(String(number - MAX_ORDERS));
    log.log_event(
      'order.placed',
      { order: order.id, total_cents: order.total_cents },
      { ...fields, component: 'orders', objects: [`order-${order.id}`], outcome: 'success' },
    );
    return order;
  }

  async #pay(number: number, fields: RequestFields): Promise<void> {
    const { log, work } = this.#deps;
    if (number % UNPAID_EVERY === 0) {
      await work(300, 500);
      throw new Error(`order ${number} cannot be paid`, { cause: noAnswer() });
    }
    if (number % SLOW_EVERY !== 0) return work(30, 120);
    await work(1_050, 1_900);
    log.log_warning(`the payment of order ${number} took long`, {
      ...fields,
      component: 'payments',
      objects: [`order-${number}`],
      provider: 'payments.example.net',
    });
  }
}

/** The error Node's own client gives for a connection that does not come about. */
function noAnswer(): Error {
  return Object.assign(new Error('connect ETIMEDOUT 192.0.2.250:443'), { code: 'ETIMEDOUT' });
}
