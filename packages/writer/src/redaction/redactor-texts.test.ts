import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';

const redactor = new Redactor({ hashed: [] });

describe('a secret in a text', () => {
  it.each([
    ['Authorization=Bearer abcdefghijk z', 'Authorization=[redacted] z'],
    ['Authorization=Digest a=b, c=d e', 'Authorization=[redacted] e'],
    ['token=Bearer abc def', 'token=[redacted] def'],
    ['secret: Bearer abc d', 'secret: [redacted] d'],
    ['api_key = Token abc d', 'api_key = [redacted] d'],
    ['password: Tr0ub#4dor x', 'password: [redacted] x'],
    ['password: a,b;c&d<e x', 'password: [redacted] x'],
    ['password=Tr0ub;4,d&or x=1', 'password=[redacted] x=1'],
    ['password: it\'s"so x', 'password: [redacted] x'],
    ['password: <X y', 'password: [redacted] y'],
    ['password := X y', 'password := [redacted] y'],
    ['cookie=a=b; sid=X y=1', 'cookie=[redacted] y=1'],
    ['/a?password[]=X&b=1', '/a?password[]=[redacted]&b=1'],
    ['/a?password[0]=X&b=1', '/a?password[0]=[redacted]&b=1'],
    ['/a?password%5B%5D=X&b=1', '/a?password%5B%5D=[redacted]&b=1'],
    ['/a?user[password][]=X&b=1', '/a?user[password][]=[redacted]&b=1'],
    ['postgres://app:ab/cd@db/x', 'postgres://app:[redacted]@db/x'],
    ['postgres://app:ab#cd@db', 'postgres://app:[redacted]@db'],
    ['postgres://app:a b?c@db/x y', 'postgres://app:[redacted]@db/x y'],
    ['postgres://app:a"b@db', 'postgres://app:[redacted]@db'],
    ['postgres://app:a@b/c@db', 'postgres://app:[redacted]@db'],
    ['sent Bearer "X1y2"', 'sent Bearer "[redacted]"'],
    ['sent Basic YTpi', 'sent Basic [redacted]'],
    ['/r?to=postgres%3A%2F%2Fapp%3Apw%40db%2Fx&a=1', '/r?to=postgres%3A%2F%2Fapp%3A[redacted]%40db%2Fx&a=1'],
    ['/r?to=https%253A%252F%252Fu%253Apw%2540h', '/r?to=https%253A%252F%252Fu%253A[redacted]%2540h'],
    ['{"url":"/cb?a=1\\u0026code=xyz"}', '{"url":"/cb?a=1\\u0026code=[redacted]"}'],
    ['&quot;password&quot;: &quot;x&quot;, y', '&quot;password&quot;: &quot;[redacted]&quot;, y'],
    ['Server=db;AccountKey=abc==;Suffix=net x', 'Server=db;AccountKey=[redacted];Suffix=net x'],
    ['Server=db;Password=a;b;Database=x', 'Server=db;Password=[redacted];Database=x'],
    ['curl -u bob:pw http://x', 'curl -u bob:[redacted] http://x'],
    ['curl --user "bob:p w" http://x', 'curl --user "bob:[redacted]" http://x'],
    ['["mysql", "--password", "X"]', '["mysql", "--password", "[redacted]"]'],
    ['<password>X y</password><a>b</a>', '<password>[redacted]</password><a>b</a>'],
    ['<ns:Password type="t"><![CDATA[X]]></ns:Password>', '<ns:Password type="t">[redacted]</ns:Password>'],
    ['{"name":"password","value":"X\\"y"}', '{"name":"password","value":"[redacted]"}'],
    ['{"value":"X","name":"DB_PASSWORD"}', '{"value":"[redacted]","name":"DB_PASSWORD"}'],
    ['<add key="token" value="Xy"/>', '<add key="token" value="[redacted]"/>'],
    ['{"password":12345,"n":1}', '{"password":[redacted],"n":1}'],
    ['{"m":"login password=hunter2"}', '{"m":"login password=[redacted]"}'],
    ['client_secret=a&code=b&x=1', 'client_secret=[redacted]&code=[redacted]&x=1'],
    ['User(password=y, id=3)', 'User(password=[redacted], id=3)'],
    ['card 4111 1111 1111 1111 x', 'card [redacted] x'],
    ['DE89 3704 0044 0532 0130 00 and', '[redacted] and'],
  ])('%s becomes %s', (text, redacted) => expect(redactor.text(text)).toBe(redacted));

  it.each([
    'docker run -u 1000:1000 x',
    'usage: login <user> <password> now',
    'Basic auth, Bearer auth',
    'compass: north, bypass: x1',
    '/api/tokens?max_tokens=5&tokens=7',
    'prompt_tokens=123456789012',
    'primary_key=id foreign_key: user_id',
    'tailrace_http_request_duration_seconds_bucket_total{x="1"}',
    'npm_config_registry_https_registry_npmjs_org',
    'api-gateway-service-production-eu-west-1 sk-learn-something hf_transfer',
    'http://localhost:3000 bar, mail a@b.c',
    'ssh://git@github.com/x/y',
    'at Object.<anonymous> (/a/b.js:1:2)',
    'id 4111111111111112, 1234567890123456, 1732600000000000000',
    '550e8400-e29b-41d4-a716-446655440000 0af7651916cd43dd8448eb211c80319c',
    'DE89370400440532013001',
    '{"span_id":"2222222222222208"}',
    'git commit --author A --token-type x',
    'https://example.com/a/very/long/path/with/many/words/in/it/and/more',
    '{"name":"plan","value":"pro"},{"name":"a","value":"b"}',
  ])('is not seen in %s', (text) => expect(redactor.text(text)).toBe(text));
});

describe('data', () => {
  it('have secrets under many names and in many forms', () => {
    const buffer = JSON.parse(JSON.stringify(Buffer.from('abc')));
    expect(
      redactor.data({
        container: { Name: 'DB_PASS', Value: 'x' },
        triple: ['password', 'x', 'string'],
        keyed: [[{ name: 'password' }, 'x']],
        env: [{ name: 'A', value: 'b' }],
        passwords: ['a', 'b'],
        access_tokens: ['abcDEF12345', 'x'],
        tokens: 5,
        card: 4_111_111_111_111_111,
        at: 1_732_600_000_000_000,
        buffer,
        trace: { spanId: '2222222222222208' },
        names: ['user', 'password'],
      }),
    ).toEqual({
      container: { Name: 'DB_PASS', Value: '[redacted]' },
      triple: ['password', '[redacted]', 'string'],
      keyed: [[{ name: 'password' }, '[redacted]']],
      env: [{ name: 'A', value: 'b' }],
      passwords: ['[redacted]', '[redacted]'],
      access_tokens: ['[redacted]', 'x'],
      tokens: 5,
      card: '[redacted]',
      at: 1_732_600_000_000_000,
      buffer: '[3 bytes]',
      trace: { spanId: '2222222222222208' },
      names: ['user', 'password'],
    });
  });
});
