import { useState } from 'preact/hooks';
import { signInByPassword, signInByToken } from '../api/keystone.js';
import { Field } from '../parts/field.js';
import { Problem } from '../parts/problem.js';
import { useAttempt } from './use-attempt.js';

/** A password or a token, at a Keystone. */
export function KeystoneForm({
  url,
  userHint,
  tokenHint,
}: {
  url: string;
  userHint: string | null;
  tokenHint: string;
}) {
  const [isByToken, setByToken] = useState(false);
  return (
    <>
      <div class="choice" role="group" aria-label="How to sign in">
        <button type="button" aria-pressed={!isByToken} onClick={() => setByToken(false)}>
          Password
        </button>
        <button type="button" aria-pressed={isByToken} onClick={() => setByToken(true)}>
          Token
        </button>
      </div>
      {isByToken ? <ByToken url={url} hint={tokenHint} /> : <ByPassword url={url} hint={userHint} />}
    </>
  );
}

function ByPassword({ url, hint }: { url: string; hint: string | null }) {
  const { isTrying, problem, attempt } = useAttempt();
  const [given, setGiven] = useState({
    user: '',
    password: '',
    project: '',
    userDomain: 'Default',
    projectDomain: 'Default',
  });
  const field = (name: keyof typeof given) => ({
    name,
    value: given[name],
    set: (value: string) => setGiven((before) => ({ ...before, [name]: value })),
  });
  return (
    <form onSubmit={attempt(() => signInByPassword(url, given))}>
      <Field {...field('user')} label="User" hint={hint ?? undefined} autocomplete="username" required />
      <Field {...field('password')} label="Password" isSecret autocomplete="current-password" required />
      <Field {...field('project')} label="Project" autocomplete="organization" required />
      <details>
        <summary>Domains</summary>
        <Field {...field('userDomain')} label="Domain of the user" required />
        <Field {...field('projectDomain')} label="Domain of the project" required />
      </details>
      <Problem>{problem}</Problem>
      <button type="submit" class="primary wide" aria-disabled={isTrying}>
        {isTrying ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  );
}

function ByToken({ url, hint }: { url: string; hint: string }) {
  const { isTrying, problem, attempt } = useAttempt();
  const [token, setToken] = useState('');
  return (
    <form onSubmit={attempt(() => signInByToken(url, token.trim()))}>
      <Field name="token" label="Token" hint={hint} isSecret value={token} set={setToken} required />
      <Problem>{problem}</Problem>
      <button type="submit" class="primary wide" aria-disabled={isTrying}>
        {isTrying ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  );
}
