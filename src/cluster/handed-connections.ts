import type { Worker } from 'node:cluster';

interface Handle {
  close(): void;
}

/** Messages about a connection between `node:cluster` and a worker (lib/internal/cluster of Node.js). */
interface ClusterMessage {
  act?: string;
  /** The number of a message. */
  seq?: number;
  /** The number of a message that was received. */
  ack?: number;
}

/**
 * When a worker has ended, closes the connection that was handed to it and that it had not taken yet.
 *
 * Node waits for the worker's confirmation and forgets the connection, so the client would wait for ever. With a single
 * process, killing it resets its connections as well.
 */
export function closeWhatItHasNotTaken(worker: Worker): void {
  const handed = new Map<number, Handle>();
  const channel = worker.process;
  const send = channel.send.bind(channel) as (...parameters: unknown[]) => boolean;
  channel.send = (...parameters: unknown[]) => {
    const [message, handle] = parameters as [ClusterMessage | null, Handle | undefined];
    if (message?.act === 'newconn' && message.seq !== undefined && handle !== undefined)
      handed.set(message.seq, handle);
    return send(...parameters);
  };
  channel.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (ack !== undefined) handed.delete(ack);
  });
  worker.once('exit', () => {
    for (const handle of handed.values()) handle.close();
  });
}
