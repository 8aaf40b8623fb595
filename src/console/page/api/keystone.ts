import type { Session } from '../session.js';
import { addressOf } from '../settings.js';
import { receive } from './call.js';
import { RefusedError, textOfAnswer } from './errors.js';

/** What a user has typed. */
export interface Password {
  user: string;
  password: string;
  project: string;
  userDomain: string;
  projectDomain: string;
}

/** The facts of a token, of Keystone's `/v3/auth/tokens`. */
interface TokenBody {
  token: {
    user: { name: string };
    project?: { id: string; name: string };
    roles?: { name: string }[];
  };
}

/** @throws AwayError or RefusedError */
export function signInByPassword(url: string, given: Password): Promise<Session> {
  const user = {
    name: given.user,
    domain: { name: given.userDomain },
    password: given.password,
  };
  const scope = { project: { name: given.project, domain: { name: given.projectDomain } } };
  const identity = { methods: ['password'], password: { user } };
  return sessionOf(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope } }),
  });
}

/** @throws AwayError or RefusedError */
export function signInByToken(url: string, token: string): Promise<Session> {
  // Characters that no header can have.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new RefusedError(401, 'This is no token.');
  return sessionOf(url, { headers: { 'X-Auth-Token': token, 'X-Subject-Token': token } });
}

async function sessionOf(url: string, init: RequestInit): Promise<Session> {
  const { status, headers, body } = await receive(addressOf(url), init);
  if (status === 401) throw new RefusedError(401, textOfAnswer(status, body));
  const { user, project, roles } = (body as TokenBody).token;
  const token = headers.get('x-subject-token');
  if (token === null) throw new RefusedError(status, 'Keystone gave no token.');
  if (project === undefined)
    throw new RefusedError(403, 'This token is for no project. Take one that is scoped to a project.');
  return {
    token,
    user: user.name,
    project: project.name,
    projectId: project.id,
    isAdmin: roles?.some(({ name }) => name === 'admin') ?? false,
  };
}
