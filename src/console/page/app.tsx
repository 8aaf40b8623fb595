import { useEffect } from 'preact/hooks';
import { ListView } from './list/list-view.js';
import { view } from './navigation.js';
import { AwayNotice, Header } from './parts/header.js';
import { hasExpired, session } from './session.js';
import { settings } from './settings.js';
import { SignIn } from './sign-in/sign-in.js';
import { TaskView } from './task-page/task-view.js';

/** The whole page. */
export function App() {
  const isOut = settings.signIn.by === 'browser' ? hasExpired.value : session.value === null;
  const place = isOut ? 'sign-in' : view.value.name === 'task' ? view.value.uuid : 'list';

  // Where people are is told by the heading, which gets the focus: otherwise a screen reader says nothing.
  useEffect(() => {
    document.querySelector<HTMLElement>(isOut ? 'form input, h1' : 'h1')?.focus();
  }, [place]);

  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('h1')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Header />
      <main id="main">
        <AwayNotice />
        {isOut ? <SignIn /> : <Content />}
      </main>
    </>
  );
}

function Content() {
  const { value } = view;
  return value.name === 'task' ? (
    <TaskView key={value.uuid} uuid={value.uuid} all={value.all} />
  ) : (
    <ListView filter={value.filter} marker={value.marker} />
  );
}
