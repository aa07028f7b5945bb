import type { Wrapper } from '../format.js';
import { refuse } from '../parsed-line.js';
import { parseIsoTime } from '../values/time-text.js';

const LINE = /^([a-zA-Z0-9][\w.-]{0,200}) +\|(?: |$)/;
/** The number of the container, as compose names them: `web-1`, in version 1 `web_1`. */
const NUMBERED = /[-_]\d+$/;
/** A container with a name of its own is known by what is logged, or by the other containers of the file. */
const INSIDE = /^(?:\{"|.{0,300} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const COLOURS = /\u001b\[[\d;]{0,20}m/g;
/** `--timestamps` puts Docker's time in front. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z) /;

/** Output of `docker compose logs`: the container's name, padded to one width, before each line. */
export const dockerCompose: Wrapper = {
  name: 'docker-compose',
  title: 'docker compose logs',
  reference: 'https://docs.docker.com/reference/cli/docker/compose/logs/',
  detect: ({ text }, context) => {
    const bare = plain(text);
    const match = LINE.exec(bare);
    if (match === null) return false;
    const isKnown = NUMBERED.test(match[1] as string) || INSIDE.test(bare.slice(match[0].length));
    if (isKnown) context.isCompose = true;
    return context.isCompose;
  },
  unwrap({ text }) {
    const bare = plain(text);
    const match = LINE.exec(bare);
    if (match === null) return refuse('unknown_format', 'no line of docker compose logs');
    const rest = bare.slice(match[0].length);
    const time = TIME.exec(rest);
    const timestamp = time === null ? undefined : parseIsoTime(time[1] as string);
    // A container log (CRI) begins with a time too, but says which stream it is of.
    const isTimed = timestamp !== undefined && !/^(stdout|stderr) [FP]/.test(rest.slice(time?.[0].length));
    return {
      text: isTimed ? rest.slice(time?.[0].length) : rest,
      stream: match[1],
      outer: { component: match[1], ...(isTimed && { timestamp }) },
    };
  },
};

/** Without the colours of the prefix. */
function plain(text: string): string {
  if (!text.startsWith('\u001b')) return text;
  const bar = text.indexOf('|');
  const end = bar === -1 ? text.length : bar + 8;
  return text.slice(0, end).replace(COLOURS, '') + text.slice(end);
}
