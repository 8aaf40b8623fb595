import { hasExpired } from '../session.js';
import { settings } from '../settings.js';
import { KeystoneForm } from './keystone-form.js';
import { TokenForm } from './token-form.js';

/** Asks who the user is. The address stays, so that they come to where they wanted to be. */
export function SignIn() {
  const { signIn } = settings;
  return (
    <section class="sign-in">
      <h1 tabIndex={-1}>Sign in</h1>
      {hasExpired.value && signIn.by !== 'browser' && (
        <p class="notice" role="status">
          Your sign-in has ended. Sign in again, and you are back where you were.
        </p>
      )}
      {signIn.by === 'keystone' && (
        <KeystoneForm url={signIn.url} userHint={signIn.userHint} tokenHint={signIn.tokenHint} />
      )}
      {signIn.by === 'token' && <TokenForm />}
      {signIn.by === 'browser' && (
        <>
          <p>You are not signed in to this application. Sign in there, then come back here.</p>
          <button type="button" class="primary" onClick={() => (hasExpired.value = false)}>
            Try again
          </button>
        </>
      )}
    </section>
  );
}
