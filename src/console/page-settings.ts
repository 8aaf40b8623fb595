/** How people sign in on the page. */
export type SignIn =
  /** With a password or a token, at a Keystone. `url` is that of its tokens, relative to the page. */
  | { by: 'keystone'; url: string; userHint: string | null; tokenHint: string }
  /** With a token, which is sent in a header. */
  | { by: 'token'; header: string; scheme: string | null }
  /** Not on the page: the browser has a cookie or sends its own credentials. */
  | { by: 'browser' };

/** What the page is told, by `settings.json`. Whoever gets the page may read it. */
export interface PageSettings {
  /** The list of tasks, as a URL relative to the page. */
  tasks: string;
  signIn: SignIn;
  /** Where actions are sent, likewise; `null` where there are none. */
  actions: string | null;
  /** Whether the page offers to abandon and to resolve. */
  offersDecisions: boolean;
  /** Whether administrators may ask for all projects. */
  hasAllProjects: boolean;
  /** Where people find a thing, by its kind: a URL with `{id}`. */
  links: Record<string, string>;
}
