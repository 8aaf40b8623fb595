import { connect, type Socket } from 'node:net';

/** How long a database may be silent after a query, in milliseconds. */
const SILENCE_LIMIT_MS = 20_000;

/**
 * A connection to a database server that is given up when an answer does not begin in time, as when the server hangs or
 * its machine has vanished. The driver has no such limit that also frees the connection: each would wait a quarter of
 * an hour for TCP, and soon the whole pool. An idle connection stays.
 *
 * @param options the driver's options for a connection; its `stream` option takes this function
 */
export function limitedSocket(
  { config }: { config: { host: string; port: number } },
  limitMs = SILENCE_LIMIT_MS,
): Socket {
  const socket = connect({ host: config.host, port: config.port, noDelay: true, keepAlive: true });
  let written = 0;
  socket.on('data', () => {
    written = socket.bytesWritten;
  });
  socket.setTimeout(limitMs, () => {
    if (socket.bytesWritten > written) socket.destroy();
  });
  return socket;
}
