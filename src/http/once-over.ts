import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Those who want to know when a connection is closed: one listener for all of them. In lists, not sets: see `InFlight`.
 * They are short, and who came first goes first.
 */
const waiting = new WeakMap<Socket, (() => void)[]>();

/**
 * Calls back once an answer is over: it has been sent, or its connection is closed. Node says nothing of an answer that
 * waits behind another one on the same connection (pipelining) when that is closed.
 *
 * @returns a function that takes this back
 */
export function onceOver(response: ServerResponse, listener: () => void): () => void {
  const socket = socketOf(response);
  const closed = socket === undefined ? [] : closedOf(socket);
  const over = () => {
    if (remove(closed, over)) listener();
  };
  closed.push(over);
  response.once('close', over);
  if (isOver(response)) over();
  return () => {
    remove(closed, over);
    response.off('close', over);
  };
}

/** Whether an answer is over. */
export function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.writableFinished || socketOf(response)?.destroyed === true;
}

function closedOf(socket: Socket): (() => void)[] {
  const known = waiting.get(socket);
  if (known !== undefined) return known;
  const closed: (() => void)[] = [];
  waiting.set(socket, closed);
  socket.once('close', () => {
    for (const over of [...closed]) over();
  });
  return closed;
}

function remove(list: (() => void)[], one: () => void): boolean {
  const place = list.indexOf(one);
  if (place >= 0) list.splice(place, 1);
  return place >= 0;
}

/** Requests that come without a connection, as from a serverless adapter, have none. */
function socketOf(response: ServerResponse): Socket | undefined {
  return (response as Partial<ServerResponse>).req?.socket;
}
