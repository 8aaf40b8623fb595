import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Loop } from '../following/loop.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import type { Awaited, TasksOf } from './awaited.js';
import type { Limits } from './limits.js';
import { fitting } from './fitting.js';
import { type Look, Looks } from './looks.js';
import type { Watch } from './watch.js';
import { Watches } from './watches.js';

/** How often everything awaited is looked at, in milliseconds. */
const ROUND_MS = 1000;

/** How soon after news another look may follow, in milliseconds: news that come close together share one. */
const GATHER_MS = 20;

/**
 * The longest list in a statement, in characters: databases limit the size of a statement, MariaDB to 16 MB if it is not
 * told otherwise. Ten thousand usual tags are one megabyte.
 */
const LONGEST_LIST = 4_000_000;

/** The longest time of Node's timers. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Waits for tasks. All waits of a process together ask the database one question a second; news that this process
 * recorded itself is looked at at once. A wait changes nothing, and the caller looks up by itself what it then shows.
 */
@Injectable()
export class TaskWaits implements OnModuleDestroy {
  private readonly logger = new Logger(TaskWaits.name);
  private readonly watches = new Watches();
  private readonly loop: Loop;
  private waiting = 0;
  private isStopped = false;
  /** When everything was last looked at, by `performance.now()`. */
  private roundAt = -Infinity;
  /** When anything was, by the same. */
  private lookedAt = -Infinity;
  /** Tasks with outcomes since the last look began, which may not have seen them. */
  private endedMeanwhile = new Set<string>();

  constructor(
    private readonly looks: Looks,
    recorder: TaskRecorder,
  ) {
    recorder.recorded.subscribe((task) => {
      if (this.watches.size > 0) this.hear(this.watches.concernedBy(task));
    });
    recorder.settled.subscribe(({ uuid, subjects }) => {
      if (this.watches.size === 0) return;
      this.endedMeanwhile.add(uuid);
      this.hear([...this.watches.awaiting(uuid), ...subjects.flatMap((one) => this.watches.about(one))]);
    });
    this.loop = new Loop({
      step: () => this.look(),
      pauseMs: ROUND_MS,
      onError: (message) => this.logger.warn(`Awaited tasks cannot be looked at: ${message}`),
    });
    // Started here, not by the first request, so that it runs outside the context of any request.
    this.loop.start();
  }

  /** How many wait now. */
  get count(): number {
    return this.waiting;
  }

  /**
   * Waits until all tasks of a tag or of a subject have ended, and there is at least one. It looks once at least.
   *
   * @param groups several: the first that has a task counts
   * @returns false when the time was up, the signal aborted, or the application stops
   */
  untilAllEnded(groups: TasksOf | readonly TasksOf[], limits: Limits): Promise<boolean> {
    return this.wait({ until: 'all ended', of: [groups].flat() }, limits);
  }

  /** Waits until a task has ended; it must exist. @returns as above */
  untilEnded(uuid: string, limits: Limits): Promise<boolean> {
    return this.wait({ until: 'ended', uuid }, limits);
  }

  /** Waits until it is known whether a task's request was accepted; it must exist. @returns as above */
  untilDecided(uuid: string, limits: Limits): Promise<boolean> {
    return this.wait({ until: 'decided', uuid }, limits);
  }

  /** A stop ends all waits, and begins no more. It comes before the last requests are answered. */
  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    for (const watch of this.watches.all()) for (const end of watch.waiters) end(false);
    await this.loop.stop();
  }

  private wait(awaited: Awaited, { ms, signal }: Limits): Promise<boolean> {
    if (signal?.aborted === true) return Promise.resolve(false);
    if (this.isStopped || ms <= 0) return this.isMet(awaited);
    return new Promise((resolve) => {
      const watch = this.watches.of(awaited);
      const end = (isMet: boolean) => {
        if (!watch.waiters.delete(end)) return;
        this.waiting -= 1;
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        if (watch.waiters.size === 0) this.watches.forget(watch);
        resolve(isMet);
      };
      const giveUp = () => end(false);
      const timer = setTimeout(giveUp, Math.min(ms, LONGEST_MS));
      signal?.addEventListener('abort', giveUp);
      watch.waiters.add(end);
      this.waiting += 1;
      this.hear([watch]);
    });
  }

  private async isMet(awaited: Awaited): Promise<boolean> {
    const [look] = await this.looks.at([awaited]);
    return look?.isFound === true && look.open === null;
  }

  private hear(concerned: readonly Watch[]): void {
    if (concerned.length === 0) return;
    for (const watch of concerned) watch.hasNews = true;
    this.loop.wake(Math.max(0, this.lookedAt + GATHER_MS - performance.now()));
  }

  /** @returns how long to wait before the next look, in milliseconds */
  private async look(): Promise<number> {
    if (this.watches.size === 0) return Infinity;
    const now = performance.now();
    const isRound = now - this.roundAt >= ROUND_MS;
    if (isRound) this.roundAt = now;
    const watches = [...this.watches.all()].filter(({ hasNews }) => hasNews || isRound);
    if (watches.length > 0) await this.lookAt(fitting(watches, LONGEST_LIST));
    return Math.max(0, this.roundAt + ROUND_MS - performance.now());
  }

  private async lookAt(watches: readonly Watch[]): Promise<void> {
    const questions = watches.map(({ question }) => question);
    this.lookedAt = performance.now();
    for (const watch of watches) Object.assign(watch, { hasNews: false, lookedAt: this.lookedAt });
    const ended = (this.endedMeanwhile = new Set());
    const looks = await this.looks.at(questions);
    for (const [n, watch] of watches.entries()) {
      const { isFound, open } = looks[n] as Look;
      if (isFound && open === null) {
        if (questions[n] === watch.awaited) for (const end of watch.waiters) end(true);
        // The one has ended; others of the group may be open.
        else this.hear([watch]);
      } else if (open !== null) {
        this.watches.awaits(watch, open);
        if (ended.has(open)) this.hear([watch]);
      }
    }
  }
}
