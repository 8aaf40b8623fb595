import { useState } from 'preact/hooks';
import { DecisionDialog } from './decision-dialog.js';

const ENDS = [
  { label: 'It was not accepted. It may be sent again.', accepted: false, state: 'failure' },
  { label: 'It was accepted, and ended well.', accepted: true, state: 'success' },
  { label: 'It was accepted, and ended badly.', accepted: true, state: 'failure' },
] as const;

/** Ends an unknown task by hand. */
export function ResolveDialog({ uuid, close, done }: { uuid: string; close: () => void; done: () => void }) {
  const [chosen, setChosen] = useState<(typeof ENDS)[number] | null>(null);
  return (
    <DecisionDialog
      title="Resolve the task"
      verb="Resolve"
      action={(reason) =>
        chosen && { resolve: { uuid, accepted: chosen.accepted, state: chosen.state, reason } }
      }
      close={close}
      done={done}
    >
      <p>Decide only what you have looked up yourself. This cannot be undone.</p>
      <fieldset>
        <legend>What happened to the request?</legend>
        {ENDS.map((end) => (
          <label key={end.label} class="check">
            <input
              type="radio"
              name="end"
              required
              checked={chosen === end}
              onChange={() => setChosen(end)}
            />
            {end.label}
          </label>
        ))}
      </fieldset>
    </DecisionDialog>
  );
}
