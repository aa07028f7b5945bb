/** A frame of a stack as V8 prints it (v8.dev/docs/stack-trace-api). */
export interface StackFrame {
  /** `''` where it has none. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly isAsync: boolean;
  /** It is no dependency, and not of Node itself. */
  readonly isOwn: boolean;
}

const FRAME = /^\s*at (async )?(?:(.{1,300}?) \()?(?:file:\/\/)?(.{1,500}?):(\d+):(\d+)\)?$/;
const FOREIGN = /[\\/]node_modules[\\/]|^node:|^internal[\\/]|^native$|^<anonymous>$/;
const MAX_LINES = 60;

/** The innermost frame in own code that was called, else the innermost that was awaited; nothing for what is no stack of V8. */
export function ownFrame(stack: string): StackFrame | undefined {
  let awaited: StackFrame | undefined;
  for (const line of stack.split('\n', MAX_LINES)) {
    const frame = frameOf(line);
    if (frame === undefined || !frame.isOwn) continue;
    if (!frame.isAsync) return frame;
    awaited ??= frame;
  }
  return awaited;
}

function frameOf(line: string): StackFrame | undefined {
  const [, async, name = '', file, row, column] = FRAME.exec(line) ?? [];
  if (file === undefined) return undefined;
  const isOwn = !FOREIGN.test(file);
  return { name, file, line: Number(row), column: Number(column), isAsync: async !== undefined, isOwn };
}
