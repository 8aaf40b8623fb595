import { escaped } from './escape.js';
import type { Stream } from './output.js';

/** How often the line of progress is drawn anew, in milliseconds. */
const REDRAW_MS = 1000;

/** What people read while the command works: notes, and on a terminal a line of progress. On stderr. */
export class Messages {
  private timer: NodeJS.Timeout | undefined;
  private state = '';
  private isDrawn = false;

  constructor(
    private readonly stderr: Stream,
    readonly isDebugging: boolean,
  ) {}

  /** A line for the user. */
  note(text: string): void {
    this.erase();
    this.stderr.write(`${text.split('\n').map(escaped).join('\n')}\n`);
  }

  /** A line for whoever asks what happens, with `--debug`. It names no secrets. */
  debug(text: string): void {
    if (this.isDebugging) this.note(`debug: ${text}`);
  }

  /** On a terminal, shows that the command waits, for what, and for how long. */
  progress(state: string): void {
    this.state = state;
    if (this.stderr.isTTY !== true) return;
    if (this.timer === undefined) {
      const since = Date.now();
      const draw = () => {
        this.stderr.write(`\r\x1b[K${escaped(this.state)}, ${Math.round((Date.now() - since) / 1000)} s`);
        this.isDrawn = true;
      };
      this.timer = setInterval(draw, REDRAW_MS);
      this.timer.unref();
      draw();
    }
  }

  /** Takes the line of progress away. */
  done(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.erase();
  }

  private erase(): void {
    if (this.isDrawn) this.stderr.write('\r\x1b[K');
    this.isDrawn = false;
  }
}
