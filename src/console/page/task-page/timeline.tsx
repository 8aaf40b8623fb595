import { now } from '../clock.js';
import type { Task } from '../task.js';
import { durationText, preciseText } from '../words/time.js';
import { eventsOf, type TaskEvent } from './events.js';

/** A task's way, drawn from top to bottom; the more time between two events, the longer the line between them. */
export function Timeline({ task }: { task: Task }) {
  const events = eventsOf(task, now.value);
  return (
    <ol class="timeline">
      {events.map((event, at) => (
        <li key={event.kind} class={`tone-${event.tone} event-${event.kind}`}>
          <span class="mark" aria-hidden="true" />
          <div class="event">
            <b>{event.title}</b>
            {event.kind !== 'open' && (
              <time dateTime={new Date(event.at).toISOString()}>
                {preciseText(event.at, at === 0 ? 0 : (events[0]?.at ?? 0))}
              </time>
            )}
            {event.note !== null && <span class="note">{event.note}</span>}
          </div>
          <Gap from={event} to={events[at + 1]} />
        </li>
      ))}
    </ol>
  );
}

/** The line to the next event. Its length goes by the logarithm: milliseconds and hours are both on one page. */
function Gap({ from, to }: { from: TaskEvent; to: TaskEvent | undefined }) {
  if (to === undefined) return null;
  const ms = to.at - from.at;
  const height = 10 + 7 * Math.log10(1 + Math.max(0, ms));
  return (
    <span class="gap" style={{ height: `${Math.round(height)}px` }}>
      {durationText(ms)}
      <span class="sr-only"> later</span>
    </span>
  );
}
