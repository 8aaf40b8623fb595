import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { act } from '../api/tasks.js';
import { Dialog } from '../parts/dialog.js';
import { Problem } from '../parts/problem.js';

/** The longest reason. */
const MOST_CHARACTERS = 255;

/** Asks for a decision and its reason, and sends it. */
export function DecisionDialog({
  title,
  verb,
  action,
  close,
  done,
  children,
}: {
  title: string;
  /** What the button says. */
  verb: string;
  /** The body of the action for a reason; `null` while the form is not complete. */
  action: (reason: string) => Record<string, object> | null;
  close: () => void;
  done: () => void;
  children: ComponentChildren;
}) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const send = async () => {
    const body = action(reason.trim());
    if (body === null) return;
    try {
      await act(body);
      close();
      done();
    } catch (error) {
      setProblem((error as Error).message || 'The server does not answer. Try again.');
    }
  };
  return (
    <Dialog title={title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {children}
        <p class="field">
          <label for="reason">The reason</label>
          <textarea
            id="reason"
            rows={3}
            required
            maxLength={MOST_CHARACTERS}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <span class="quiet">Everyone who sees the task can read it.</span>
        </p>
        <Problem>{problem}</Problem>
        <div class="buttons">
          <button type="submit" class="danger">
            {verb}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
