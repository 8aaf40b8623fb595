import { tablesOf, THIS } from './builds.js';
import type { CaseName } from './cases.js';
import { sendKnown, sendSome } from './measure.js';
import { postOrder } from './requests.js';
import { type App, type BenchServer, type HowStarted, type Measured, startApp } from './servers.js';
import type { Stage } from './stage.js';

export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** How many requests a handler must do right before it is measured. */
const TRIAL = 200;

/** An application with `POST /orders`, and what is known of it. */
export interface Handler extends App {
  database: 'mariadb' | 'sqlite' | 'redis' | 'none';
  /** What it answers when a request is repeated that has been answered. */
  repeat: 202 | 409;
}

/** Starts a handler on a database of its own, and sees that it does what is measured. */
export async function startHandler(stage: Stage, handler: Handler, how: HowStarted = {}): Promise<Measured> {
  if (handler.database === 'redis' || handler.database === 'none') {
    const url = handler.database === 'redis' ? REDIS_URL : '';
    const server = await startApp(stage, handler, url, how);
    await tryRepeat(server, handler.repeat);
    return { ...server, before: () => Promise.resolve() };
  }
  const { url } = await stage.database(handler.database);
  const { makeTables, emptyTasks, countTasks } = await tablesOf(how.build ?? THIS);
  await makeTables(url);
  const server = await startApp(stage, handler, url, how);
  await tryRepeat(server, handler.repeat);
  await emptyTasks(url);
  await sendSome(stage.load, server, 'first', TRIAL);
  const { all, success } = await countTasks(url);
  if (all !== TRIAL || success !== TRIAL) {
    throw new Error(`${server.title}: ${TRIAL} requests left ${all} tasks, ${success} of them successful.`);
  }
  // Each window begins with an empty table: a fast candidate must not be slowed down by the rows it has written.
  const before = async (name: CaseName) => {
    await emptyTasks(url);
    if (name === 'duplicate') await sendKnown(stage.load, server, 'first');
  };
  return { ...server, before };
}

/** One request is answered 202, and the same one again as the handler says. */
async function tryRepeat({ title, url }: BenchServer, repeat: number): Promise<void> {
  const { method, path, headers, body } = postOrder(`trial-${process.pid}-${Date.now()}`);
  for (const expected of [202, repeat]) {
    const { status } = await fetch(url + path, { method, headers, body });
    if (status !== expected) throw new Error(`${title} answered ${status}, and not ${expected}.`);
  }
}
