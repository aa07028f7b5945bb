/**
 * Draws docs/pictures/follow.svg: what `tailrace follow` shows while the demo runs, colours included.
 *
 * `node scripts/follow-picture.mjs`, after a build. It starts a gateway and the demo on free ports; nothing is made up,
 * and the picture changes with every run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const LINES = 18;
const COLUMNS = 112;
const DEMO_SECONDS = 30;
const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);
const COMMAND = 'npx -y pnpm@10 just logs-follow';

const LETTER_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 14;
const BAR = 30;

/** Colours of SGR numbers, for a dark page. */
const COLOURS = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};
const PLAIN = '#d0d7de';

function start(path, args, env) {
  const child = spawn(process.execPath, [ROOT + path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.text = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    child.text += text;
    child.emit('printed');
  });
  return child;
}

async function until(child, pattern) {
  for (;;) {
    const found = pattern.exec(child.text);
    if (found !== null) return found[1];
    await once(child, 'printed', { signal: AbortSignal.timeout(60_000) });
  }
}

async function stop(child) {
  const ended = child.exitCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGINT');
  await ended;
}

async function followedLines() {
  const gateway = start('apps/gateway/dist/main.js', [], { PORT: '0', ENGINE_PORT: '0' });
  const url = await until(gateway, /listens on +(\S+)/);
  const redis = await until(gateway, /REDIS_URL=(\S+)/);
  const follower = start('apps/cli/dist/main.js', ['follow'], { TAILRACE_URL: url, FORCE_COLOR: '1' });
  const demo = start('apps/demo/dist/main.js', [], {
    TAILRACE_URL: url,
    REDIS_URL: redis,
    DEMO_PORT: '0',
    DEMO_SECONDS: String(DEMO_SECONDS),
  });
  await once(demo, 'exit');
  await stop(follower);
  await stop(gateway);
  return mostTelling(follower.text.trimEnd().split('\n'));
}

/** The window of lines with most kinds of them: errors, warnings, audit and ordinary requests together. */
function mostTelling(lines) {
  const kinds = (from) => {
    const window = lines.slice(from, from + LINES).join('\n');
    return [/ ERROR /, / AUDIT /, / WARNING /, / 5\d\d /, / 4\d\d /, / 20\d /, / INFO /].filter((kind) =>
      kind.test(window),
    ).length;
  };
  const starts = Array.from({ length: Math.max(1, lines.length - LINES) }, (_, i) => i);
  const best = starts.reduce((best, at) => (kinds(at) > kinds(best) ? at : best), 0);
  return lines.slice(best, best + LINES);
}

/** A line with SGR escapes as pieces of one style. */
function pieces(line) {
  const found = [];
  let style = {};
  let column = 0;
  for (const part of line.split(STYLE)) {
    if (part.startsWith(ESCAPE)) {
      for (const code of part.slice(2, -1).split(';').map(Number)) style = styled(style, code);
      continue;
    }
    const text = part.slice(0, COLUMNS - column);
    if (text !== '') found.push({ text, column, ...style });
    column += text.length;
  }
  return found;
}

function styled(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return COLOURS[code] === undefined ? style : { ...style, colour: COLOURS[code] };
}

function drawn(lines) {
  const width = Math.ceil(COLUMNS * LETTER_WIDTH) + 2 * MARGIN;
  const height = BAR + lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, i) => {
    const y = BAR + MARGIN + (i + 0.75) * LINE_HEIGHT;
    return pieces(line)
      .map((piece) => drawnPiece(piece, y))
      .join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Output of ${COMMAND}">
<rect width="${width}" height="${height}" rx="8" fill="#161b22"/>
<rect width="${width}" height="${BAR}" rx="8" fill="#21262d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<text x="${MARGIN}" y="20" fill="#8b949e">$ ${COMMAND}</text>
${rows.join('\n')}
</g>
</svg>
`;
}

function drawnPiece({ text, column, colour = PLAIN, bold, dim }, y) {
  const x = (MARGIN + column * LETTER_WIDTH).toFixed(1);
  const length = (text.length * LETTER_WIDTH).toFixed(1);
  const style = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
  // Blanks next to each other, and at an end, are drawn only as such that do not break.
  const escaped = text
    .replaceAll(' ', '\u00a0')
    .replace(/[&<>]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[letter]);
  return `<text x="${x}" y="${y.toFixed(1)}" textLength="${length}" fill="${colour}"${style}>${escaped}</text>`;
}

writeFileSync(`${ROOT}docs/pictures/follow.svg`, drawn(await followedLines()));
