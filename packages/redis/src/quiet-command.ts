import { Command } from 'ioredis';

/**
 * A command that may wait for its answer without keeping the process alive: ioredis's timer for it would. It fails with
 * the connection.
 */
export class QuietCommand extends Command {
  constructor(name: string, args: string[]) {
    super(name, args, { replyEncoding: 'utf8' });
  }

  override setTimeout(): void {}
}
