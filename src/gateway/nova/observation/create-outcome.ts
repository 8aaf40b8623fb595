import type { ServerView } from '../reader/nova-views.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** How long to wait for the reason of an ERROR, in milliseconds: Nova records it just after the state. */
const REASON_MS = 5000;

/** How far Nova's clock may be ahead, in milliseconds. */
const AHEAD_MS = 60_000;

/** A server of a create; without a view when Nova no longer has it. */
export interface Sibling {
  id: string;
  view: ServerView | null;
}

/**
 * The outcome of making one server, by its state alone: the events of a create say "Success" even when it failed
 * (nova/compute/manager.py, `_do_build_and_run_instance`).
 *
 * @param now epoch milliseconds
 */
export function buildVerdict({ view }: Sibling, now: number): Verdict {
  if (view === null) return failure('The server was deleted while it was being built.');
  if (view.status === 'UNKNOWN') return BUSY;
  if (view.isLaunched || view.vmState === 'active') return SUCCESS;
  if (view.status === 'ERROR') {
    if (view.fault === null && hasJustChanged(view, now)) return BUSY;
    return failure(view.fault?.message || 'The server could not be built.', view.fault?.code);
  }
  if (view.status === 'DELETED' || view.status === 'SOFT_DELETED')
    return failure(
      view.fault?.message || 'The server was deleted while it was being built.',
      view.fault?.code,
    );
  return BUSY;
}

/** The outcome of a create: success if all of its servers were made, and not before all have ended. */
export function createVerdict(siblings: readonly Sibling[], now: number): Verdict {
  const verdicts = siblings.map((sibling) => buildVerdict(sibling, now));
  if (verdicts.some(({ is }) => is === 'busy')) return BUSY;
  const at = verdicts.findIndex(({ is }) => is === 'failure');
  const verdict = verdicts[at];
  if (verdict?.is !== 'failure') return SUCCESS;
  if (siblings.length === 1) return verdict;
  const { code, message } = verdict.fault;
  return failure(`Server ${siblings[at]?.id} of ${siblings.length}: ${message}`, code);
}

function hasJustChanged({ updatedAt }: ServerView, now: number): boolean {
  const age = now - updatedAt;
  return age < REASON_MS && age > -AHEAD_MS;
}
