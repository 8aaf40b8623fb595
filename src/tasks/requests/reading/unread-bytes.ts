import type { IncomingMessage } from 'node:http';

/**
 * Whether a body of unknown length has any bytes: some clients always send it in chunks. The bytes stay unread, for
 * other code to read.
 */
export function hasBytes(message: IncomingMessage): boolean | Promise<boolean> {
  if (message.readableLength > 0 || message.readableDidRead) return true;
  if (message.complete) return false;
  // Other code already waits for them, and may read them first.
  if (message.readableFlowing !== null) return true;
  return new Promise((resolve) => {
    const tell = () => {
      message.off('readable', tell).off('close', tell);
      resolve(message.readableLength > 0);
    };
    message.on('readable', tell).on('close', tell);
  });
}
