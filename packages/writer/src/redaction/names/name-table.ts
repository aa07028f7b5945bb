/**
 * Names of secrets, compared without case, `-` and `_`, so that `Set-Cookie`, `set_cookie` and `setCookie` are one.
 * `scripts/docs.mjs` makes the table in the docs of these lists.
 */

/** Headers whose whole line is the value. */
export const HEADERS: readonly string[] = ['authorization', 'proxyauthorization', 'cookie', 'setcookie'];

/** Guessable values, which a hash would not hide from somebody who has the key. */
export const LOW_ENTROPY: readonly string[] = [
  ...['password', 'passwd', 'pwd', 'pass', 'passphrase', 'passcode', 'passwordhash'],
  ...[
    'usercode',
    'otp',
    'otpcode',
    'totp',
    'totpcode',
    'mfacode',
    'smscode',
    'verificationcode',
    'onetimecode',
  ],
  ...['twofactorcode', '2facode', 'cvv', 'cvc', 'cvn', 'csc', 'securitycode', 'cardnumber', 'ssn'],
];

/** Names whose values are always secrets. */
export const ALWAYS: readonly string[] = [
  ...HEADERS,
  ...LOW_ENTROPY.filter((kind) => kind !== 'pass'),
  ...['cookies', 'secret', 'token', 'bearer', 'jwt', 'idtokenhint', 'credentials', 'credential'],
  ...['assertion', 'clientassertion', 'samlresponse', 'samlrequest', 'codeverifier', 'devicecode'],
  ...['recoverycode', 'recoverycodes', 'backupcode', 'backupcodes'],
  ...[
    'sid',
    'sessid',
    'jsessionid',
    'phpsessid',
    'netsessionid',
    'laravelsession',
    'sessioncookie',
    'csrf',
    'xsrf',
  ],
  ...['secretkeybase', 'clientkeydata', 'xamzsignature', 'xgoogsignature', 'xmssignature'],
];

/** A name that ends so is secret whatever stands before: `client_secret`, `DB_PASSWORD`, `x-api-key`, `githubToken`. */
export const ENDINGS: readonly string[] = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'secret', 'token', 'authtoken'],
  ...[
    'apikey',
    'accesskey',
    'privatekey',
    'secretkey',
    'encryptionkey',
    'decryptionkey',
    'signingkey',
    'signaturekey',
  ],
  ...[
    'accountkey',
    'subscriptionkey',
    'functionskey',
    'masterkey',
    'storagekey',
    'sharedkey',
    'sharedaccesskey',
  ],
  ...['authkey', 'authorizationkey', 'hmackey', 'aeskey', 'sshkey', 'deploykey', 'servicekey', 'serverkey'],
  ...[
    'licensekey',
    'integrationkey',
    'writekey',
    'adminkey',
    'rootkey',
    'cipherkey',
    'cryptokey',
    'jwtkey',
    'appkey',
  ],
  ...['connectsid', 'sessionsid', 'credentials'],
];

/** Words too short to be an ending unless something parts them from what stands before: `DB_PASS`, `MYSQL_PWD`, `dbPass`. */
export const SHORT_ENDINGS =
  /(?:[-_.\s](?:[Pp]ass|PASS|[Pp]wd|PWD|[Pp]sw|[Pp]w|PW|[Oo]tp|OTP|[Cc]vv|CVV|[Cc]vc|CVC)|[a-z0-9](?:Pass|Pwd|PWD|Otp|OTP|Cvv|CVV|Cvc|CVC))\d{0,2}$/;

/** What a name may have behind the secret one: `password_confirmation`, `password_hash`, `passwordRepeat`. */
export const REPEATED =
  /(?<=password|passwd|pwd|passphrase|secret|token|key)(?:confirmation|confirm|repeat|repeated|again|verify|verification|check|hash|hashed|digest|salt|value|text|plain|plaintext|raw|b64|base64|enc|encrypted|new|old|current|previous)$/;

/** They end as secrets do, and open nothing: where a list goes on, how many there are, what is public. */
export const HARMLESS =
  /(?:(?:page|next|continuation|sync|cancel|cancellation)tokens?|(?:max|min|total|prompt|completion|input|output|cached|used|reasoning|num|count|avg|per)tokens|(?:primary|foreign|public|partition|sort|cache|idempotency)key)$/;

/** Names that are secret in one place and harmless in another. */
export const OPAQUE: readonly string[] = ['code', 'state', 'tokens', 'pass', 'auth', 'sig', 'signature'];

/** Likewise, whatever stands before. */
export const OPAQUE_ENDINGS: readonly string[] = ['tokens', 'signature', 'dockerauth', 'webhookurl'];

/** Other names of a kind. */
export const KINDS: Readonly<Record<string, string>> = {
  authorizationcode: 'code',
  authcode: 'code',
  oauthcode: 'code',
};
