import type { Task } from '../task.js';

/** In one sentence, what is known of a task and what that means for its sender. */
export function verdictOf({ state, accepted, tag, resolved, task }: Task): string {
  if (task === 'abandon') return 'The tag was given up: no request under it is carried out any more.';
  const byHand = resolved === null ? '' : ' A person has decided so.';
  switch (state) {
    case 'pending':
      return 'Recorded, and on its way: it is not known yet whether it was accepted.';
    case 'unknown':
      return 'It is not known yet whether it was accepted. Tasktag is finding out.';
    case 'processing':
      return 'Accepted, and under way.';
    case 'success':
      return `Accepted, and it ended well.${byHand}`;
    case 'failure':
      if (accepted === true)
        return `Accepted, and it ended badly. For another try, choose a new tag.${byHand}`;
      if (accepted === false && tag !== null)
        return `It was not accepted. It may be sent again under the same tag.${byHand}`;
      return `It failed.${byHand}`;
  }
}
