import { type BackOff, pause } from './clock.js';
import type { CallSettings } from './fetch-whole.js';
import { type Found, inquire, type Inquiry } from './inquiry.js';
import { hasEnded, isDecided, maySendAgain, type Task, wasRejected } from './task.js';

/** What the look-ups have come to. */
export type Acceptance =
  | { is: 'accepted'; task: Task }
  /** As of the last look-up. Only after this verdict may the request be sent again. */
  | { is: 'not accepted'; task?: Task }
  /** Not accepted either, for a reason in the request itself: sending it again would not help. */
  | { is: 'rejected'; task: Task }
  /** Nor will it be under this tag. */
  | { is: 'abandoned'; task: Task }
  | { is: 'unknown'; task?: Task; cause?: unknown };

/** How patiently the outcome of a request is looked up. */
export interface Patience {
  backOff: BackOff;
  /** How long a task may be `unknown`, in milliseconds since it was first seen so. */
  unknownMs: number;
}

/** The longest wait of a server, in milliseconds. */
const LONGEST_WAIT_MS = 60_000;

/** The part of the time for an answer that the server may wait; the rest is for its way. */
const PART_OF_TIMEOUT = 0.8;

/** The look-ups of one request. */
export class FollowUp {
  /** The uuid of the request's task, once the server has named it. */
  private uuid: string | undefined;
  /** How long the task may be `unknown`, in epoch milliseconds. */
  private unknownUntil = Infinity;
  /** Whether the server knows how to wait; `null` before it has been asked to. */
  private canWait: boolean | null = null;
  /** Whether its last answer came after a wait. */
  private hasWaited = false;
  /** Whether no other task of the tag is open, as of the last look-up. */
  private isAlone = false;

  constructor(
    private readonly to: CallSettings,
    private readonly inquiry: Inquiry,
    private readonly patience: Patience,
  ) {}

  /** Names the one of the tag's tasks that belongs to the request. */
  is(task: Task): void {
    this.uuid = task.uuid;
    this.mind(task);
  }

  /** Asks, once at least, until it is known whether the request was accepted, or until a time. */
  async acceptance(until: number): Promise<Acceptance> {
    let task: Task | undefined;
    for (let tries = 1; ; tries += 1) {
      const found = await inquire(this.to, this.inquiry);
      if (found.is === 'nothing') return { is: 'not accepted' };
      if (found.is === 'abandoned') return found;
      if (found.is === 'tasks') {
        task = this.ownOf(found.tasks);
        this.mind(task);
        if (maySendAgain(task)) return { is: 'not accepted', task };
        if (wasRejected(task)) return { is: 'rejected', task };
        if (isDecided(task)) return { is: 'accepted', task };
      }
      const isInTime = found.is !== 'refused' && (await this.pause(tries, found.retryAfterMs, until));
      if (!isInTime) {
        const cause = 'cause' in found ? { cause: found.cause } : {};
        return { is: 'unknown', ...cause, ...(task !== undefined && { task }) };
      }
    }
  }

  /**
   * Follows the task to its end, until a time, or until it has been unknown for too long.
   *
   * @param task as it was last seen; `null` if it has not been seen yet
   * @returns the task as it was last seen; `null` when none was seen
   */
  async toTheEnd(task: Task | null, until: number): Promise<Task | null> {
    let seen = task;
    let waitS = 0;
    for (let tries = 1; seen === null || !hasEnded(seen);) {
      const found = await inquire(this.to, this.inquiry, waitS);
      if (found.is !== 'tasks' && found.is !== 'lost') return seen;
      if (found.is === 'tasks') {
        seen = this.ownOf(found.tasks);
        this.is(seen);
        if (hasEnded(seen)) return seen;
      }
      this.learn(found, seen, waitS);
      if (this.hasWaited) tries = 1;
      // Before its first wait there is no pause: the server pauses.
      if (waitS > 0 || this.waitSeconds(until) === 0) {
        if (!(await this.pause(tries, found.retryAfterMs, until))) return seen;
        tries += 1;
      }
      waitS = this.waitSeconds(until);
    }
    return seen;
  }

  /** Learns whether the server can be asked to wait for the task. */
  private learn(found: Found, own: Task | null, waitS: number): void {
    this.hasWaited = found.is === 'tasks' && found.hasWaited;
    if (this.hasWaited) this.canWait = true;
    // Perhaps it does not get the header: a browser first asks another origin's server for leave.
    else if (waitS > 0) this.canWait ??= false;
    // It waits for all tasks of the tag.
    if (found.is === 'tasks')
      this.isAlone =
        found.areAllShown && found.tasks.every((task) => task.uuid === own?.uuid || hasEnded(task));
  }

  /** How long the server may wait before its next answer, in seconds; 0: it is not to. */
  private waitSeconds(until: number): number {
    if (this.canWait === false || !this.isAlone) return 0;
    const { clock, timeoutMs } = this.to;
    const leftMs = Math.min(until, this.unknownUntil) - clock.now();
    return Math.max(0, Math.floor(Math.min(leftMs, timeoutMs * PART_OF_TIMEOUT, LONGEST_WAIT_MS) / 1000));
  }

  /** The named task; otherwise the newest, preferring one that was not rejected. */
  private ownOf(tasks: [Task, ...Task[]]): Task {
    const named = tasks.find(({ uuid }) => uuid === this.uuid);
    return named ?? tasks.find((task) => !wasRejected(task)) ?? tasks[0];
  }

  /** Notes when the task was first seen as unknown. */
  private mind({ state }: Task): void {
    if (state !== 'unknown') this.unknownUntil = Infinity;
    else if (this.unknownUntil === Infinity)
      this.unknownUntil = this.to.clock.now() + this.patience.unknownMs;
  }

  private pause(tries: number, leastMs: number, until: number): Promise<boolean> {
    const { backOff } = this.patience;
    const last = Math.min(until, this.unknownUntil);
    return pause(this.to.clock, this.to.signal, { backOff, tries, leastMs, until: last });
  }
}
