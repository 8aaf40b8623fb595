import { now } from '../clock.js';
import { absoluteText, relativeText } from '../words/time.js';

/** A time, as seen from now; in full where the pointer rests on it, or with `full`. */
export function When({ at, full = false }: { at: string | null | undefined; full?: boolean }) {
  const time = Date.parse(at ?? '');
  if (Number.isNaN(time)) return <>–</>;
  const absolute = absoluteText(time);
  const relative = relativeText(time, now.value);
  return (
    <time dateTime={new Date(time).toISOString()} title={full ? undefined : absolute} class="when">
      {full ? `${absolute} (${relative})` : relative}
    </time>
  );
}
