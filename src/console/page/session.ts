import { computed, signal } from '@preact/signals';

/** Who is signed in. */
export interface Session {
  token: string;
  /** Names for people. */
  user: string | null;
  project: string | null;
  projectId: string | null;
  isAdmin: boolean;
}

/** The browser keeps it for this tab, until that is closed. */
const PLACE = 'tasktag-console';

export const session = signal<Session | null>(stored());

/** Whether the server has refused the token that was in use, or the browser's own credentials. */
export const hasExpired = signal(false);

export const isAdmin = computed(() => session.value?.isAdmin ?? false);

export function signIn(to: Session): void {
  sessionStorage.setItem(PLACE, JSON.stringify(to));
  session.value = to;
  hasExpired.value = false;
}

export function signOut({ expired = false } = {}): void {
  sessionStorage.removeItem(PLACE);
  session.value = null;
  hasExpired.value = expired;
}

function stored(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}
