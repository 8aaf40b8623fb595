import { KNOWN } from './cases.js';
import { sendKnown } from './measure.js';
import { stop } from './pinned.js';
import { tagOf } from './requests.js';
import { type HowStarted, type Measured, startBare, startTasktag } from './servers.js';
import type { Stage } from './stage.js';

/** Starts the stand-alone server on a database of its own; what is looked up later is created before. */
export async function startStandAlone(
  stage: Stage,
  title: string,
  kind: 'sqlite' | 'mariadb',
  workers?: number,
  { build }: HowStarted = {},
): Promise<Measured> {
  const { url } = await stage.database(kind);
  const settings: Record<string, string> = workers === undefined ? {} : { WORKERS: String(workers) };
  const cores = workers !== undefined && workers > 1 ? 'all' : 'server';
  const server = await startTasktag(stage, title, url, settings, cores, build);
  await sendKnown(stage.load, server, 'create');
  return { ...server, before: () => Promise.resolve() };
}

/** Starts the bare route, which answers what a stand-alone server has answered once. */
export async function startBareRoute(stage: Stage): Promise<Measured> {
  const { url } = await stage.database('sqlite');
  const tasktag = await startTasktag(stage, 'Tasktag', url);
  const server = await startBare(stage, tasktag, tagOf(KNOWN.series, 0));
  await stop(tasktag.process);
  return { ...server, before: () => Promise.resolve() };
}
