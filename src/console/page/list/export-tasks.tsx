import { useRef, useState } from 'preact/hooks';
import { listTasks } from '../api/tasks.js';
import type { Task } from '../task.js';
import type { Filter } from '../view.js';
import { csvOf } from '../words/csv.js';

/** The most tasks of one export: what a browser and a spreadsheet handle well. */
const MOST = 10_000;

/** The longest page that the API gives. */
const PAGE_LENGTH = 1000;

/** Saves what was found, all pages of it, as a file. */
export function ExportTasks({ filter }: { filter: Filter }) {
  const [said, setSaid] = useState('');
  const running = useRef<AbortController | null>(null);

  const save = async (kind: 'csv' | 'json') => {
    if (running.current !== null) return;
    const stop = (running.current = new AbortController());
    try {
      const { tasks, isWhole } = await collect(filter, stop.signal, (count) => setSaid(`${count} tasks …`));
      const text = kind === 'csv' ? csvOf(tasks) : `${JSON.stringify(tasks, null, 2)}\n`;
      download(text, kind);
      setSaid(
        isWhole
          ? `${tasks.length} tasks saved.`
          : `The newest ${tasks.length} tasks saved; narrow the search for others.`,
      );
    } catch (error) {
      setSaid((error as Error).message || 'The server does not answer.');
    } finally {
      running.current = null;
    }
  };
  return (
    <>
      <span role="status" class="quiet">
        {said}
      </span>
      <button type="button" onClick={() => void save('csv')}>
        Export CSV
      </button>
      <button type="button" onClick={() => void save('json')}>
        Export JSON
      </button>
    </>
  );
}

async function collect(filter: Filter, signal: AbortSignal, progress: (count: number) => void) {
  const tasks: Task[] = [];
  let marker: string | null = null;
  do {
    const page = await listTasks({ filter, marker, limit: PAGE_LENGTH, withCounts: false }, signal);
    tasks.push(...page.tasks);
    marker = page.next;
    progress(tasks.length);
  } while (marker !== null && tasks.length < MOST);
  return { tasks, isWhole: marker === null };
}

function download(text: string, kind: 'csv' | 'json'): void {
  const type = kind === 'csv' ? 'text/csv;charset=utf-8' : 'application/json';
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `tasks-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
