import { randomBytes, randomInt } from 'node:crypto';
import { STRUCTURES } from '../shapes/structured-shapes.js';
import { ALPHABETS, TOKEN_KINDS } from '../shapes/token-table.js';

/** A secret as it looks, made anew, so that no scanner of sources finds one here. */
export interface Example {
  readonly name: string;
  readonly text: string;
  /** The part of it that nobody may read. */
  readonly core: string;
}

/** One of every shape of the tables, and those that are found by their own rules. */
export function shapeExamples(): Example[] {
  const tokens = TOKEN_KINDS.flatMap(({ name, prefixes, letters, length }) =>
    prefixes.map((prefix) => {
      const core = randomOf(ALPHABETS[letters], typeof length === 'number' ? length : length[0]);
      return {
        name: `${name} ${prefix}`,
        text: (prefix.startsWith(':') ? '7123456789' : '') + prefix + core,
        core,
      };
    }),
  );
  const structured = STRUCTURES.map(({ name }) => {
    const make = STRUCTURED[name];
    if (make === undefined) throw new Error(`there is no example of ${name}`);
    return { name, ...make() };
  });
  return [...tokens, ...structured, ...cards(), ...accounts(), ...ownRules()];
}

/** Secrets that are told by a name or a place within a text. */
export function assignedExamples(): Example[] {
  const assigned = (name: string, write: (core: string) => string): Example => {
    const core = randomOf(ALPHABETS.alphanumeric, 24);
    return { name, text: write(core), core };
  };
  return [
    assigned('URL password', (core) => `postgres://app:${core}@db/app`),
    assigned('odd URL password', (core) => `postgres://app:a/b#c?d${core}@db/app`),
    assigned(
      'Azure AccountKey',
      (core) => `AccountName=logs;AccountKey=${core}==;EndpointSuffix=core.windows.net`,
    ),
    assigned('SAS', (core) => `https://x.blob.core.windows.net/c?sv=2024-01-01&sig=${core}%3D&sp=r`),
    assigned('kubeconfig', (core) => `users: [{client-key-data: ${core}}]`),
    assigned('docker auth', (core) => `{"auths":{"r.example":{"auth":"${core}"}}}`),
    assigned('curl -u', (core) => `curl -u bob:${core} https://api.example.com`),
    assigned('option', (core) => `mysql --password ${core} app`),
    assigned('element', (core) => `<a><password>${core}</password></a>`),
    assigned('pair in JSON', (core) => `[{"Name":"password","Value":"${core}"}]`),
    assigned('Authorization=', (core) => `Authorization=Bearer ${core} x=1`),
    assigned('cookies', (core) => `cookie=a=b; sid=${core}`),
    assigned('go', (core) => `password := ${core}`),
    assigned('index', (core) => `/login?password[]=${core}&a=1`),
    ...NAMES.map((name) => assigned(name, (core) => `${name}: #,;&<${core}`)),
    ...NAMES.map((name) => assigned(`${name}=`, (core) => `a=1 ${name}=Tr0ub;&,#${core}`)),
  ];
}

const NAMES = [
  ...[
    'password_confirmation',
    'password1',
    'DB_PASS',
    'MYSQL_PWD',
    'passwords',
    'api_keys',
    'secret_key_base',
  ],
  ...['AccountKey', 'encryption_key', 'connect.sid', 'sid', 'otp_code', 'cvv', 'Ocp-Apim-Subscription-Key'],
];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const url = (text: string) => Buffer.from(text).toString('base64url');

const STRUCTURED: Readonly<Record<string, () => Omit<Example, 'name'>>> = {
  'Slack webhook': () =>
    within((core) => `https://hooks.slack.com/services/T0${digits(7)}/B0${digits(7)}/${core}`),
  'Discord webhook': () => within((core) => `https://discord.com/api/webhooks/${digits(18)}/${core}`, 68),
  'Teams webhook': () =>
    within((core) => `https://x.webhook.office.com/webhookb2/${core}/IncomingWebhook/${digits(32)}`, 36),
  'Office 365 webhook': () =>
    within((core) => `https://outlook.office.com/webhook/${core}/IncomingWebhook/${digits(32)}`, 36),
  'AWS Signature Version 4': () =>
    within(
      (core) =>
        `AWS4-HMAC-SHA256 Credential=A${'K'}IA${randomOf('0-9A-Z', 16)}/20261125/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${core}`,
      64,
      ALPHABETS.hex,
    ),
  'Entra client secret': () => {
    const core = randomOf(ALPHABETS.alphanumeric, 31);
    return { text: `abc8Q~${core}`, core };
  },
};

function within(write: (core: string) => string, length = 24, letters: string = ALPHABETS.alphanumeric) {
  const core = randomOf(letters, length);
  return { text: write(core), core };
}

function ownRules(): Example[] {
  const secret = () => randomOf(ALPHABETS.alphanumeric, 43);
  const [signature, bearer, key, password] = [
    secret(),
    secret(),
    secret(),
    randomOf(ALPHABETS.alphanumeric, 5),
  ];
  const pem = (name: string) =>
    `-----BEGIN ${name}PRIVATE ${'KEY'}-----\n${key}\n${key}\n-----END ${name}PRIVATE KEY-----`;
  return [
    {
      name: 'JWT',
      text: `${url('{"alg":"HS256"}')}.${url('{"sub":"user-1"}')}.${signature}`,
      core: signature,
    },
    { name: 'Bearer', text: `Bearer ${bearer}`, core: bearer },
    { name: 'quoted Bearer', text: `Bearer "${bearer}"`, core: bearer },
    { name: 'Basic', text: `Basic ${base64(`user:${bearer}`)}`, core: base64(`user:${bearer}`).slice(8, -4) },
    {
      name: 'short Basic',
      text: `Basic ${base64(`a:${password}`)}`,
      core: base64(`a:${password}`).slice(0, 8),
    },
    ...['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '].map((name) => ({
      name: `PEM ${name}`,
      text: pem(name),
      core: key,
    })),
  ];
}

function cards(): Example[] {
  const issued = [
    ['Visa', '4', 16],
    ['Mastercard', '5412', 16],
    ['Mastercard 2', '2221', 16],
    ['American Express', '3714', 15],
    ['Discover', '6011', 16],
    ['Diners Club', '3056', 14],
    ['JCB', '3530', 16],
    ['UnionPay', '6212', 16],
    ['Mir', '2200', 16],
  ] as const;
  return issued.flatMap(([name, beginning, length]) => {
    const plain = withLuhn(beginning + digits(length - beginning.length - 1));
    const groups =
      length === 16 ? plain.replace(/\d{4}(?=\d)/g, '$& ') : plain.replace(/^(\d{4})(\d{6})/, '$1 $2 ');
    return [
      { name, text: plain, core: plain },
      { name: `${name} in groups`, text: groups, core: groups },
    ];
  });
}

function withLuhn(digitsBefore: string): string {
  for (let check = 0; ; check++) {
    const all = digitsBefore + check;
    const sum = [...all].reverse().reduce((total, digit, i) => {
      const weighted = Number(digit) * (i % 2 === 1 ? 2 : 1);
      return total + (weighted > 9 ? weighted - 9 : weighted);
    }, 0);
    if (sum % 10 === 0) return all;
  }
}

function accounts(): Example[] {
  const countries = [
    ['DE', digits(18)],
    ['GB', `NWBK${digits(14)}`],
    ['FR', `${digits(10)}${randomOf('0-9A-Z', 11)}${digits(2)}`],
    ['NL', `ABNA${digits(10)}`],
  ] as const;
  return countries.flatMap(([country, account]) => {
    const expanded = [...`${account}${country}00`].map((letter) => Number.parseInt(letter, 36)).join('');
    const check = String(98n - (BigInt(expanded) % 97n)).padStart(2, '0');
    const plain = country + check + account;
    const groups = plain.replace(/.{4}(?=.)/g, '$& ');
    return [
      { name: `IBAN ${country}`, text: plain, core: plain },
      { name: `IBAN ${country} in groups`, text: groups, core: groups },
    ];
  });
}

function digits(count: number): string {
  return randomOf('1-9', count);
}

/** Letters of a class; one of each sort there is among the first, so that no chance makes it a word. */
function randomOf(letters: string, length: number): string {
  const all = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const allowed = all.filter(
    (letter) => /[0-9A-Za-z]/.test(letter) && new RegExp(`[${letters}]`).test(letter),
  );
  const sure = ['7', 'f', 'Q'].filter((letter) => allowed.includes(letter)).join('');
  const random = [...randomBytes(Math.max(0, length - sure.length))].map(
    (byte) => allowed[byte % allowed.length],
  );
  random.splice(randomInt(Math.min(8, random.length + 1)), 0, sure);
  return random.join('');
}
