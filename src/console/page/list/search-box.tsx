import { useEffect, useRef, useState } from 'preact/hooks';
import { go } from '../navigation.js';
import { type Filter, listHash, viewOf } from '../view.js';

/** How long a pause in typing is, in milliseconds. */
const PAUSE_MS = 300;

/** One box for all that a task is known by. */
export function SearchBox({ filter }: { filter: Filter }) {
  const [text, setText] = useState(filter.q);
  const timer = useRef<number>(undefined);
  // The history may lead to another search.
  useEffect(() => setText(filter.q), [filter.q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (q: string, instead: boolean) => {
    clearTimeout(timer.current);
    // Who has followed a link meanwhile is not taken back, even if this page has not heard of it yet.
    if (q !== filter.q && viewOf(location.hash).name === 'list') go(listHash({ ...filter, q }), instead);
  };
  const typed = (q: string) => {
    setText(q);
    clearTimeout(timer.current);
    // What is typed on the way is no place to come back to.
    timer.current = window.setTimeout(() => search(q, filter.q !== ''), PAUSE_MS);
  };
  return (
    <form
      role="search"
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(text, false);
      }}
    >
      <label for="q" class="sr-only">
        Search by the beginning of a tag, a server’s or task’s id, a request id or a user
      </label>
      <input
        id="q"
        type="search"
        placeholder="Tag, server, task, request id or user"
        value={text}
        spellcheck={false}
        autocapitalize="none"
        autocomplete="off"
        onInput={(event) => typed(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}
