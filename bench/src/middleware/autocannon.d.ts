/** What the bench uses of autocannon, which comes without types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly headers: Readonly<Record<string, string>>;
  }

  export default function autocannon(
    options: Options,
  ): Promise<{ readonly errors: number; readonly non2xx: number; readonly '2xx': number }>;
}
