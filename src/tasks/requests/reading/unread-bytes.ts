import type { IncomingMessage } from 'node:http';

/**
 * Whether a body of which nobody knows the length has any bytes, as some clients always send it in chunks. They stay
 * where they are, for whoever wants to read them.
 */
export function hasBytes(message: IncomingMessage): boolean | Promise<boolean> {
  if (message.readableLength > 0 || message.readableDidRead) return true;
  if (message.complete) return false;
  // Somebody waits for them already, and they may pass by here.
  if (message.readableFlowing !== null) return true;
  return new Promise((resolve) => {
    const tell = () => {
      message.off('readable', tell).off('close', tell);
      resolve(message.readableLength > 0);
    };
    message.on('readable', tell).on('close', tell);
  });
}
