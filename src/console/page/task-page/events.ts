import type { Task } from '../task.js';

/** One event of a task's way. */
export interface TaskEvent {
  /** Epoch milliseconds. */
  at: number;
  kind: 'recorded' | 'sent' | 'answered' | 'duplicates' | 'observed' | 'ended' | 'open';
  title: string;
  /** More, in words of the server or of people. */
  note: string | null;
  tone: 'plain' | 'good' | 'bad' | 'open';
}

const ORDER = ['recorded', 'sent', 'answered', 'duplicates', 'observed', 'ended', 'open'];

/** A task's way, in the order of time. What the server does not tell is left out. */
export function eventsOf(task: Task, now: number): TaskEvent[] {
  const events: (TaskEvent | null)[] = [
    event('recorded', task.start_time, 'Recorded'),
    event('sent', task.sent_at, 'Sent'),
    event('answered', task.answered_at, 'Answered'),
    duplicates(task),
    task.ended ? null : observed(task),
    task.ended ? end(task) : { ...OPEN, at: now },
  ];
  return events
    .filter((found) => found !== null)
    .sort((one, other) => one.at - other.at || ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
}

const OPEN = { kind: 'open', title: 'Still open', note: null, tone: 'open' } as const;

function event(
  kind: TaskEvent['kind'],
  at: string | null | undefined,
  title: string,
  note: string | null = null,
  tone: TaskEvent['tone'] = 'plain',
): TaskEvent | null {
  const time = Date.parse(at ?? '');
  return Number.isNaN(time) ? null : { at: time, kind, title, note, tone };
}

function duplicates({ duplicates: found }: Task): TaskEvent | null {
  if (found === undefined || found.refused + found.answered === 0) return null;
  const parts = [
    found.refused > 0 ? `${found.refused} refused` : '',
    found.answered > 0 ? `${found.answered} answered like the first` : '',
  ].filter((part) => part !== '');
  const count = found.refused + found.answered;
  const title = count === 1 ? 'Sent again' : `Sent again ${count} times`;
  return event(
    'duplicates',
    found.last_at,
    title,
    `${parts.join(', ')}${count > 1 ? '. This is the time of the last one' : ''}`,
  );
}

function observed({ observation }: Task): TaskEvent | null {
  return event('observed', observation?.at, 'Looked at', observation?.why ?? null);
}

function end(task: Task): TaskEvent | null {
  const { state, fault, resolved } = task;
  const at =
    task.ended_at ?? (task.ended_at === undefined ? (resolved?.at ?? task.last_updated) : resolved?.at);
  const title =
    resolved === null
      ? state === 'success'
        ? 'Ended well'
        : task.accepted === false
          ? 'Not accepted'
          : 'Ended badly'
      : `Ended by ${resolved.by}`;
  const note = resolved?.reason ?? (fault === null ? null : fault.message);
  return event('ended', at, title, note, state === 'success' ? 'good' : 'bad');
}
