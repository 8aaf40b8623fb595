import { useId } from 'preact/hooks';
import { go } from '../navigation.js';
import { isAdmin } from '../session.js';
import { settings } from '../settings.js';
import { type Filter, listHash } from '../view.js';

const WINDOWS: [value: string, label: string][] = [
  ['', 'at any time'],
  ['15m', 'in the last 15 minutes'],
  ['1h', 'in the last hour'],
  ['24h', 'in the last 24 hours'],
  ['7d', 'in the last 7 days'],
];

const CHOSEN = 'chosen';

/** When, what, and whose. */
export function Filters({ filter }: { filter: Filter }) {
  const id = useId();
  const set = (change: Partial<Filter>) => go(listHash({ ...filter, ...change }));
  const isChosen = filter.since !== '' || filter.until !== '';
  return (
    <div class="filters">
      <label for={`${id}-within`}>When</label>
      <select
        id={`${id}-within`}
        value={isChosen ? CHOSEN : filter.within}
        onChange={({ currentTarget: { value } }) =>
          value === CHOSEN
            ? set({ within: '', since: hoursAgo(24) })
            : set({ within: value, since: '', until: '' })
        }
      >
        {WINDOWS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        <option value={CHOSEN}>from … to …</option>
      </select>
      {isChosen && (
        <>
          <TimeField label="from" value={filter.since} set={(since) => set({ since })} />
          <TimeField label="to" value={filter.until} set={(until) => set({ until })} />
        </>
      )}
      <label for={`${id}-task`}>Action</label>
      <input
        id={`${id}-task`}
        class="short"
        placeholder="any, such as create"
        value={filter.task}
        spellcheck={false}
        autocapitalize="none"
        onChange={({ currentTarget: { value } }) => set({ task: value.trim() })}
      />
      {settings.hasAllProjects && (isAdmin.value || filter.all) && (
        <label class="check">
          <input
            type="checkbox"
            checked={filter.all}
            onChange={({ currentTarget: { checked } }) => set({ all: checked })}
          />
          All projects
        </label>
      )}
    </div>
  );
}

/** A time in the user's own zone. */
function TimeField({ label, value, set }: { label: string; value: string; set: (time: string) => void }) {
  const id = useId();
  return (
    <>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={localText(value)}
        onChange={({ currentTarget }) => {
          const time = currentTarget.value === '' ? NaN : new Date(currentTarget.value).getTime();
          set(Number.isNaN(time) ? '' : new Date(time).toISOString());
        }}
      />
    </>
  );
}

function localText(time: string): string {
  if (time === '') return '';
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function hoursAgo(hours: number): string {
  const minute = Math.floor(Date.now() / 60_000);
  return new Date((minute - hours * 60) * 60_000).toISOString();
}
