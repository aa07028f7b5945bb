/** Flags of `import`. */
export interface ImportFlags {
  readonly format?: string;
  readonly listFormats?: boolean;
  readonly timeZone?: string;
  readonly again?: boolean;
  readonly rebaseToNow?: boolean;
  readonly strict?: boolean;
  readonly oauth?: boolean;
  readonly refused?: string;
  /** `CLASS` or `CLASS=DAYS`. */
  readonly archiveClass?: string;
}
