import { useState } from 'preact/hooks';
import { settings } from '../settings.js';
import { AbandonDialog } from '../task-page/abandon.js';
import { type Filter, listHash } from '../view.js';

/** What it means that nothing was found, and what one may do. */
export function EmptyList({
  filter,
  isFirst,
  isStale,
  again,
}: {
  filter: Filter;
  /** Whether nothing newer was left out. */
  isFirst: boolean;
  isStale: boolean;
  again: () => void;
}) {
  const [isAbandoning, setAbandoning] = useState(false);
  const { q, all } = filter;
  const isFiltered =
    filter.states.length > 0 || [filter.task, filter.within, filter.since, filter.until].some(Boolean);
  if (isStale) return <p class="quiet padded">Searching …</p>;
  if (!isFirst) return <p class="padded">There are no older ones.</p>;
  if (q === '' && !isFiltered) return <p class="padded">No request has been recorded yet.</p>;
  return (
    <div class="padded">
      <p>
        No task {q !== '' && <>begins with “{q}” in its tag, ids or user</>}
        {isFiltered && ' with these filters'}.
      </p>
      {isFiltered && (
        <p>
          <a href={listHash({ q, all })}>Search without the filters</a>
        </p>
      )}
      {q !== '' && !isFiltered && !all && (
        <p class="quiet">
          If that is a whole tag of this project: no request under it has been accepted so far. It may be sent
          again.
        </p>
      )}
      {q !== '' && !isFiltered && !all && settings.offersDecisions && (
        <button type="button" onClick={() => setAbandoning(true)}>
          Abandon this tag
        </button>
      )}
      {isAbandoning && <AbandonDialog tag={q} close={() => setAbandoning(false)} done={again} />}
    </div>
  );
}
