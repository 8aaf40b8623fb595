import type { ObservedTask } from '../../../../compute/compute.service.js';
import type { ActionView } from '../../reader/nova-views.js';
import { deadlineOf } from './deadline.js';
import { matchAction } from './match-actions.js';

const SKEW_MS = 5000;
const NOVA = { answeringSince: 0, maxMicroversion: 93, isTimeKnown: true };
const T0 = Date.parse('2026-11-23T07:45:25.500Z');

function task(uuid: string, more: Partial<ObservedTask> = {}): ObservedTask {
  return {
    uuid,
    task: 'reboot',
    state: 'unknown',
    serverId: 's',
    projectId: 'p',
    userId: 'u',
    isMarked: false,
    requestId: null,
    resource: null,
    startTime: T0,
    lastUpdated: T0,
    lookedAt: null,
    ...more,
  };
}

function action(requestId: string, more: Partial<ActionView> = {}): ActionView {
  return {
    action: 'reboot',
    requestId,
    userId: 'u',
    projectId: 'p',
    // Whole seconds: it seems to have begun before its task.
    startTime: Date.parse('2026-11-23T07:45:25Z'),
    message: null,
    events: [],
    ...more,
  };
}

describe('matching tasks without an answer with actions without a task', () => {
  const first = task('1');
  const second = task('2');

  it('finds the only one', () => {
    expect(matchAction(first, [first], [action('req-1')], SKEW_MS)).toEqual({
      is: 'one',
      requestId: 'req-1',
    });
  });

  it('finds none of another user, of another action, or of before', () => {
    for (const other of [{ userId: 'x' }, { projectId: 'x' }, { action: 'stop' }, { startTime: T0 - 60_000 }])
      expect(matchAction(first, [first], [action('req-1', other)], SKEW_MS)).toEqual({ is: 'none' });
  });

  it('takes as many as there are tasks in the order of time', () => {
    const actions = [action('req-1'), action('req-2')];
    expect(matchAction(first, [first, second], actions, SKEW_MS)).toEqual({ is: 'one', requestId: 'req-1' });
    expect(matchAction(second, [first, second], actions, SKEW_MS)).toEqual({ is: 'one', requestId: 'req-2' });
  });

  it('does not choose between more or fewer', () => {
    const actions = [action('req-1'), action('req-2')];
    expect(matchAction(first, [first], actions, SKEW_MS)).toEqual({
      is: 'several',
      requestIds: ['req-1', 'req-2'],
    });
    expect(matchAction(first, [first, second], [action('req-1')], SKEW_MS).is).toBe('several');
  });

  it('waits for a request like it that is still under way', () => {
    const underWay = task('2', { state: 'pending' });
    expect(matchAction(first, [first, underWay], [action('req-1'), action('req-2')], SKEW_MS).is).toBe(
      'several',
    );
  });
});

const TIMES = { NOVA_TIMEOUT_MS: 60_000, NOVA_LONGEST_REQUEST_MS: 300_000 };

describe('the time after which what is not found was not accepted', () => {
  it('runs from when Nova answers again, for it may have been frozen with the request in it', () => {
    expect(deadlineOf(task('1'), { ...NOVA, answeringSince: T0 - 1000 }, TIMES)).toBe(T0 + 310_000);
    expect(deadlineOf(task('1'), { ...NOVA, answeringSince: T0 + 50_000 }, TIMES)).toBe(T0 + 350_000);
  });

  it('runs from when the request was sent at the latest', () => {
    expect(deadlineOf(task('1'), NOVA, { ...TIMES, NOVA_TIMEOUT_MS: 2000 })).toBe(T0 + 302_000);
  });

  it('does not come while Nova does not answer', () => {
    expect(deadlineOf(task('1'), { ...NOVA, answeringSince: null }, TIMES)).toBe(Infinity);
    expect(deadlineOf(task('1'), { ...NOVA, isTimeKnown: false }, TIMES)).toBe(Infinity);
  });

  it('comes soon after Nova itself has answered with an error', () => {
    const answered = task('1', { requestId: 'req-1', lastUpdated: T0 + 7000 });
    expect(deadlineOf(answered, NOVA, TIMES)).toBe(T0 + 37_000);
  });

  it('is long where a newer Nova attaches a volume when it has answered', () => {
    const attach = task('1', { task: 'attach_volume' });
    expect(deadlineOf(attach, NOVA, TIMES)).toBe(T0 + 310_000);
    expect(deadlineOf(attach, { ...NOVA, maxMicroversion: 101 }, TIMES)).toBe(T0 + 2_110_000);
    const answered = { ...attach, requestId: 'req-1' };
    // Nova's own answer decides, whatever its microversion.
    expect(deadlineOf(answered, { ...NOVA, maxMicroversion: 101 }, TIMES)).toBe(T0 + 30_000);
  });
});
