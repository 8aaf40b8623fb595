/** What the exit code of the command says. docs/command.md has this table for users. */
export const EXIT = {
  /** It ended well. */
  well: 0,
  /** The task failed. */
  failed: 1,
  /** The command line, a file that it names or the configuration is wrong; or the server calls the question invalid. */
  usage: 2,
  /** There is no such task. */
  notFound: 3,
  /** At the end of the time, the task was still open. */
  open: 4,
  /** The server, or Keystone, could not be reached, or did not answer as such. */
  unreachable: 5,
  /** The server, or Keystone, refused. */
  refused: 6,
  /** A defect of this command. */
  defect: 70,
  /** As of a program that Ctrl-C has ended. */
  interrupted: 130,
  /** As of a program whose reader has gone, such as `head`. */
  noReader: 141,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
