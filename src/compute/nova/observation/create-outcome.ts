import type { ServerView } from '../reader/nova-views.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** A server of a create; without a view when Nova no longer knows it. */
export interface Sibling {
  id: string;
  view: ServerView | null;
}

/**
 * How the making of one server has ended. By its state alone: the events of a create say "Success" also when it was
 * not made (nova/compute/manager.py, `_do_build_and_run_instance`).
 */
export function buildVerdict({ view }: Sibling): Verdict {
  if (view === null) return failure('The server was deleted while it was being built.');
  if (view.status === 'UNKNOWN') return BUSY;
  if (view.isLaunched || view.vmState === 'active') return SUCCESS;
  if (view.status === 'ERROR')
    return failure(view.fault?.message || 'The server could not be built.', view.fault?.code);
  if (view.status === 'DELETED' || view.status === 'SOFT_DELETED')
    return failure(
      view.fault?.message || 'The server was deleted while it was being built.',
      view.fault?.code,
    );
  return BUSY;
}

/** How a create has ended: well when all of its servers were made, and not before all have ended. */
export function createVerdict(siblings: readonly Sibling[]): Verdict {
  const verdicts = siblings.map(buildVerdict);
  if (verdicts.some(({ is }) => is === 'busy')) return BUSY;
  const at = verdicts.findIndex(({ is }) => is === 'failure');
  const verdict = verdicts[at];
  if (verdict?.is !== 'failure') return SUCCESS;
  if (siblings.length === 1) return verdict;
  const { code, message } = verdict.fault;
  return failure(`Server ${siblings[at]?.id} of ${siblings.length}: ${message}`, code);
}
