import { Logger } from '@nestjs/common';

/** `Date` has whole seconds, and an answer takes its time. In milliseconds. */
const RESOLUTION_MS = 1500;

/** A difference that an operator should know of, in milliseconds. */
const NOTABLE_MS = 5000;

/** How much the clock of another server and this one's differ, by the `Date` of its answers. */
export class ClockSkew {
  private readonly logger = new Logger(ClockSkew.name);
  private current = 0;

  /** Milliseconds, as far as is known. */
  get ms(): number {
    return this.current;
  }

  /** @param now this server's time when the answer came, in epoch milliseconds */
  read(date: string | string[] | undefined, now: number): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(theirs)) return;
    const skew = Math.max(0, Math.abs(theirs - now) - RESOLUTION_MS);
    if (skew > NOTABLE_MS && this.current <= NOTABLE_MS)
      this.logger.warn(`The clocks of Nova and of this server differ by ${Math.round(skew / 1000)} s`);
    this.current = skew;
  }
}
