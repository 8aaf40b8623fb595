import { awaySince, isLive } from '../api/live.js';
import { hasExpired, session, signOut } from '../session.js';
import { addressOf, settings } from '../settings.js';
import { listHash } from '../view.js';
import { absoluteText } from '../words/time.js';

/** The top of the page: where one is, and as whom. */
export function Header() {
  const { value: known } = session;
  const isIn = known !== null || (settings.signIn.by === 'browser' && !hasExpired.value);
  return (
    <header class="top">
      <a class="home" href={listHash({})}>
        <img src={addressOf('icon.svg').href} alt="" width={24} height={24} /> Tasktag
      </a>
      {isIn && (
        <div class="who">
          <button type="button" aria-pressed={isLive.value} onClick={() => (isLive.value = !isLive.value)}>
            <span class="live-dot" aria-hidden="true" /> Live
          </button>
          {known?.user && (
            <span class="name" title="user and project">
              {known.user} <span class="quiet">in {known.project}</span>
            </span>
          )}
          {known !== null && (
            <button type="button" onClick={() => signOut()}>
              Sign out
            </button>
          )}
        </div>
      )}
    </header>
  );
}

/** Says that the server is away, and that the page goes on by itself. */
export function AwayNotice() {
  const { value: since } = awaySince;
  return (
    <div role="status">
      {since !== null && (
        <p class="notice">
          The server does not answer since {absoluteText(since)}. What you see is from before. This page keeps
          trying.
        </p>
      )}
    </div>
  );
}
