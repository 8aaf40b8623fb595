import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, MoreThan } from 'typeorm';
import { OperationEngine } from '../../../src/simulator/nova/servers/operations/operation-engine.js';
import { SimulatedOperation } from '../../../src/simulator/nova/servers/operations/operation.entity.js';
import type { TestApp } from './app.js';

/** `EMBEDDED_TASK_MS` of a cloud whose operations end when the test says so. */
export const AN_HOUR = '3600000';

/** Operations that the engine has just claimed are due within this time, in milliseconds. */
const CLAIMED_MS = 60_000;

/** The simulated cloud ends its operations, also those of an hour, for as long as the test waits for something. */
export async function ending<T>({ app }: TestApp, wait: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => (isOver = true);
  wait.then(over, over);
  const operations = app.get(DataSource).getRepository(SimulatedOperation);
  while (!isOver) {
    await operations.update({ dueAt: MoreThan(Date.now() + CLAIMED_MS) }, { dueAt: 1 });
    app.get(OperationEngine).wake(0);
    await pause(20);
  }
  return wait;
}
