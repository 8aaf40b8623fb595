import type { ObservedTask } from '../../../src/compute/compute.service.js';
import { Settings } from '../../../src/config/settings.js';
import type { NovaClock } from '../../../src/gateway/nova/clock/nova-clock.js';
import type { Offset } from '../../../src/gateway/nova/clock/offset.js';
import { NovaObserver } from '../../../src/gateway/nova/observation/nova-observer.js';
import { ForeignServers } from '../../../src/gateway/nova/observation/recovery/foreign-servers.js';
import type { RecordedTasks } from '../../../src/gateway/nova/observation/recovery/recorded-tasks.js';
import type { NovaReader } from '../../../src/gateway/nova/reader/nova-reader.js';

/** When the tests take place, in epoch milliseconds. */
export const NOW = 1_000_000;

/** An observer of a Nova whose answers the test makes up. */
export class ObserverAlone {
  /** The paths that Nova was asked for. */
  readonly asked: string[] = [];
  now = NOW;
  ahead: Offset | null = { earliest: -1000, latest: 1000 };

  of(answer: (path: string) => { status: number; body?: unknown }): NovaObserver {
    const reader = {
      answeringSince: 0,
      lastKnownMicroversion: 93,
      maxMicroversion: () => Promise.resolve(93),
      get: (path: string) => {
        this.asked.push(path);
        return Promise.resolve().then(() => answer(path));
      },
    };
    const tasks = {
      undecided: () => Promise.resolve([]),
      serversOfTasks: () => Promise.resolve(new Set()),
      requestIdsOfTasks: () => Promise.resolve(new Set()),
    };
    return new NovaObserver(
      reader as unknown as NovaReader,
      { offset: null, known: () => Promise.resolve(this.ahead) } as unknown as NovaClock,
      tasks as unknown as RecordedTasks,
      new Settings(),
      new ForeignServers(),
      () => this.now,
    );
  }
}

/** The n-th task: a stop that was accepted twenty seconds ago, unless said otherwise. */
export function task(at: number, more: Partial<ObservedTask> = {}): ObservedTask {
  return {
    uuid: `task-${at}`,
    task: 'stop',
    state: 'processing',
    serverId: `server-${at}`,
    projectId: 'p',
    userId: 'u',
    isMarked: false,
    requestId: `req-${at}`,
    resource: null,
    startTime: NOW - 20_000,
    lastUpdated: NOW - 20_000,
    lookedAt: null,
    ...more,
  };
}
