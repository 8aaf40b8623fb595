import { useState } from 'preact/hooks';
import { act } from '../api/tasks.js';
import { now } from '../clock.js';
import { When } from '../parts/when.js';
import { settings } from '../settings.js';
import type { Task } from '../task.js';
import { durationText } from '../words/time.js';

/** Why a task is still open, and a button that has it looked at now. */
export function WhyOpen({ task, again }: { task: Task; again: () => void }) {
  const { observation } = task;
  return (
    <section class="card padded why">
      <h2>Why is it open?</h2>
      <p class="said">{observation?.why ?? unobserved(task)}</p>
      <p class="quiet">
        Open for {durationText(now.value - Date.parse(task.start_time))}
        {observation && (
          <>
            , looked at <When at={observation.at} />
          </>
        )}
        {observation?.next_at && (
          <>
            , next look <When at={observation.next_at} />
          </>
        )}
        .
      </p>
      {settings.actions !== null && <LookNow uuid={task.uuid} again={again} />}
    </section>
  );
}

function LookNow({ uuid, again }: { uuid: string; again: () => void }) {
  const [said, setSaid] = useState('');
  const look = async () => {
    setSaid('');
    try {
      await act({ look: { uuid } });
      setSaid('It is being looked at.');
    } catch (error) {
      setSaid((error as Error).message);
    }
    again();
  };
  return (
    <p class="buttons">
      <button type="button" onClick={() => void look()}>
        Look now
      </button>
      <span role="status">{said}</span>
    </p>
  );
}

function unobserved({ state }: Task): string {
  return state === 'processing'
    ? 'It was accepted, and its work is not done yet.'
    : 'Its answer is not known yet.';
}
