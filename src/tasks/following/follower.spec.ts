import { Logger } from '@nestjs/common';
import type { RequestsInFlight } from '../requests/in-flight/requests-in-flight.js';
import type { TasksOptions } from '../tasks.options.js';
import type { FollowedTasks } from './followed-tasks.js';
import { Follower } from './follower.js';
import type { TaskObserver } from './task-observer.js';
import type { TaskProcesses } from './task-processes.js';

const OBSERVER: TaskObserver = {
  terms: { batch: 200, atOnce: 1, leaseMs: 30_000, pauseMs: 500 },
  observe: () => Promise.resolve([]),
};

describe('a database that is down', () => {
  let warned: string[];
  let isDown: boolean;
  let looks: number;

  beforeEach(() => {
    jest.useFakeTimers();
    warned = [];
    isDown = true;
    looks = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warned.push(String(text)));
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it.each([
    ['the server', OBSERVER],
    ['a host with nobody to ask', null],
  ])('is warned about once, by %s, however long it is down; and again the next time', async (_, observer) => {
    const reasons = ['connect ECONNREFUSED', 'Connection lost'];
    const claim = () => {
      looks += 1;
      return isDown ? Promise.reject(new Error(reasons[looks % 2])) : Promise.resolve([]);
    };
    const tasks = { claimDue: claim, claimLost: claim, lose: () => Promise.resolve() };
    const follower = new Follower(
      tasks as unknown as FollowedTasks,
      { tasks: () => [] } as unknown as RequestsInFlight,
      { alive: () => Promise.resolve([]) } as unknown as TaskProcesses,
      { sweep: true, heartbeat: false, pendingMs: 5000, now: Date.now } as unknown as TasksOptions,
      observer,
    );
    follower.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(looks).toBeGreaterThan(50);
    expect(warned).toHaveLength(reasons.length);
    for (const why of reasons) expect(warned).toContainEqual(expect.stringContaining(why));
    isDown = false;
    await jest.advanceTimersByTimeAsync(2000);
    isDown = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(warned).toHaveLength(4);
    const stopped = follower.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(1000);
    await stopped;
  });
});
