/** Where a request may be held, in the order in which it comes there. */
export const STEPS = [
  'before the row',
  'before the handler',
  'before the side effect',
  'after the side effect',
  'before the answer',
] as const;

/** Where an abandonment may be held, or a request that meets one. */
export const ABANDON_STEPS = [
  'before it is begun',
  'after it is begun',
  'before it is final',
  'after it is final',
  'before it is taken back',
  'after it is taken back',
  'before its request is refused',
] as const;

export type Step = (typeof STEPS)[number] | (typeof ABANDON_STEPS)[number];

/** What the host is told when it starts. */
export interface HostSettings {
  databaseUrl: string;
  /** The folder of side effects: a file for each task. */
  effects: string;
  pendingMs: number;
  /** Whether it finds out about tasks. */
  sweep: boolean;
  /**
   * How the host finds out about a task: not at all; by looking whether there is an effect; or by an effect of its own
   * that makes any later one impossible.
   */
  settle: 'none' | 'look' | 'prevent';
}

/** The same for the host that has jobs and messages. */
export interface CallsHostSettings extends HostSettings {
  redis: string;
  rabbitmq: string;
  /** Whether it holds what asks to be held: another process gets the same jobs and messages later. */
  holds: boolean;
  /** The name of RabbitMQ's queue, and the prefix of BullMQ's. */
  queue: string;
}

/** What the host tells. */
export type Told = { url: string } | { heldAt: Step };

/** What it is told. */
export interface GoOn {
  goOn: Step;
}
