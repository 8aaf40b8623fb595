import { useState } from 'preact/hooks';
import { type Session, signIn } from '../session.js';

/** One attempt to sign in at a time, and why the last one failed. */
export function useAttempt(): {
  isTrying: boolean;
  problem: string;
  attempt: (by: () => Promise<Session>) => (event: Event) => void;
} {
  const [isTrying, setTrying] = useState(false);
  const [problem, setProblem] = useState('');
  const run = async (by: () => Promise<Session>) => {
    setTrying(true);
    setProblem('');
    try {
      signIn(await by());
    } catch (error) {
      setProblem((error as Error).message);
      setTrying(false);
    }
  };
  return {
    isTrying,
    problem,
    attempt: (by) => (event) => {
      event.preventDefault();
      if (!isTrying) void run(by);
    },
  };
}
