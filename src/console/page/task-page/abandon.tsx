import { DecisionDialog } from './decision-dialog.js';

/** Gives up a tag under which nothing was accepted. */
export function AbandonDialog({ tag, close, done }: { tag: string; close: () => void; done: () => void }) {
  return (
    <DecisionDialog
      title="Abandon the tag"
      verb="Abandon"
      action={(reason) => ({ abandon: { tag, reason } })}
      close={close}
      done={done}
    >
      <p>
        No request under <b class="tag">{tag}</b> will be carried out any more, not even one that is still on
        its way. This cannot be undone. If one has been accepted already, it is refused.
      </p>
    </DecisionDialog>
  );
}
