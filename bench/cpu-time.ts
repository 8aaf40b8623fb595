import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the CPU time of processes in hundredths of a second, whatever the machine (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** CPU time of a process so far, user and system, in seconds. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the name in brackets, may hold anything; the times are the 14th and the 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** CPU time of a process and of all that it started, in seconds: a server may have workers. */
export function cpuTimeOfTree(pid: number): number {
  return cpuTime(pid) + childrenOf(pid).reduce((sum, child) => sum + cpuTimeOfTree(child), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
