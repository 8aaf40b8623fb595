import { CommandError, UnreachableError, UsageError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import { isRow } from './task-row.js';

/** The JSON of an answer; `null` when it has none. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return null;
  }
}

/** The text of an error, as Nova, Keystone or Nest writes it; `null` when there is none. */
export function messageOf(body: unknown): string | null {
  if (!isRow(body)) return null;
  const { message } = body;
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.join('; ');
  for (const inside of Object.values(body))
    if (isRow(inside) && typeof inside['message'] === 'string') return inside['message'];
  return null;
}

/** An answer that is no success, as the end of the command. */
export function refusalOf(status: number, who: string, url: string, message: string | null): CommandError {
  const said = `${who} answers ${status}${message === null ? '' : `: ${message}`}`;
  if (status >= 500 || status === 429 || status === 408) return new UnreachableError(said);
  if (status < 400) return new UnreachableError(`${said}. ${new URL(url).origin} sends to another address.`);
  if (status === 404 && message === null)
    return new UnreachableError(`${said}: there is no such API at ${url}.`);
  if (status === 404) return new CommandError(EXIT.notFound, said);
  if (status === 400) return new UsageError(said);
  const hint = status === 401 ? ' (is the token still valid?)' : '';
  return new CommandError(EXIT.refused, `${said}${hint}`);
}
