import { useState } from 'preact/hooks';
import { receive, tokenHeader } from '../api/call.js';
import { RefusedError, textOfAnswer } from '../api/errors.js';
import { Field } from '../parts/field.js';
import { Problem } from '../parts/problem.js';
import type { Session } from '../session.js';
import { addressOf, settings } from '../settings.js';
import { useAttempt } from './use-attempt.js';

/** A token of the application, tried with a look at its tasks. */
export function TokenForm() {
  const { isTrying, problem, attempt } = useAttempt();
  const [token, setToken] = useState('');
  return (
    <form onSubmit={attempt(() => sessionOf(token.trim()))}>
      <Field name="token" label="Token" isSecret value={token} set={setToken} required />
      <Problem>{problem}</Problem>
      <button type="submit" class="primary wide" aria-disabled={isTrying}>
        {isTrying ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  );
}

async function sessionOf(token: string): Promise<Session> {
  if (!/^[\x20-\x7e]+$/.test(token)) throw new RefusedError(401, 'This is no token.');
  const headers = tokenHeader(token);
  const { status, body } = await receive(addressOf(`${settings.tasks}?limit=1`), { headers });
  if (status === 401) throw new RefusedError(401, textOfAnswer(status, body));
  return { token, user: null, project: null, projectId: null, isAdmin: false };
}
