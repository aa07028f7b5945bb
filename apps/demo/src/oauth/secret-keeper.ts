const SECRET_NAMES = new Set([
  'code',
  'state',
  'nonce',
  'code_verifier',
  'client_secret',
  'password',
  'access_token',
  'refresh_token',
  'id_token',
  'device_code',
  'user_code',
  'request_uri',
  'token',
]);
/** What is shorter is found by chance. */
const SHORTEST = 8;

/** Remembers everything secret that went over the wire, so that it can be looked for where it must not be. */
export class SecretKeeper {
  readonly secrets = new Set<string>();

  keep(secret: string | null | undefined): void {
    if (secret !== null && secret !== undefined && secret.length >= SHORTEST) this.secrets.add(secret);
  }

  /** The secrets of a URL, its fragment included. */
  keepOfUrl(url: URL): void {
    this.keepOfForm(url.searchParams);
    this.keepOfForm(new URLSearchParams(url.hash.slice(1)));
  }

  keepOfForm(form: URLSearchParams): void {
    for (const [name, value] of form) if (SECRET_NAMES.has(name)) this.keep(value);
  }

  /** Those of a JSON object. */
  keepOfJson(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && SECRET_NAMES.has(name)) this.keep(inner);
    }
  }
}
