/**
 * The lines of a history. All times are milliseconds of one monotonic clock, since the run began.
 *
 * What an exchange shows is what passed between the network and one replica, so it counts also when the network kept
 * it from the client.
 */
export type Entry = RunEntry | RequestEntry | ExchangeEntry | FaultEntry | EffectEntry;

/** How the run was started: with these it is repeated. */
export interface RunEntry {
  is: 'run';
  ground: string;
  seed: number;
  seconds: number;
  clients: number;
  plant: string | null;
}

/** A request that a client means to have carried out once, however often it is sent. */
export interface RequestEntry {
  is: 'request';
  /** Its name in the history. */
  request: string;
  tag: string;
  /** Nova's instance action, as tasks and the cloud call it. */
  action: string;
  /** Of a create, the name of the server; else the server's id. No other request has the same action and server. */
  server: string;
  /** What the cloud has to say of it, when it says anything. */
  expected: 'accepted' | 'rejected';
}

/** One request on the wire to one replica, and what came back. */
export interface ExchangeEntry {
  is: 'exchange';
  id: number;
  client: string;
  /** A request sent, or a question: by the tag in the path, in the query, or by a task's uuid. */
  kind: 'send' | 'tag' | 'query' | 'uuid';
  tag: string;
  /** Of a send. */
  request: string | null;
  /** Of a question by uuid. */
  task: string | null;
  replica: number;
  /** Just before it was sent, and when the whole answer was there or nothing more could come. */
  start: number;
  end: number;
  /** What the network did with it. */
  fate: string;
  /** `null`: no answer came, so it may have had any effect, also later. */
  status: number | null;
  /** Whether it was refused as a duplicate. */
  isRefusal: boolean;
  /** The tasks that the answer shows. */
  tasks: SeenTask[];
  /** The id of the server that the answer names. */
  server: string | null;
  /** Why, of an answer of 400 or more. */
  message: string | null;
  /** Whether it is of the reading after all was healed. */
  isFinal: boolean;
}

/** A task as an answer shows it. */
export interface SeenTask {
  uuid: string;
  task: string;
  state: string;
  accepted: boolean | null;
  resource: Record<string, string>;
  fault: { code: number; message: string } | null;
}

/** Something that was broken for a time. */
export interface FaultEntry {
  is: 'fault';
  what: string;
  start: number;
  end: number;
}

/** Something that was done, by the cloud's own data. */
export interface EffectEntry {
  is: 'effect';
  /** The cloud's own key of it. */
  id: string;
  action: string;
  server: string;
  name: string;
  /** The task that it was done for, where the cloud knows. */
  task: string | null;
  /** When the cloud had begun it for certain, so that it had been recorded before; `null`: the cloud does not tell. */
  begunBy: number | null;
}
