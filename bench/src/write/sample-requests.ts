/** One request of the sample: the twelve fields of spec 003's Log Entry Schema that a request can have. */
export interface SampleRequest {
  readonly timestamp: number;
  readonly client_ip: string;
  readonly client_hostname: string;
  readonly proxy_hostname: string;
  readonly method: string;
  readonly path: string;
  readonly status_code: number;
  readonly response_time_ms: number;
  readonly user_id: string;
  readonly user_agent: string;
  readonly referrer: string;
  readonly bytes_sent: number;
}

const USER_AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'curl/8.4.0',
];
const HOSTS = 10;
const CLIENTS = 8_000;
const USERS = 3_000;
const PATHS = 60;
const HOUR_MS = 3_600_000;

/** Requests made at a time. */
const SLICE = 20_000;

/**
 * Requests of one hour that ends now, in time order, the same for the same seed: some clients and paths far busier than
 * others, log-normal response times, one request in ten an error. In slices, so that no writer carries a heap full of
 * requests it has not come to yet.
 *
 * @param count how many in all
 */
export function* sampleRequests(count: number, now: number, seed = 42): Generator<SampleRequest[]> {
  const random = seededRandom(seed);
  for (let start = 0; start < count; start += SLICE) {
    const slice = Array.from({ length: Math.min(SLICE, count - start) }, (_, i) =>
      sampleRequest(random, Math.floor(now - HOUR_MS + ((start + i) * HOUR_MS) / count)),
    );
    // As if they came from outside: V8 joins the parts of a template only when it is read, which no writer should pay for.
    yield JSON.parse(JSON.stringify(slice));
  }
}

function sampleRequest(random: () => number, timestamp: number): SampleRequest {
  const skewed = (size: number) => Math.floor(size * random() * random());
  const client = skewed(CLIENTS);
  const status = random() < 0.9 ? 200 : random() < 0.8 ? 404 : 500;
  return {
    timestamp,
    client_ip: `${100 + (client % 100)}.${10 + (client % 240)}.${(client >> 4) % 256}.${client % 256}`,
    client_hostname: `host-${client}.isp${client % 20}.example.net`,
    proxy_hostname: `api-${skewed(HOSTS)}.example.com`,
    method: random() < 0.8 ? 'GET' : 'POST',
    path: `/api/v1/resource-${skewed(PATHS)}/items`,
    status_code: status,
    response_time_ms: Math.round(Math.exp(1 + 1.5 * (random() + random() + random())) * 10) / 10,
    user_id: `user-${skewed(USERS)}`,
    user_agent: USER_AGENTS[skewed(USER_AGENTS.length)] as string,
    referrer: `https://www.example.com/page/${Math.floor(random() * 200)}`,
    bytes_sent: Math.floor(random() * 50_000),
  };
}

/** Mulberry32 (Tommy Ettinger, public domain): small, fast and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
