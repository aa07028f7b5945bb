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

/** The frames of a stack, innermost first; none for a text that is no stack of V8. */
export function stackFrames(stack: string): StackFrame[] {
  return stack.split('\n', MAX_LINES).flatMap((line): StackFrame[] => {
    const [, async, name = '', file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined) return [];
    const isOwn = !FOREIGN.test(file);
    return [{ name, file, line: Number(row), column: Number(column), isAsync: async !== undefined, isOwn }];
  });
}
