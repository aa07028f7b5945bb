import type { Format } from '../../format.js';
import { from } from '../../json/field-source.js';
import { GENERIC_FIELDS } from '../../json/generic-fields.js';
import { readPrepared } from '../../json/json-format.js';
import { readIp } from '../../json/json-values.js';
import { refuse } from '../../parsed-line.js';
import { parseLogfmt } from '../../text/logfmt-pairs.js';

/** Keys of which a line has at least one; other text with `=` in it is no log in logfmt. */
const SIGNS = ['level', 'lvl', 'msg', 'message', 'time', 'ts', 't', 'timestamp', 'err', 'error'];
const FIELDS = [...GENERIC_FIELDS, from('client_ip', 'remote_address client', readIp)];

/** What Go prints for no error. */
const NO_ERROR = /^(?:null|nil|<nil>)$/;

/** `key=value` pairs, as go-kit, logrus and many others in Go write them. */
export const logfmt: Format = {
  name: 'logfmt',
  title: 'logfmt (go-kit, logrus)',
  reference: 'https://pkg.go.dev/github.com/go-logfmt/logfmt',
  detect: ({ text }) => {
    if (!/^[^\s="{[(<]{1,100}=/.test(text)) return false;
    const pairs = parseLogfmt(text);
    return (
      pairs !== undefined &&
      Object.keys(pairs).length > 1 &&
      SIGNS.some((name) => typeof pairs[name] === 'string')
    );
  },
  parse({ text }, context) {
    const pairs = parseLogfmt(text);
    if (pairs === undefined) return refuse('malformed', 'no line of logfmt');
    for (const name of ['err', 'error']) if (NO_ERROR.test(String(pairs[name]))) delete pairs[name];
    return readPrepared({ entry: {}, rest: pairs }, FIELDS, context);
  },
};
