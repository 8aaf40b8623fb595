import { messageOf } from '../../errors/message-of.js';

/** The most reasons that are remembered: with ever new reasons, enough has been logged by then. */
const MOST = 20;

/** Reports why a repeated attempt fails: each reason once, until it succeeds again. */
export class SaidOnce {
  private readonly said = new Set<string>();

  constructor(private readonly say: (message: string) => void) {}

  failed(error: unknown): void {
    const message = messageOf(error);
    if (this.said.has(message) || this.said.size >= MOST) return;
    this.said.add(message);
    this.say(message);
  }

  succeeded(): void {
    this.said.clear();
  }
}
