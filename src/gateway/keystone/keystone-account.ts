import type { Settings } from '../../config/settings.js';

/** The user by which this server talks to Keystone. */
export interface KeystoneAccount {
  /** Base URL of the API, without a trailing slash: `http://127.0.0.1:5000/v3`. */
  url: string;
  /** Body of the request for a token (keystone/auth/schema.py). It contains the secret: never log it. */
  auth: object;
  /** The account as text for the operator, without the secret. */
  description: string;
}

/** The account from the settings: an application credential if there is one, else a user with a password. */
export function readAccount(settings: Settings): KeystoneAccount {
  const url = versionedUrl(settings.OS_AUTH_URL);
  const { OS_APPLICATION_CREDENTIAL_ID: id, OS_APPLICATION_CREDENTIAL_SECRET: secret } = settings;
  if (id !== '') {
    const identity = { methods: ['application_credential'], application_credential: { id, secret } };
    return { url, auth: { auth: { identity } }, description: `the application credential ${id}` };
  }
  const { OS_USERNAME: name, OS_PASSWORD: password, OS_PROJECT_NAME: project } = settings;
  const user = { name, domain: { id: settings.OS_USER_DOMAIN_ID }, password };
  const scope = { project: { name: project, domain: { id: settings.OS_PROJECT_DOMAIN_ID } } };
  return {
    url,
    auth: { auth: { identity: { methods: ['password'], password: { user } }, scope } },
    description: `the user ${name} with the project ${project}`,
  };
}

/** Operators give the URL with or without its version. */
function versionedUrl(authUrl: string): string {
  return `${authUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3`;
}
