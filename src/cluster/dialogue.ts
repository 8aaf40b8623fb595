/** The other process: the worker, seen from the primary; `process`, seen from a worker. */
interface Peer {
  send?(message: object, handle: undefined, options: undefined, done: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

interface Message {
  tasktag: 'question' | 'answer';
  id: number;
  /** Name of a question. */
  name?: string;
  /** The answer; missing if it could not be given. */
  body?: unknown;
}

/** Questions and answers between the primary and a worker, over the channel that `node:cluster` keeps for them. */
export class Dialogue {
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private lastId = 0;

  /** @param answers the questions that the other process may ask, by name */
  constructor(
    private readonly peer: Peer,
    private readonly answers: Record<string, () => Promise<unknown>>,
  ) {
    peer.on('message', (message) => void this.take(message as Partial<Message> | null));
  }

  /**
   * Asks the other process.
   *
   * @param limitMs how long to wait for the answer, in milliseconds
   * @throws Error when no answer comes
   */
  async ask<T>(name: string, limitMs: number): Promise<T> {
    const id = (this.lastId += 1);
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<unknown>((resolve) => {
      this.waiting.set(id, resolve);
      timer = setTimeout(resolve, limitMs);
      this.send({ tasktag: 'question', id, name });
    });
    clearTimeout(timer);
    this.waiting.delete(id);
    if (answer === undefined) throw new Error(`Another process of this server did not report its ${name}.`);
    return answer as T;
  }

  private async take(message: Partial<Message> | null): Promise<void> {
    const { tasktag, id = 0, name = '', body } = message ?? {};
    if (tasktag === 'answer') this.waiting.get(id)?.(body);
    if (tasktag !== 'question') return;
    const answer = await this.answers[name]?.().catch(() => undefined);
    this.send({ tasktag: 'answer', id, body: answer });
  }

  /** A process that is gone is noticed elsewhere. */
  private send(message: Message): void {
    this.peer.send?.(message, undefined, undefined, () => undefined);
  }
}
